#pragma once

#include <memory>
#include <string_view>

#include "base/clock.hpp"
#include "store/runs.hpp"
#include "sync/event_bus.hpp"

namespace product_sync::sync {

/// A run that also tells the bus how it gets on: that it has begun, its progress a few times a second at most, and how
/// it ended.
class WatchedRun final : public store::ActiveRun {
 public:
  WatchedRun(std::unique_ptr<store::ActiveRun> run, EventBus& events, Clock& clock);
  ~WatchedRun() override;

  [[nodiscard]] const store::Run& run() const override { return run_->run(); }
  Result<void> progress(const store::RunCounts& counts) override;
  Result<bool> cancel_requested() override { return run_->cancel_requested(); }
  Result<void> finish(store::RunState state, const store::RunCounts& counts, std::string_view file_name,
                      const Error* error) override;

 private:
  std::unique_ptr<store::ActiveRun> run_;
  EventBus& events_;
  Clock& clock_;
  Monotonic next_;  // progress is told of from then on
  bool ended_ = false;
};

/// Claims a run that `events` hears of; null: nobody watches. Errors as Runs::begin.
Result<std::unique_ptr<store::ActiveRun>> begin_watched(store::NewRun what, store::Runs& runs, EventBus* events,
                                                        Clock& clock);

}  // namespace product_sync::sync
