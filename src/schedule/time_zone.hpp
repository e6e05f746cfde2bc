#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"
#include "schedule/cron_expression.hpp"

namespace date {
class time_zone;
}

namespace product_sync::schedule {

/// A zone of the system's time zone database (package tzdata), such as `Europe/Berlin`. What is constructed without one is
/// UTC, which needs no database. Cheap to copy; thread-safe. A newer database counts from the next start of the program.
class TimeZone {
 public:
  TimeZone() = default;
  /// Error codes `schedule.unknown_zone`, with a name that is near if there is one, and `schedule.no_zones` when the machine
  /// has no database.
  [[nodiscard]] static Result<TimeZone> find(std::string_view name);

  [[nodiscard]] const std::string& name() const { return name_; }

  /// A time during which the zone's clocks ran evenly.
  struct Period {
    std::chrono::sys_seconds end;
    std::chrono::seconds offset;  ///< of local time, east of UTC
  };
  [[nodiscard]] Period period(Instant at) const;

  /// What its clocks show, to the minute.
  [[nodiscard]] LocalMinute local(Instant at) const;
  /// When they show it: the first time, if twice; when the gap ends, if never.
  [[nodiscard]] Instant first_instant(LocalMinute local) const;

  /// `2026-11-24T02:30:00+01:00`
  [[nodiscard]] std::string format(Instant at) const;

  friend bool operator==(const TimeZone& a, const TimeZone& b) { return a.zone_ == b.zone_; }

 private:
  const date::time_zone* zone_ = nullptr;
  std::string name_ = "UTC";
};

}  // namespace product_sync::schedule
