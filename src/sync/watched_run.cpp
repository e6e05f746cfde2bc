#include "sync/watched_run.hpp"

#include <utility>

namespace product_sync::sync {
namespace {

constexpr std::chrono::milliseconds kProgressPause{250};

}  // namespace

WatchedRun::WatchedRun(std::unique_ptr<store::ActiveRun> run, EventBus& events, Clock& clock)
    : run_(std::move(run)), events_(events), clock_(clock), next_(clock.monotonic()) {
  events_.publish(RunEvent{RunEvent::Step::started, run_->run()});
}

WatchedRun::~WatchedRun() {
  if (ended_) return;
  auto run = run_->run();
  run.state = store::RunState::interrupted;
  run_.reset();  // records it
  events_.publish(RunEvent{RunEvent::Step::ended, std::move(run)});
}

Result<void> WatchedRun::progress(const store::RunCounts& counts) {
  if (auto told = run_->progress(counts); !told) return told;
  if (const auto now = clock_.monotonic(); now >= next_) {
    next_ = now + kProgressPause;
    auto run = run_->run();
    run.counts = counts;
    events_.publish(RunEvent{RunEvent::Step::progress, std::move(run)});
  }
  return {};
}

Result<void> WatchedRun::finish(store::RunState state, const store::RunCounts& counts, std::string_view file_name,
                                const Error* error) {
  auto recorded = run_->finish(state, counts, file_name, error);
  ended_ = true;
  auto run = run_->run();
  run.state = state;
  run.counts = counts;
  run.file_name = file_name;
  run.finished = clock_.now();
  if (error != nullptr) {
    run.error_code = error->code;
    run.error = error->text();
  }
  events_.publish(RunEvent{RunEvent::Step::ended, std::move(run)});
  return recorded;
}

Result<std::unique_ptr<store::ActiveRun>> begin_watched(store::NewRun what, store::Runs& runs, EventBus* events,
                                                        Clock& clock) {
  auto active = runs.begin(std::move(what));
  if (!active || events == nullptr) return active;
  return std::make_unique<WatchedRun>(std::move(*active), *events, clock);
}

}  // namespace product_sync::sync
