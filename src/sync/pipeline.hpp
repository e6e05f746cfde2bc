#pragma once

#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "acumatica/item_source.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/store.hpp"
#include "sync/feed_build.hpp"
#include "sync/settlement.hpp"

namespace product_sync::sync {

/// One pass through the pipeline.
struct PipelineRequest {
  acumatica::Selection selection;
  store::Consumed consumed;                  ///< done in the commit that makes the outcome durable
  std::map<std::string, int> failed_before;  ///< attempts so far of items that come from the retry list
  PlanSink plan;                             ///< may be empty
  std::set<std::string>* awaited = nullptr;  ///< when set, loses each inventory ID that was read
};

struct PipelineOutcome {
  std::optional<store::FileId> last_file;  ///< absent: no difference, no file
  std::string file_names;                  ///< separated by blanks
  std::optional<store::WithdrawalPlan> held;  ///< withdrawals that wait for an operator
};

/// From a selection of items to sealed feed files in the outbox: read, judge, compare with the ledger, write rows. The
/// one implementation behind full, delta, custom and push. Items that stand alone are settled page by page; those of
/// families and bundles when all that they depend on has been read (Assembly). Memory: one page of items, one family.
/// Thread-safe; runs may overlap.
class Pipeline {
 public:
  Pipeline(FeedPlan plan, acumatica::ItemSource& source, store::Store& store, Clock& clock, Logger& log);

  /// `counts` is raised as items pass. On an error nothing was consumed and no file is left: the run may be repeated. A
  /// dry run (active.run().what.dry_run) reads and plans and writes nothing.
  Result<PipelineOutcome> run(const PipelineRequest& request, store::ActiveRun& active, store::RunCounts& counts,
                              std::stop_token stop);

  /// The configuration that runs follow.
  [[nodiscard]] store::AppliedMapping mapping() const;

 private:
  FeedPlan plan_;
  acumatica::ItemSource& source_;
  store::Store& store_;
  Clock& clock_;
  Logger& log_;
};

}  // namespace product_sync::sync
