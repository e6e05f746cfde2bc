#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "acumatica/handed_keys.hpp"
#include "acumatica/item_reads.hpp"
#include "acumatica/item_source.hpp"

namespace product_sync::acumatica {

/// How pages of a list are asked for.
enum class Paging {
  automatic,  ///< keyset while the order holds, else skip
  keyset,     ///< `InventoryID gt '<last>'`; an error when the order does not hold
  skip,       ///< `$skip=n`
};

struct ListOptions {
  std::string filter;           ///< OData; empty: everything
  std::size_t page_size = 500;  ///< at least 2
  Paging paging = Paging::automatic;
  bool empty_is_error = false;
  bool prove_complete = true;  ///< ask for rows behind the last one also when a single page held all
};

/// Reads a list of items page by page and hands on each item once.
///
/// Keyset paging is immune to rows that come and go, but trusts an order that is not documented; each page is checked
/// (see key_order.hpp), and at the end `$skip=<rows seen>` must bring nothing new. Where that fails, the list is read
/// again by
/// `$skip` and what was handed on before is left out. `$skip` shifts when rows come and go, so each page begins with
/// the last rows of the one before, and goes on behind them wherever they are found.
class ListReader {
 public:
  ListReader(ItemReads& reads, ListOptions options, const ItemSource::PageSink& sink, Experience& experience,
             Logger& logger);

  /// Adds to `summary`. Errors besides those of the requests: `acumatica.empty_catalogue`, `.unordered`,
  /// `.unstable_order`, and what the sink answers.
  Result<void> read(ReadSummary& summary);

 private:
  enum class Walk { complete, unordered };

  Result<Walk> walk_by_key();
  Result<ParsedPage> next_in_order(const ListRange& range, const std::vector<std::string>& previous, bool& ordered);
  Result<Walk> prove_complete(std::uint64_t rows);
  Result<void> walk_by_skip();
  Result<bool> walk_by_skip_once();
  Result<void> hand_on(ParsedPage page);

  ItemReads& reads_;
  const ListOptions options_;
  const ItemSource::PageSink& sink_;
  Experience& experience_;
  Logger& logger_;
  ReadSummary* summary_ = nullptr;
  HandedKeys handed_;
};

}  // namespace product_sync::acumatica
