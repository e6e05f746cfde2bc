#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace product_sync::catalog {

/// What a column's cells may hold, and how a source text becomes one.
enum class ColumnType : std::uint8_t {
  text,        ///< one line of text
  html,        ///< cleaned HTML on one line
  money,       ///< decimal, rounded half away from zero to 2 places; zero is a value
  decimal,     ///< decimal as it is, without superfluous zeros
  integer,     ///< whole number, not negative
  boolean,     ///< TRUE or FALSE
  choice,      ///< one of Column::choices, compared without case
  gtin,        ///< UPC or EAN: 8, 12, 13 or 14 digits, the last of which checks the others
  isbn,        ///< 10 or 13 digits with their check digit
  asin,        ///< 10 letters and digits
  labels,      ///< names separated by commas, sorted; what is missing is taken away with `-Name`
  pictures,    ///< `PLACEMENT=url` or files uploaded before, separated by commas
  quantities,  ///< `CODE=quantity` separated by commas, sorted by code
};

/// Lists are made of all texts that their sources give.
[[nodiscard]] constexpr bool is_list(ColumnType type) { return type >= ColumnType::labels; }

/// Names that must exist in Rithum before a row may use them.
enum class Reference : std::uint8_t { none, supplier, distribution_center };

/// One column of Rithum's standard spreadsheet (rithum.md §2). The table in column.cpp is the only place that knows
/// them; docs/columns.md is written from it.
struct Column {
  std::string_view name;  ///< classic header, e.g. `Auction Title`
  ColumnType type;
  std::size_t longest;  ///< UTF-16 units, as Rithum counts (text.hpp); 0 = no documented limit
  bool clearable;       ///< whether the clear marker is ever allowed: never for SKU and title (rithum.md §4)
  std::span<const std::string_view> choices;
  std::string_view rule;          ///< source of the limits, for the documentation
  std::string_view usual_source;  ///< what `default` stands for in a mapping; empty: nothing is usual
  bool may_be_negative = false;   ///< numbers only
  bool is_repeatable = false;     ///< one of the shipping group, which a row may hold several times
  Reference reference = Reference::none;
};

/// How often the shipping group may stand in a row; Rithum documents that it may be repeated, not how often
/// (rithum.md §2.1).
inline constexpr int kMostRepetitions = 10;

/// A quantity, and the column without which it means nothing certain.
struct QuantityColumns {
  std::string_view quantity;
  std::string_view type;
  std::string_view because;  ///< the end of a sentence
};
[[nodiscard]] std::span<const QuantityColumns> quantity_columns();

/// Every column that a mapping may fill, in the order of the feed. The SKU and the classification are not among them:
/// they are written by the feed itself.
[[nodiscard]] std::span<const Column> columns();

/// The column of that header, compared without case; null when there is none.
[[nodiscard]] const Column* find_column(std::string_view name);

/// A column that Rithum does not know by itself: the account maps its header in a template (rithum.md §1.2). Any of the types
/// that need no list; clearable, as far as its mapping asks for it.
[[nodiscard]] std::shared_ptr<const Column> own_column(std::string header, ColumnType type, std::size_t longest);
/// Whether an account's own column may have that header: one line, no digit in front, neither a standard column nor one of the
/// feed's.
[[nodiscard]] bool may_be_own_header(std::string_view header);

/// The headers that the feed fills by itself and no mapping may: SKU, classification, families, bundles, attributes.
[[nodiscard]] bool is_written_by_feed(std::string_view name);

/// A name/value attribute of a product (AttributeNName/AttributeNValue) has these rules.
[[nodiscard]] const Column& attribute_column();

}  // namespace product_sync::catalog
