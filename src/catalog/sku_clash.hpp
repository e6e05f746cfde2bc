#pragma once

#include <string_view>

#include "catalog/reason.hpp"

namespace product_sync::catalog {

/// Whether two items are different ones in Acumatica and one in Rithum, whose SKUs are compared trimmed and without
/// case (rithum.md §6.1 no. 20). Neither may be sent: each would overwrite the other.
[[nodiscard]] bool clash(std::string_view inventory_id, std::string_view other);

/// Why an item is parked whose SKU is that of another; code `sku.duplicate`.
[[nodiscard]] Reason duplicate_sku(std::string_view inventory_id, std::string_view other);

}  // namespace product_sync::catalog
