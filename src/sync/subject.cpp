#include "sync/subject.hpp"

#include "base/bytes.hpp"
#include "catalog/product.hpp"

namespace product_sync::sync {

std::string key_of(std::string_view inventory_id) {
  const auto sku = catalog::Sku::parse(inventory_id);
  return sku ? sku->key() : to_lower_ascii(trim(inventory_id));
}

}  // namespace product_sync::sync
