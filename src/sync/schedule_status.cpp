#include "sync/schedule_status.hpp"

#include "store/states.hpp"

namespace product_sync::sync {

std::string_view ScheduleStatus::outcome() const {
  if (!state.start) return {};
  if (run) return to_text(run->state);
  if (!state.start->run_id.empty()) return "forgotten";
  if (!state.start->ended) return to_text(store::RunState::running);
  return to_text(state.start->error.empty() ? store::RunState::succeeded : store::RunState::failed);
}

std::string_view ScheduleStatus::error() const {
  if (run) return run->error;
  return state.start ? std::string_view(state.start->error) : std::string_view{};
}

Result<ScheduleStatus> status_of(const SiteSchedule& schedule, store::Store& store, Instant now) {
  auto state = store.schedules().get(schedule.site, schedule.name);
  if (!state) return tl::unexpected(std::move(state.error()));
  ScheduleStatus status{schedule, state->active.value_or(schedule.active), std::move(*state), {}, {}};
  if (status.state.start && !status.state.start->run_id.empty()) {
    auto run = store.runs().find(status.state.start->run_id);
    if (!run) return tl::unexpected(std::move(run.error()));
    status.run = std::move(*run);
  }
  if (!status.active) return status;
  const bool known = status.state.handled && status.state.rule == schedule.rule();
  const auto verdict =
      decide(schedule.timing, schedule.identity(), known ? *status.state.handled : now, now);
  const bool waits = verdict.action == schedule::Verdict::Action::wait;
  if (verdict.at != Instant::max()) status.next = waits ? verdict.at : now;
  return status;
}

}  // namespace product_sync::sync
