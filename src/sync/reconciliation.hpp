#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "rithum/product_export.hpp"
#include "rithum/product_reader.hpp"
#include "store/store.hpp"
#include "sync/delivery.hpp"
#include "sync/event_bus.hpp"
#include "sync/feed_build.hpp"
#include "sync/repair.hpp"

namespace product_sync::sync {

/// What somebody asks for.
struct ReconcileRequest {
  std::string trigger{};                ///< who asks: `cli`, `api`
  bool repair = false;                  ///< otherwise the report says what a repair would send
  std::optional<std::uint64_t> most{};  ///< products that a repair sends; absent: as configured
};

/// Compares all that Rithum holds of a site with what the ledger says it was told, reports each difference, and sends
/// again what the policy says. Only complete readings count: one that broke off reports and repairs nothing. Memory is
/// a page of products, whatever their number. Thread-safe; one runs at a time, also between processes.
class Reconciliation {
 public:
  struct Options {
    std::string site;
    std::chrono::seconds overdue_after;  ///< until then a product without proof is on its way
    std::size_t filtered_reads_up_to;    ///< products of the profile that are read page by page; more by an export
    RepairPolicy policy;
    std::uint64_t most;  ///< products that a repair sends, unless asked otherwise
  };

  /// `events` hears how each run gets on; null: nobody watches.
  Reconciliation(Options options, FeedPlan plan, rithum::ProductReader& reader, rithum::ProductExport& exporter,
                 Delivery& delivery, store::Store& store, Clock& clock, Logger& log, EventBus* events = nullptr);

  [[nodiscard]] const std::string& site() const { return options_.site; }

  /// Claims the run. `run.conflict` while another one is alive.
  Result<std::unique_ptr<store::ActiveRun>> begin(const ReconcileRequest& request);

  /// Carries a begun run to its end, and records and returns how it ended: `partial` where products are left that are
  /// missing or different. Its counts: `read` products that Rithum has, `eligible` that the site owns, `unchanged` that
  /// are as told, `rows` that were sent again.
  store::Run execute(store::ActiveRun& active, const ReconcileRequest& request, std::stop_token stop);

 private:
  struct Outcome;
  Result<void> work(store::ActiveRun& active, const ReconcileRequest& request, Outcome& outcome, std::stop_token stop);
  store::Run finish(store::ActiveRun& active, const Outcome& outcome, const Result<void>& done);

  const Options options_;
  const FeedPlan plan_;
  rithum::ProductReader& reader_;
  rithum::ProductExport& exporter_;
  Delivery& delivery_;
  store::Store& store_;
  Clock& clock_;
  Logger& log_;
  EventBus* const events_;
};

}  // namespace product_sync::sync
