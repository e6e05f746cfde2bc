#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "catalog/comparison.hpp"
#include "store/store.hpp"
#include "sync/feed_build.hpp"
#include "sync/plan.hpp"

namespace product_sync::sync {

/// The product that something is decided about.
struct Subject {
  std::string key;  ///< of its SKU
  std::string sku;
  std::string inventory_id;
  catalog::ProductKind kind = catalog::ProductKind::item;
  std::string parent = {};  ///< SKU of the variation parent
};

/// What becomes of the products of one run: a row where Rithum has to be told something, a state in the ledger, or
/// nothing. A dry run counts and plans, and leaves everything as it is. Not thread-safe.
class Settlement {
 public:
  Settlement(const FeedPlan& plan, const PlanSink& sink, store::Store& store, store::ActiveRun& active,
             store::RunCounts& counts, Clock& clock);

  using Known = std::map<std::string, store::Known>;
  /// What is known of products before this run's own states are recorded; rows of its feed count.
  Result<Known> known(std::span<const std::string> keys);

  /// Should be sent as it is; `read_at` is a moment before its item was read. `before` may be null.
  Result<void> send(const catalog::Product& product, Instant read_at, const store::Known* before);
  void park(const Subject& subject, const std::vector<catalog::Reason>& reasons, const store::Known* before);
  void leave_out(const Subject& subject, const catalog::Reason& reason, const store::Known* before);
  /// The row of the SKU, if this run has made one, is not sent.
  Result<void> take_back(const std::string& key) { return feed_.take_back(key); }

  /// Records the states and stages the rows since the last call.
  Result<void> flush();

  /// Seals the feed, or, without any row, does what is consumed by itself.
  Result<std::optional<FeedBuild::Sealed>> finish(const store::Consumed& consumed);

 private:
  [[nodiscard]] bool dry_run() const { return active_.run().what.dry_run; }
  void unchanged(const catalog::Product& product, const store::Known& before);
  void note(store::StateChange change, const store::Known* before);
  void plan(const Subject& subject, PlannedState state, std::vector<catalog::Change> changes,
            const std::vector<catalog::Reason>& reasons) const;
  Result<void> write(const catalog::Product& product, std::string hash, catalog::Difference& difference,
                     Instant read_at);
  [[nodiscard]] std::optional<catalog::Reason> remark(const catalog::Product& product,
                                                      const catalog::Difference& difference) const;

  const FeedPlan& plan_;
  const PlanSink& sink_;
  store::Store& store_;
  store::ActiveRun& active_;
  store::RunCounts& counts_;
  Clock& clock_;
  FeedBuild feed_;
  std::vector<store::StateChange> changes_;
};

/// The ledger's key of an item, also where its inventory ID is no valid SKU.
[[nodiscard]] std::string key_of(std::string_view inventory_id);

}  // namespace product_sync::sync
