#pragma once

#include <chrono>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "rithum/product_export.hpp"
#include "rithum/product_reader.hpp"
#include "store/store.hpp"
#include "sync/repair.hpp"
#include "sync/shown_difference.hpp"

namespace product_sync::sync {

/// One comparison of a profile's products with the ledger. Products are taken page by page as Rithum brings them; which
/// of the ledger's were among them is kept on disk until all have come. Not thread-safe.
class DriftComparison {
 public:
  struct Options {
    std::string site;
    Instant began;      ///< what changed since is on its way
    Instant sent_late;  ///< what was sent after it and lacks proof is on its way
  };

  DriftComparison(Options options, const catalog::Mapping& mapping, const RepairPolicy& policy, Repair& repair,
                  store::ReportId report, store::ActiveRun& active, store::Store& store);

  /// What has to be read of each product.
  [[nodiscard]] const rithum::Wanted& wanted() const { return wanted_; }

  /// A product that Rithum has.
  Result<void> take(rithum::ShownProduct&& shown);
  /// All have come: what did not is missing. Once, last.
  Result<void> finish();

  [[nodiscard]] const store::DriftCounts& counts() const { return counts_; }

 private:
  Result<void> take_page();
  Result<void> compare(const store::LedgerEntry& entry, const rithum::ShownProduct& shown);
  Result<void> report_different(const store::LedgerEntry& entry, const rithum::ShownProduct& shown,
                                const std::vector<ShownDifference>& differences);
  Result<void> report_missing(const store::LedgerEntry& entry);
  Result<bool> was_shown(const std::string& key);
  [[nodiscard]] bool is_on_its_way(const store::LedgerEntry& entry) const;
  void add(store::DriftRow row);
  Result<void> flush();

  const Options options_;
  const RepairPolicy& policy_;
  Repair& repair_;
  const store::ReportId report_;
  store::ActiveRun& active_;
  store::Store& store_;
  const rithum::Wanted wanted_;
  std::set<std::string, std::less<>> owned_;  ///< keys of the values that the mapping gives

  store::DriftCounts counts_;
  std::vector<rithum::ShownProduct> page_;
  std::vector<store::DriftRow> rows_;
  std::uint64_t rows_kept_ = 0;
  std::unique_ptr<store::Scratch> seen_;
  std::vector<store::Scratch::Record> seen_page_;
  std::size_t seen_at_ = 0;
  std::string seen_after_;
};

}  // namespace product_sync::sync
