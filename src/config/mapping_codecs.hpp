#pragma once

#include <set>

#include "catalog/mapping.hpp"
#include "config/codecs.hpp"

/// The options that say how items become products.
namespace product_sync::config {

/// `active_on_rithum`: one value, or a list of which the first that is not empty counts.
[[nodiscard]] Codec<catalog::Sources> sources();

/// `export_when`: what else must hold.
[[nodiscard]] Codec<std::optional<catalog::Condition>> condition();

/// `violations`: rule -> what becomes of a value that breaks it.
[[nodiscard]] Codec<catalog::Policies> policies();

/// `policy` of withdrawals: none means that Rithum is told nothing.
[[nodiscard]] Codec<std::set<catalog::WithdrawalStep>> withdrawal_steps();

/// Names of which none needs to be given.
[[nodiscard]] Codec<catalog::Names> names(std::string_view what);

/// `classifications`: item class -> Rithum classification.
[[nodiscard]] Codec<catalog::TextMap> classifications();

/// `columns`: column header -> where its value comes from. The reader brings it into feed order.
[[nodiscard]] Codec<std::vector<catalog::ValueMapping>> columns();

/// `own_columns`: headers of the account's own, with what their cells may hold.
[[nodiscard]] Codec<std::vector<catalog::ValueMapping>> own_columns();

/// `attributes`: Rithum attribute name -> where its value comes from. They keep the order of the file.
[[nodiscard]] Codec<std::vector<catalog::ValueMapping>> attributes();

}  // namespace product_sync::config
