#include "sync/scheduler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace product_sync::sync {
namespace {

using schedule::Verdict;

constexpr std::string_view kLease = "scheduler";
/// A clock that was wrong by more begins anew when it is set right; one that was wrong by less repeats nothing.
constexpr std::chrono::hours kFarAhead{24};
constexpr std::chrono::minutes kJump{1};

std::string late_by(Instant at, Instant now) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(now - at).count();
  if (minutes < 120) return fmt::format("{} minutes", minutes);
  return fmt::format("{} hours", minutes / 60);
}

}  // namespace

Scheduler::Scheduler(std::vector<SiteSchedule> schedules, TaskStarter& tasks, store::Store& store, Clock& clock,
                     Logger& log, EventBus* events, SchedulerOptions options)
    : schedules_(std::move(schedules)),
      tasks_(tasks),
      store_(store),
      clock_(clock),
      log_(log),
      events_(events),
      options_(options) {}

const SiteSchedule* Scheduler::find(std::string_view site, std::string_view name) const {
  const auto found =
      std::ranges::find_if(schedules_, [&](const auto& one) { return one.site == site && one.name == name; });
  return found == schedules_.end() ? nullptr : &*found;
}

Result<Monotonic> Scheduler::round() {
  const auto now = clock_.now();
  const auto begun = clock_.monotonic();
  watch_the_clock(now);
  const auto leading = leads();
  if (!leading) return tl::unexpected(leading.error());
  if (!*leading) return begun + options_.longest_wait;

  auto again = now + options_.longest_wait;
  for (const auto& schedule : schedules_) {
    const auto next = look(schedule, now);
    if (next) {
      again = std::min<Instant>(again, *next);
    } else {
      log_.error("schedule.failed", next.error().text(),
                 {{"site", schedule.site}, {"schedule", schedule.name}, {"code", next.error().code}});
    }
  }
  return begun + std::chrono::duration_cast<Monotonic::duration>(again - now);
}

/// Whether this process starts what is due: one of those that serve the same store does.
Result<bool> Scheduler::leads() {
  if (lease_) return true;
  auto lease = store_.try_lease(kLease);
  if (!lease) return tl::unexpected(std::move(lease.error()));
  if (!*lease) return false;
  if (auto buried = bury_dead(); !buried) return tl::unexpected(std::move(buried.error()));
  lease_ = std::move(*lease);
  return true;
}

/// Tasks without a run that were under way when their process died.
Result<void> Scheduler::bury_dead() {
  for (const auto& one : schedules_) {
    const auto state = store_.schedules().get(one.site, one.name);
    if (!state) return tl::unexpected(state.error());
    const auto& start = state->start;
    if (!start || !start->run_id.empty() || start->ended) continue;
    auto ended = store_.schedules().ended(one.site, one.name, start->at, clock_.now(), "its process ended before it did");
    if (!ended) return ended;
  }
  return {};
}

void Scheduler::watch_the_clock(Instant now) {
  const auto monotonic = clock_.monotonic();
  if (last_look_) {
    const auto jump = (now - last_look_->now) - (monotonic - last_look_->monotonic);
    if (jump > kJump || jump < -kJump) {
      log_.warning("schedule.clock_set", "The clock of this machine was set; schedules follow it.",
                   {{"by_s", std::chrono::duration_cast<std::chrono::seconds>(jump).count()}});
    }
  }
  last_look_ = {now, monotonic};
}

Result<Instant> Scheduler::look(const SiteSchedule& one, Instant now) {
  const auto from = handled_until(one, now);
  if (!from) return from;
  for (auto handled = *from; handled != Instant::max();) {
    const auto verdict = decide(one.timing, one.identity(), handled, now);
    if (verdict.action == Verdict::Action::wait) return verdict.at;
    if (auto acted = act(one, verdict); !acted) return tl::unexpected(std::move(acted.error()));
    handled = verdict.occurrence;
  }
  return Instant::max();
}

/// Where to look from; Instant::max() for a schedule that is off.
Result<Instant> Scheduler::handled_until(const SiteSchedule& one, Instant now) {
  auto& states = store_.schedules();
  const auto state = states.get(one.site, one.name);
  if (!state) return tl::unexpected(state.error());
  if (!state->active.value_or(one.active)) {
    // Switched on again it begins then, and catches up on nothing.
    if (state->handled) {
      if (auto done = states.handled(one.site, one.name, state->rule, std::nullopt); !done) return tl::unexpected(done.error());
    }
    return Instant::max();
  }
  if (state->handled && state->rule == one.rule() && *state->handled <= now + kFarAhead) return *state->handled;
  if (auto done = states.handled(one.site, one.name, one.rule(), now); !done) return tl::unexpected(done.error());
  return now;
}

Result<void> Scheduler::act(const SiteSchedule& one, const Verdict& verdict) {
  switch (verdict.action) {
    case Verdict::Action::wait:
      return {};
    case Verdict::Action::skip_blackout:
      return skip(one, verdict.occurrence, "schedule.blackout", "It fell into the blackout.");
    case Verdict::Action::skip_missed:
      return skip(one, verdict.occurrence, "schedule.missed",
                  fmt::format("It was missed by {}: Product Sync did not run, or the clock was set.",
                              late_by(verdict.at, clock_.now())));
    case Verdict::Action::start:
      break;
  }
  // What could not begin is recorded; what came while the process ends is missed, and seen at the next start.
  const auto begun = begin(one, verdict.occurrence);
  if (begun || begun.error().code != "run.conflict") return {};
  return skip(one, verdict.occurrence, "schedule.running", begun.error().message);
}

Result<std::string> Scheduler::run_now(const SiteSchedule& one) { return begin(one, std::nullopt); }

Result<std::string> Scheduler::begin(const SiteSchedule& one, std::optional<Instant> occurrence) {
  const std::lock_guard lock(starting_);
  const auto at = clock_.now();
  auto run = tasks_.start(one.site, one.task, "schedule " + one.name, [this, &one, at](const Error* error) {
    const std::lock_guard behind_its_start(starting_);
    const auto recorded =
        store_.schedules().ended(one.site, one.name, at, clock_.now(), error != nullptr ? error->text() : "");
    if (error != nullptr) {
      log_.error("schedule.task_failed", error->text(),
                 {{"site", one.site}, {"schedule", one.name}, {"code", error->code}});
    }
    if (!recorded) log_.error("schedule.failed", recorded.error().text(), {{"site", one.site}, {"schedule", one.name}});
  });
  if (!run && (run.error().code == "run.conflict" || run.error().code == "sync.stopping")) return run;

  store::ScheduleStart start{occurrence, at, run.value_or(""), std::nullopt, {}};
  if (run) {
    log_.info("schedule.started", "A schedule has started its task.",
              {{"site", one.site}, {"schedule", one.name}, {"run", *run}});
  } else {
    start.ended = at;
    start.error = run.error().text();
    log_.error("schedule.task_failed", run.error().text(),
               {{"site", one.site}, {"schedule", one.name}, {"code", run.error().code}});
  }
  if (events_ != nullptr) events_->publish(ScheduleEvent{one.site, one.name, occurrence, start.run_id, start.error, ""});
  if (const auto recorded = store_.schedules().started(one.site, one.name, start); !recorded) {
    log_.error("schedule.failed", recorded.error().text(), {{"site", one.site}, {"schedule", one.name}});
  }
  return run;
}

Result<void> Scheduler::skip(const SiteSchedule& one, Instant occurrence, std::string_view code, std::string reason) {
  log_.warning("schedule.skipped", reason,
               {{"site", one.site}, {"schedule", one.name}, {"occurrence", one.timing.zone.format(occurrence)}, {"code", code}});
  if (events_ != nullptr) events_->publish(ScheduleEvent{one.site, one.name, occurrence, "", "", std::string(code)});
  return store_.schedules().skipped(one.site, one.name, {occurrence, std::string(code), std::move(reason)});
}

}  // namespace product_sync::sync
