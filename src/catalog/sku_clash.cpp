#include "catalog/sku_clash.hpp"

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {

bool clash(std::string_view inventory_id, std::string_view other) {
  // Keys may come padded on the right; that makes no other item (acumatica.md §1.3).
  return trim_right(inventory_id) != trim_right(other) && same_without_case(trim(inventory_id), trim(other));
}

Reason duplicate_sku(std::string_view inventory_id, std::string_view other) {
  return {"sku.duplicate", fmt::format("Item {} has the SKU of item {}: Rithum compares SKUs without case and outer "
                                       "blanks, so neither is sent. Change one of the IDs in Acumatica, or untick the "
                                       "\"Active on Rithum\" box of one.",
                                       excerpt(inventory_id), excerpt(other))};
}

}  // namespace product_sync::catalog
