#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "acumatica/entity.hpp"
#include "base/error.hpp"
#include "catalog/item.hpp"

namespace product_sync::acumatica {

/// The records of one answer. `keys` are those of all records, in the server's order and spelling (a literal of the
/// next request needs that spelling); `items` and `failed` share the records between them. A key that has several parts
/// is the parts, trimmed and joined by kKeyJoint, and an item that has such a key has it as its inventory ID.
struct ParsedPage {
  std::vector<std::string> keys;
  std::vector<catalog::Item> items;
  std::vector<std::pair<std::string, Error>> failed;  ///< records that carry an error, by trimmed key
};

/// Reads the records of an entity (acumatica.md §2.4), and gives them the names of StockItem. Empty fields come as `{}`, `{"value":null}` or not at all; all three
/// give an empty field. Accepts a byte order mark. Keeps its buffers between calls: one parser for each thread.
///
/// Each body is read twice. The DOM parser validates every byte, but turns numbers into doubles; On-Demand gives
/// numbers as the digits that were sent, but skips what it is not asked for without checking it. So On-Demand walks
/// only bodies that the DOM parser has accepted.
class ItemParser {
 public:
  explicit ItemParser(const Entity& entity = stock_item());
  ItemParser(ItemParser&&) noexcept;
  ~ItemParser();

  /// A list. Errors: `acumatica.unexpected_reply` (empty, not a list, a record without a key),
  /// `acumatica.malformed_json`; both Retry::later, since what a proxy or a dying server sends looks like that.
  [[nodiscard]] Result<ParsedPage> parse_list(std::string body);

  /// One record; the same as a list of one.
  [[nodiscard]] Result<ParsedPage> parse_record(std::string body);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace product_sync::acumatica
