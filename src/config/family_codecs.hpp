#pragma once

#include <vector>

#include "catalog/variation.hpp"
#include "config/codecs.hpp"

/// The options that say how families are told to Rithum.
namespace product_sync::config {

/// `relationships`: Rithum's name -> attributes, and the item classes and templates that use it.
[[nodiscard]] Codec<std::vector<catalog::Relationship>> relationships();

}  // namespace product_sync::config
