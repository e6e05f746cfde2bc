#pragma once

#include "catalog/mapping.hpp"
#include "config/codecs.hpp"

/// The options that say how items become products.
namespace product_sync::config {

/// `active_on_rithum`: one source, or a list of which the first that is not empty counts.
[[nodiscard]] Codec<catalog::Sources> sources();

/// `classifications`: item class -> Rithum classification.
[[nodiscard]] Codec<catalog::TextMap> classifications();

/// `columns`: column header -> where its value comes from. The reader brings it into feed order.
[[nodiscard]] Codec<std::vector<catalog::ValueMapping>> columns();

/// `attributes`: Rithum attribute name -> where its value comes from. They keep the order of the file.
[[nodiscard]] Codec<std::vector<catalog::ValueMapping>> attributes();

}  // namespace product_sync::config
