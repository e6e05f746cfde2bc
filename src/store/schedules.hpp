#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace product_sync::store {

/// The last time that a schedule started its task.
struct ScheduleStart {
  std::optional<Instant> occurrence;  ///< absent: somebody asked for it
  Instant at;
  std::string run_id;            ///< empty: the task makes no run, or it could not begin
  std::optional<Instant> ended;  ///< of a task without a run, which says itself how it ended
  std::string error;             ///< why it failed; empty: it did not
};

/// The last occurrence that was left out.
struct ScheduleSkip {
  Instant occurrence;
  std::string code;    ///< `schedule.running`, `schedule.missed`, `schedule.blackout`
  std::string reason;  ///< for people
};

/// What is remembered of one schedule of a site.
struct ScheduleState {
  std::string name;
  std::optional<bool> active;  ///< an operator's switch; absent: as the configuration says
  std::string rule;            ///< expression and zone that `handled` belongs to
  std::optional<Instant> handled;  ///< every occurrence up to here is done with; absent: none is looked for
  std::optional<ScheduleStart> start;
  std::optional<ScheduleSkip> skip;
};

/// The state of schedules, by site and name. Thread-safe. What was never written is a schedule's state all the same.
class Schedules {
 public:
  virtual ~Schedules() = default;

  virtual Result<ScheduleState> get(std::string_view site, std::string_view name) = 0;

  virtual Result<void> switch_to(std::string_view site, std::string_view name, std::optional<bool> active) = 0;
  virtual Result<void> handled(std::string_view site, std::string_view name, std::string_view rule,
                               std::optional<Instant> until) = 0;
  /// An occurrence is handled from then on; one that somebody asked for changes nothing about that.
  virtual Result<void> started(std::string_view site, std::string_view name, const ScheduleStart& start) = 0;
  /// Of the start at `at`; another one since makes it nothing.
  virtual Result<void> ended(std::string_view site, std::string_view name, Instant at, Instant ended,
                             std::string_view error) = 0;
  /// The occurrence is handled from then on.
  virtual Result<void> skipped(std::string_view site, std::string_view name, const ScheduleSkip& skip) = 0;
};

}  // namespace product_sync::store
