#pragma once

#include <chrono>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "schedule/blackout.hpp"
#include "schedule/cron_expression.hpp"
#include "schedule/time_zone.hpp"

namespace product_sync::schedule {

/// What becomes of an occurrence whose time lies in a blackout.
enum class InBlackout { postpone, skip };
/// What becomes of an occurrence whose time passed while nobody looked.
enum class WhenMissed { run_once, skip };

/// When something is to be done.
struct Timing {
  CronExpression cron{};
  TimeZone zone{};
  std::chrono::seconds jitter{0};
  Blackout blackout{};
  InBlackout in_blackout = InBlackout::postpone;
  WhenMissed when_missed = WhenMissed::run_once;
  std::chrono::minutes longest_lateness{12 * 60};  ///< with which a missed occurrence still runs
};

/// What a schedule asks for at one moment.
struct Verdict {
  enum class Action {
    wait,  ///< nothing until `at`
    start,
    skip_blackout,
    skip_missed,
  };
  Action action = Action::wait;
  Instant occurrence;  ///< by the expression alone; while waiting the next one
  Instant at;          ///< with jitter and blackout. Instant::max(): never
};

/// A delay of the program's own, which is not a missed occurrence.
inline constexpr std::chrono::minutes kOnTime{1};

/// The verdict at `now`, when everything up to `handled` is done with. Of several occurrences that are due, after downtime or
/// behind a blackout, the latest stands for all; nothing starts in a blackout. After a start or a skip, `occurrence` is
/// handled, and the question is to be asked again. `identity` names the schedule among all sites'.
[[nodiscard]] Verdict decide(const Timing& timing, std::string_view identity, Instant handled, Instant now);

/// The next `count` starts behind `after`, as if nothing else came between.
[[nodiscard]] std::vector<Instant> upcoming(const Timing& timing, std::string_view identity, Instant after, std::size_t count);

}  // namespace product_sync::schedule
