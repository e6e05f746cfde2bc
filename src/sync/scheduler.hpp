#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/store.hpp"
#include "sync/event_bus.hpp"
#include "sync/site_schedule.hpp"

namespace product_sync::sync {

/// Begins what schedules ask for.
class TaskStarter {
 public:
  virtual ~TaskStarter() = default;

  /// How a task without a run ended; null: well. Called once, on the task's own thread.
  using Ended = std::function<void(const Error* error)>;

  /// Begins the task and returns at once, with the id of its run; empty for a task without one, which calls `ended`.
  /// `run.conflict` while the site is at it already, `sync.stopping` while the process ends.
  virtual Result<std::string> start(const std::string& site, schedule::Task task, const std::string& trigger,
                                    Ended ended) = 0;
};

struct SchedulerOptions {
  std::chrono::seconds longest_wait{30};  ///< after which another process' switches, and a clock that was set, are seen
};

/// Starts what the sites' schedules ask for, in the one process that holds the lease for it. An occurrence that finds its
/// task under way is skipped, and so are those that are missed by too much; either is recorded. Schedules are independent:
/// one that fails delays no other. Thread-safe.
class Scheduler {
 public:
  /// `events` hears what is started and skipped; null: nobody watches.
  Scheduler(std::vector<SiteSchedule> schedules, TaskStarter& tasks, store::Store& store, Clock& clock, Logger& log,
            EventBus* events = nullptr, SchedulerOptions options = {});

  /// Starts what is due; returns when to look again. A round of a Loop.
  Result<Monotonic> round();

  [[nodiscard]] const std::vector<SiteSchedule>& schedules() const { return schedules_; }
  /// Null when there is none.
  [[nodiscard]] const SiteSchedule* find(std::string_view site, std::string_view name) const;

  /// Starts its task because somebody asks, on or off. Returns the id of the run, or nothing. Errors as TaskStarter::start.
  Result<std::string> run_now(const SiteSchedule& schedule);

 private:
  /// What one site's schedule does now; returns when to look again.
  Result<Instant> look(const SiteSchedule& schedule, Instant now);
  Result<Instant> handled_until(const SiteSchedule& schedule, Instant now);
  Result<void> act(const SiteSchedule& schedule, const schedule::Verdict& verdict);
  Result<std::string> begin(const SiteSchedule& schedule, std::optional<Instant> occurrence);
  Result<void> skip(const SiteSchedule& schedule, Instant occurrence, std::string_view code, std::string reason);
  Result<bool> leads();
  Result<void> bury_dead();
  void watch_the_clock(Instant now);

  const std::vector<SiteSchedule> schedules_;
  TaskStarter& tasks_;
  store::Store& store_;
  Clock& clock_;
  Logger& log_;
  EventBus* const events_;
  const SchedulerOptions options_;

  std::mutex starting_;  // no task's end is recorded before its start
  std::unique_ptr<store::Lease> lease_;  // used by round() alone, like what follows
  struct Look {
    Instant now;
    Monotonic monotonic;
  };
  std::optional<Look> last_look_;
};

}  // namespace product_sync::sync
