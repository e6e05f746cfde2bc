#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace product_sync::rithum {

/// A property of Rithum's Product entity and the column of the standard spreadsheet that fills it (rithum.md §2.7).
struct Property {
  std::string_view column;  ///< as keys of the ledger spell it
  std::string_view name;    ///< in the REST interface and in exports
};

/// Every property that shows a column's value.
[[nodiscard]] std::span<const Property> properties();

/// The property of a column; null when Rithum does not show it.
[[nodiscard]] const Property* property_of(std::string_view column);

/// Whether Rithum shows what it was told: texts equal, or numbers or booleans of equal value, as the column has them. An
/// empty number, which was cleared, may be shown as zero.
[[nodiscard]] bool same_value(std::string_view column, std::string_view told, std::string_view shown);

}  // namespace product_sync::rithum
