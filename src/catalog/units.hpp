#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "catalog/decimal.hpp"
#include "catalog/item.hpp"

namespace product_sync::catalog {

/// `1 from = factor to` when it multiplies, `1 from = 1/factor to` when it divides.
struct UnitConversion {
  std::string from;
  std::string to;
  bool multiplies = true;
  Decimal factor;
};

/// The units in which an item is counted (acumatica.md §3.3, §3.4). Names are compared trimmed and without case.
struct Units {
  std::string base;
  std::string sales;  ///< in which Rithum counts it; empty: the base unit
  std::vector<UnitConversion> conversions;

  [[nodiscard]] const std::string& sold_in() const { return sales.empty() ? base : sales; }
};

/// The units of an item that was read with its `BaseUOM`, `SalesUOM` and `UOMConversions`. A conversion whose factor is no
/// positive number is left out.
[[nodiscard]] Units units_of(const Item& item);

/// `quantity` of `unit` (empty: the sales unit), in the item's sales unit, where it must be a whole number of at least 1.
/// Exact. Error codes `unit.no_conversion`, `unit.not_whole`; the message names units and quantities, not the item.
[[nodiscard]] Result<std::int64_t> whole_sales_units(const Decimal& quantity, std::string_view unit,
                                                     const Units& units);

}  // namespace product_sync::catalog
