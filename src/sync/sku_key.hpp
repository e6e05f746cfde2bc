#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "catalog/product.hpp"

namespace product_sync::sync {

/// The ledger's key of a SKU or inventory ID, also where it is no valid SKU.
[[nodiscard]] inline std::string sku_key(std::string_view text) {
  const auto sku = catalog::Sku::parse(text);
  return sku ? sku->key() : to_lower_ascii(text);
}

}  // namespace product_sync::sync
