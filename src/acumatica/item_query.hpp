#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "acumatica/entity.hpp"
#include "catalog/needs.hpp"

namespace product_sync::acumatica {

/// How much a list of items carries.
struct ListShape {
  bool select = true;   ///< name the fields wanted; without, all come
  bool details = true;  ///< fields, attributes, cross references, custom fields; without, keys alone
};

/// Which rows of a list.
struct ListRange {
  std::string filter;  ///< OData, not yet encoded; empty: all
  std::uint64_t top = 0;
  std::uint64_t skip = 0;
};

/// Builds the addresses of requests for an entity so that the answers carry what the mapping needs and little else.
class ItemQuery {
 public:
  /// `needs` in the names of StockItem; what the entity does not have is not asked for.
  ItemQuery(std::string entity_url, const catalog::Needs& needs, const Entity& entity = stock_item());

  [[nodiscard]] std::string list(const ListRange& range, const ListShape& shape) const;
  /// `key` as ParsedPage has it.
  [[nodiscard]] std::string by_key(std::string_view key, bool select) const;

 private:
  std::string entity_url_;
  std::string keys_;
  std::string select_;
  std::string expand_;
  std::string custom_;
};

/// Whether `inventory_id` may stand in a URL's path. ASP.NET refuses some characters there even when encoded, and a
/// slash encoded is a slash to many servers.
[[nodiscard]] bool fits_a_path(std::string_view inventory_id);

/// `a and b`; one that is empty leaves the other as it is. Neither may hold an `or`.
[[nodiscard]] std::string both(const std::string& a, const std::string& b);

}  // namespace product_sync::acumatica
