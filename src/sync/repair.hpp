#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/store.hpp"
#include "sync/feed_build.hpp"
#include "sync/shown_difference.hpp"

namespace product_sync::sync {

/// Whose word counts where Rithum shows something else than it was told. True: ours, and a repair sends it again.
struct RepairPolicy {
  bool values = false;                  ///< of columns without a word of their own
  std::map<std::string, bool> columns;  ///< by the ledger's keys
  bool missing = false;                 ///< products that Rithum does not have any more

  [[nodiscard]] bool ours_wins(const std::string& key) const;
};

/// Tells Rithum again what it was told, from the ledger: a feed as any other, by which the ledger learns nothing new.
/// One that only plans counts and says what it would send. Not thread-safe.
class Repair {
 public:
  struct Options {
    bool send = false;       ///< otherwise it only plans
    std::uint64_t most = 0;  ///< products
  };

  Repair(const FeedPlan& plan, Options options, const store::Run& run, store::Store& store, Clock& clock, Logger& log);

  /// Everything that was told of the product.
  Result<store::Remedy> send_whole(const store::LedgerEntry& product);
  /// Values that Rithum shows otherwise, and no other: every other cell is blank, which changes nothing.
  Result<store::Remedy> send_values(const store::LedgerEntry& product, std::span<const ShownDifference> differences);

  /// Stages what was added since the last call.
  Result<void> flush() { return feed_.stage(); }
  /// Makes the feed deliverable; nothing when it has no rows.
  Result<std::optional<FeedBuild::Sealed>> finish() { return feed_.seal({}); }

  /// That are sent, or would be.
  [[nodiscard]] std::uint64_t products() const { return products_; }

 private:
  Result<store::Remedy> send(const store::LedgerEntry& product, const catalog::Row& row, store::RowPlan plan);

  const FeedPlan& plan_;
  const Options options_;
  Logger& log_;
  FeedBuild feed_;
  std::uint64_t products_ = 0;
};

}  // namespace product_sync::sync
