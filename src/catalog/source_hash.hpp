#pragma once

#include <string>
#include <string_view>

#include "catalog/item.hpp"
#include "catalog/needs.hpp"

namespace product_sync::catalog {

/// Hash of all that a mapping reads of an item, and of the mapping itself: while it stays the same, so does what
/// decide() makes of the item, at a small part of the cost. `needs` and `fingerprint` are those of the mapping.
[[nodiscard]] std::string source_hash(const Item& item, const Needs& needs, std::string_view fingerprint);

}  // namespace product_sync::catalog
