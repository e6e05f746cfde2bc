#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "acumatica/item_source.hpp"
#include "base/clock.hpp"
#include "store/store.hpp"
#include "sync/feed_build.hpp"
#include "sync/plan.hpp"

namespace product_sync::sync {

/// What an edited configuration makes of the whole catalogue otherwise than the running one: both judge the items of one
/// read, and only what differs between them is told. What is pending anyway does not count. Memory is one page; what has to
/// wait is on disk. Used once.
class MappingChange {
 public:
  /// `source` reads what both mappings need.
  MappingChange(const FeedPlan& running, const FeedPlan& edited, acumatica::ItemSource& source, store::Store& store,
                Clock& clock);
  ~MappingChange();

  /// Products in no particular order. Counts what the edited configuration makes of the items: `rows` are those that it
  /// changes. Nothing is recorded but the run's own progress.
  Result<void> run(const PlanSink& sink, store::ActiveRun& active, store::RunCounts& counts, std::stop_token stop);

  /// Values that only one of the two configurations maps, by ValueMapping::key(). What is no longer mapped stays in
  /// Rithum as it is.
  [[nodiscard]] std::vector<std::string> no_longer_mapped() const;
  [[nodiscard]] std::vector<std::string> newly_mapped() const;

 private:
  class Side;
  class Comparison;

  Result<void> read(store::ActiveRun& active, store::RunCounts& counts, Comparison& comparison, std::stop_token stop);
  Result<void> page(const std::vector<catalog::Item>& items, Comparison& comparison);

  acumatica::ItemSource& source_;
  store::Store& store_;
  Clock& clock_;
  std::unique_ptr<Side> running_;
  std::unique_ptr<Side> edited_;
};

}  // namespace product_sync::sync
