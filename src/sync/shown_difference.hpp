#pragma once

#include <optional>
#include <string>

#include "catalog/comparison.hpp"
#include "catalog/mapping.hpp"
#include "rithum/shown_product.hpp"

namespace product_sync::sync {

/// What has to be read of products so that they can be compared with what Rithum was told: each mapped value that
/// Rithum shows. HTML is left out: whether Rithum keeps its text as sent is not documented.
[[nodiscard]] rithum::Wanted comparable_values(const catalog::Mapping& mapping);

/// The first told value that Rithum shows otherwise, as a sentence; nothing when it shows all. Values that were not
/// wanted are not compared.
[[nodiscard]] std::optional<std::string> shown_difference(const catalog::ToldValues& told,
                                                          const rithum::ShownProduct& shown,
                                                          const rithum::Wanted& wanted);

}  // namespace product_sync::sync
