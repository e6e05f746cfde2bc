#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/comparison.hpp"
#include "catalog/mapping.hpp"
#include "rithum/shown_product.hpp"

namespace product_sync::sync {

/// What has to be read of products so that they can be compared with what Rithum was told: each mapped value that
/// Rithum shows. HTML is left out: whether Rithum keeps its text as sent is not documented.
[[nodiscard]] rithum::Wanted comparable_values(const catalog::Mapping& mapping);

/// A value that Rithum shows otherwise than it was told.
struct ShownDifference {
  std::string key;  ///< of the ledger
  std::string told;
  std::string shown;
};

/// All of a product, in the order of their keys. Values that were not wanted are not compared, nor those that Rithum was
/// never told.
[[nodiscard]] std::vector<ShownDifference> shown_differences(const catalog::ToldValues& told,
                                                             const rithum::ShownProduct& shown,
                                                             const rithum::Wanted& wanted);

/// The first of them as a sentence; nothing when there is none.
[[nodiscard]] std::optional<std::string> shown_difference(const catalog::ToldValues& told,
                                                          const rithum::ShownProduct& shown,
                                                          const rithum::Wanted& wanted);

}  // namespace product_sync::sync
