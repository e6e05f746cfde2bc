#pragma once

#include <string>

#include "catalog/item.hpp"
#include "catalog/mapping.hpp"

namespace product_sync {

/// A stock item that the mapping below exports: class ELEC, box ticked, with title and price.
[[nodiscard]] catalog::Item exported_item(const std::string& inventory_id, const std::string& price = "10");

/// ELEC -> Electronics; box at custom:ItemSettings.UsrActiveOnRithum; title, price, an optional UPC that may be
/// cleared, and the attribute Color.
[[nodiscard]] catalog::Mapping simple_mapping();

}  // namespace product_sync
