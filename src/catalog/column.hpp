#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace product_sync::catalog {

/// What a column's cells may hold, and how a source text becomes one.
enum class ColumnType {
  text,     ///< one line of text
  html,     ///< cleaned HTML on one line
  money,    ///< decimal, rounded half away from zero to 2 places; zero is a value
  decimal,  ///< decimal as it is, without superfluous zeros
  integer,  ///< whole number, not negative
  boolean,  ///< TRUE or FALSE
  choice,   ///< one of Column::choices, compared without case
};

/// One column of Rithum's standard spreadsheet (rithum.md §2). The table in column.cpp is the only place that knows
/// them.
struct Column {
  std::string_view name;  ///< classic header, e.g. `Auction Title`
  ColumnType type;
  std::size_t longest;  ///< UTF-16 units, as Rithum counts (text.hpp); 0 = no documented limit
  bool clearable;       ///< whether the clear marker is ever allowed: never for SKU and title (rithum.md §4)
  std::span<const std::string_view> choices;
  std::string_view rule;         ///< source of the limits, for the documentation
  bool may_be_negative = false;  ///< numbers only
};

/// Every column that a mapping may fill, in the order of the feed. The SKU and the classification are not among them:
/// they are written by the feed itself.
[[nodiscard]] std::span<const Column> columns();

/// The column of that header, compared without case; null when there is none.
[[nodiscard]] const Column* find_column(std::string_view name);

/// The headers that the feed fills by itself and no mapping may: SKU, classification, families, bundles, attributes.
[[nodiscard]] bool is_written_by_feed(std::string_view name);

/// A name/value attribute of a product (AttributeNName/AttributeNValue) has these rules.
[[nodiscard]] const Column& attribute_column();

}  // namespace product_sync::catalog
