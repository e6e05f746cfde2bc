#pragma once

#include <string>
#include <string_view>

#include "catalog/kind.hpp"

namespace product_sync::sync {

/// The product that something is decided about.
struct Subject {
  std::string key;  ///< of its SKU
  std::string sku;
  std::string inventory_id;
  catalog::ProductKind kind = catalog::ProductKind::item;
  std::string parent = {};       ///< SKU of the variation parent
  std::string twin = {};         ///< inventory ID of another item with the same SKU
  std::string source_hash = {};  ///< of the item, where its outcome depends on it alone; see SourceCheck
};

/// The ledger's key of an item, also where its inventory ID is no valid SKU.
[[nodiscard]] std::string key_of(std::string_view inventory_id);

}  // namespace product_sync::sync
