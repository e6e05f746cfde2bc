#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/store.hpp"
#include "sync/coalescer.hpp"
#include "sync/delivery.hpp"
#include "sync/event_bus.hpp"
#include "sync/pipeline.hpp"

namespace product_sync::sync {

/// What somebody asks for: `full`, `delta` or `custom`; `custom` needs `from`, or `inventory_ids`.
struct SyncRequest {
  store::RunType type = store::RunType::delta;
  std::string trigger{};  ///< who asks: `cli`, `api`
  std::optional<Instant> from{};
  std::optional<Instant> to{};
  std::vector<std::string> inventory_ids{};  ///< of a custom sync, instead of a range
  bool dry_run = false;
  PlanSink plan{};  ///< may be empty
};

/// The runs of one site: selection -> pipeline -> delivery -> watermark, with a record of each. Thread-safe; runs of
/// different types may overlap.
class SiteSync {
 public:
  /// `events` hears how each run gets on; null: nobody watches.
  SiteSync(std::string site, std::chrono::minutes overlap, Pipeline& pipeline, Delivery& delivery, store::Store& store,
           Clock& clock, Logger& log, EventBus* events = nullptr);

  [[nodiscard]] const std::string& site() const { return site_; }

  /// Claims the run. `run.conflict` while another of its type is alive; `sync.bad_range` for a custom sync without
  /// range.
  Result<std::unique_ptr<store::ActiveRun>> begin(const SyncRequest& request);

  /// Carries a begun run to its end, and records and returns how it ended. Delivers what earlier runs could not, also
  /// where it has no row of its own. Never throws its errors away: they are in the run.
  store::Run execute(store::ActiveRun& active, const SyncRequest& request, std::stop_token stop);

  /// The run of a burst of notifications. On a failure before its changes are durable in the outbox, its notifications
  /// stay pending in the inbox.
  Result<store::Run> push(const Burst& burst, std::stop_token stop);

  /// The run of the items on the retry list that are due; nothing when none is.
  Result<std::optional<store::Run>> retry_due(std::stop_token stop);

  /// The run of the oldest plan of withdrawals that an operator has confirmed; nothing when there is none. Each of its items
  /// is read again first: one that is exported after all stays.
  Result<std::optional<store::Run>> withdraw_confirmed(std::stop_token stop);

 private:
  /// How the passes of a run went; what remains is to record it.
  struct Passes;

  Result<std::unique_ptr<store::ActiveRun>> claim(store::NewRun what);
  Result<void> select_passes(const SyncRequest& request, const store::Run& run, std::vector<PipelineRequest>& passes);
  Result<void> tell_of_new_mapping(const store::Run& run);
  Result<void> pass(PipelineRequest request, store::ActiveRun& active, Passes& passes, std::stop_token stop);
  Result<void> read_burst(const Burst& burst, store::ActiveRun& active, Passes& passes, std::stop_token stop);
  Result<void> read_flood(const Burst& burst, store::ActiveRun& active, Passes& passes, std::stop_token stop);
  Result<void> deliver(const Passes& passes, std::stop_token stop);
  Result<void> deliver_waiting(const Passes& passes, std::stop_token stop);
  Result<PipelineRequest> withdrawal_request(const std::string& plan);
  [[nodiscard]] Error tell_held(const store::WithdrawalPlan& plan, const store::Run& run) const;
  store::Run finish(store::ActiveRun& active, const Passes& passes, const Result<void>& outcome);
  Result<PipelineRequest> retry_request(std::size_t limit);

  const std::string site_;
  const std::chrono::minutes overlap_;
  Pipeline& pipeline_;
  Delivery& delivery_;
  store::Store& store_;
  Clock& clock_;
  Logger& log_;
  EventBus* const events_;
};

}  // namespace product_sync::sync
