#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "acumatica/item_reads.hpp"
#include "acumatica/item_source.hpp"

namespace product_sync::acumatica {

/// Reads items whose keys are known: several to a request, in lists filtered by `InventoryID eq … or …`. A key counts
/// as missing only after a request for it alone has said so: an empty list proves nothing (acumatica.md §4 row 21).
class KeyReader {
 public:
  struct Options {
    std::size_t longest_url = 2000;  ///< bytes; IIS refuses queries beyond 2,048 by default
    std::size_t page_size = 500;     ///< items handed on at once
  };

  KeyReader(ItemReads& reads, const Options& options, const ItemSource::PageSink& sink, Logger& logger);

  /// Adds to `summary`.
  Result<void> read(const std::vector<std::string>& inventory_ids, ReadSummary& summary);

 private:
  Result<void> read_together(const std::vector<std::string>& keys);
  Result<void> read_alone(const std::string& key);
  Result<ParsedPage> ask_for(const std::string& key);
  Result<void> confirm_missing(const std::string& key);
  Result<void> take(ParsedPage page);
  Result<void> flush();

  ItemReads& reads_;
  const Options options_;
  const ItemSource::PageSink& sink_;
  Logger& logger_;
  ReadSummary* summary_ = nullptr;
  std::vector<catalog::Item> batch_;
  int failures_in_a_row_ = 0;
  bool list_answered_ = false;  // so the endpoint is there
};

}  // namespace product_sync::acumatica
