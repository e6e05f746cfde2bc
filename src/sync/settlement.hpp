#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "catalog/comparison.hpp"
#include "store/store.hpp"
#include "sync/feed_build.hpp"
#include "sync/outcomes.hpp"
#include "sync/plan.hpp"
#include "sync/subject.hpp"
#include "sync/withdrawals.hpp"

namespace product_sync::sync {

/// What becomes of the products of one run: a row where Rithum has to be told something, a state in the ledger, or
/// nothing. A dry run counts and plans, and leaves everything as it is. Not thread-safe.
class Settlement final : public Outcomes {
 public:
  Settlement(const FeedPlan& plan, const PlanSink& sink, store::Store& store, store::ActiveRun& active,
             store::RunCounts& counts, Clock& clock);

  Result<Known> known(std::span<const std::string> keys) override;
  Result<void> send(const catalog::Product& product, Instant read_at, std::string_view source_hash,
                    const store::Known* before) override;
  void park(const Subject& subject, const std::vector<catalog::Reason>& reasons, const store::Known* before) override;
  /// What Rithum was told of is withdrawn when the run ends, where the site's rules say how.
  Result<void> leave_out(const Subject& subject, const catalog::NotExported& why, Instant read_at,
                         const store::Known* before) override;
  /// An item that comes out as the ledger has it already; see SourceCheck.
  void stays(const store::Known& before);
  /// What this run has decided about the SKU so far is not done: neither a row nor a withdrawal.
  Result<void> take_back(const std::string& key);

  /// Records the states and stages the rows since the last call.
  Result<void> flush() override;

  struct Outcome {
    std::optional<FeedBuild::Sealed> feed;
    std::optional<store::WithdrawalPlan> held;  ///< withdrawals that wait for an operator
  };
  /// Withdraws what may be withdrawn and seals the feed, or, without any row, does what is consumed by itself. A run that
  /// `read_everything` knows all withdrawals there are: plans that others hold are forgotten.
  Result<Outcome> finish(const store::Consumed& consumed, bool read_everything);

 private:
  [[nodiscard]] bool dry_run() const { return active_.run().what.dry_run; }
  void unchanged(const catalog::Product& product, std::string_view source_hash, const store::Known& before);
  [[nodiscard]] bool is_asked_for() const { return active_.run().what.type == store::RunType::push; }
  void stays_withdrawn(const Subject& subject, const catalog::Reason& reason, const store::Known& before);
  Result<std::optional<store::WithdrawalPlan>> withdraw_all(bool read_everything);
  Result<void> withdraw(const Draft& product);
  void note(store::StateChange change, const store::Known* before);
  void plan(const Subject& subject, PlannedState state, std::vector<catalog::Change> changes,
            const std::vector<catalog::Reason>& reasons) const;
  Result<void> write(const catalog::Product& product, catalog::Difference& difference, bool whole,
                     store::StagedRow staged);
  [[nodiscard]] std::optional<catalog::Reason> remark(const catalog::Product& product,
                                                      const catalog::Difference& difference) const;

  const FeedPlan& plan_;
  const PlanSink& sink_;
  store::Store& store_;
  store::ActiveRun& active_;
  store::RunCounts& counts_;
  Clock& clock_;
  FeedBuild feed_;
  Withdrawals withdrawals_;
  std::vector<store::StateChange> changes_;
  std::vector<std::string> unchanged_;  ///< keys; of a run that reads single items
  std::vector<store::SourceNote> sources_;
};

}  // namespace product_sync::sync
