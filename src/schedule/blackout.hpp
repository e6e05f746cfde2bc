#pragma once

#include <bitset>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "schedule/time_zone.hpp"

namespace product_sync::schedule {

/// Hours of some days of the week, by the clocks on the wall.
struct BlackoutWindow {
  std::string text;           ///< as it was written
  std::bitset<7> weekdays;    ///< on which it begins, from Sunday
  std::chrono::minutes from;  ///< since midnight
  std::chrono::minutes to;    ///< the same day's, or the next day's when it is not behind `from`

  /// `08:00-18:00`, `MON-FRI 08:00-18:00`, `SAT,SUN 00:00-24:00`. Error code `schedule.bad_blackout`.
  [[nodiscard]] static Result<BlackoutWindow> parse(std::string_view text);
};

/// The hours in which nothing starts.
class Blackout {
 public:
  Blackout() = default;
  /// `schedule.bad_blackout` when the windows leave no minute of the week.
  [[nodiscard]] static Result<Blackout> of(std::vector<BlackoutWindow> windows);

  [[nodiscard]] const std::vector<BlackoutWindow>& windows() const { return windows_; }
  /// When the blackout ends in which `at` lies; absent when it lies in none.
  [[nodiscard]] std::optional<Instant> end(const TimeZone& zone, Instant at) const;

 private:
  [[nodiscard]] std::optional<LocalMinute> window_end(LocalMinute local) const;

  std::vector<BlackoutWindow> windows_;
};

}  // namespace product_sync::schedule
