#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace rithum_simulator {

/// What a cell of a column may hold (rithum.md §2.5).
enum class Kind : std::uint8_t {
  text,
  whole,          ///< whole number, not negative
  quantity,       ///< whole number; negative only when the type is RELATIVE
  decimal,        ///< decimal point, not negative
  money,          ///< decimal point, at most two decimals, not negative
  any_decimal,    ///< decimal point, a sign is allowed
  boolean,        ///< true or false
  condition,      ///< one of the five conditions
  sku_type,       ///< standard, bundle, child, parent
  flag,           ///< one of the ten flags
  quantity_type,  ///< ABSOLUTE, RELATIVE, AVAILABLE, INSTOCK, UNSHIPPED
  dc_list_type,   ///< `partial dc list` or `completedclist`
  dc_quantities,  ///< CODE=qty,CODE=qty
  components,     ///< SKU=qty,SKU=qty
  pictures,       ///< PLACEMENT=url,... or a bare list
  labels,         ///< Name,-Name
  ignored         ///< accepted and dropped, e.g. `(repeat)`
};

/// One standard header of a feed file.
struct Column {
  std::string_view header;
  Kind kind = Kind::text;
  std::size_t max_length = 0;       ///< in UTF-16 units (the service's strings are .NET strings); 0 = no known limit
  bool clearable = true;            ///< `_DELETE_` is accepted
  std::string_view rest_name = {};  ///< property of the REST Product entity; empty = none
  std::string_view same_as = {};    ///< the older header of the same field
  bool assumed = false;             ///< taken only from an account that says so
};

/// All standard headers, in the order of rithum.md §2.1, §2.2 and §2.3.
[[nodiscard]] std::span<const Column> columns();

/// The index in columns() of the column named exactly `header`.
[[nodiscard]] std::optional<std::size_t> column_index(std::string_view header);

/// The column that holds the field: itself, or the one it is the same as.
[[nodiscard]] std::size_t field_index(std::size_t column);

/// `AttributeNName` or `AttributeNValue`, N from 1 and without leading zeros.
struct AttributeHeader {
  std::uint32_t number = 0;
  bool is_name = false;
};
[[nodiscard]] std::optional<AttributeHeader> attribute_header(std::string_view header);

inline constexpr std::string_view kSkuColumn = "Inventory Number";
inline constexpr std::string_view kTitleColumn = "Auction Title";
inline constexpr std::string_view kQuantityColumn = "Quantity";
inline constexpr std::string_view kQuantityTypeColumn = "Quantity Update Type";
inline constexpr std::string_view kDcQuantityColumn = "DC Quantity";
inline constexpr std::string_view kDcListTypeColumn = "DC Quantity Update Type";
inline constexpr std::string_view kParentColumn = "Variation Parent SKU";
inline constexpr std::string_view kRelationshipColumn = "Relationship Name";
inline constexpr std::string_view kVaryByColumn = "Vary By";
inline constexpr std::string_view kSkuTypeColumn = "SKU Type";
inline constexpr std::string_view kClassificationColumn = "Classification";
inline constexpr std::string_view kSupplierColumn = "Supplier Code";
inline constexpr std::string_view kComponentsColumn = "Bundle Components";
inline constexpr std::string_view kPicturesColumn = "Picture URLs";
inline constexpr std::string_view kLabelsColumn = "Labels";

}  // namespace rithum_simulator
