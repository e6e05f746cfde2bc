#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "catalog/column.hpp"

namespace product_sync::catalog {

/// `source` as a cell of `column`: one line of UTF-8 in the column's form and within its limits. Empty when the source
/// has nothing but white space. The error names the value and the limit, not the item. Error codes `value.not_utf8`,
/// `value.reserved`, `value.starts_with_quote`, `value.too_long`, `value.not_a_number`, `value.not_an_integer`,
/// `value.negative`, `value.not_a_boolean`, `value.not_a_choice`.
[[nodiscard]] Result<std::string> make_value(const Column& column, std::string_view source);

/// true, 1 and yes, or false, 0 and no, in any case, as Acumatica's fields and attributes write check boxes
/// (acumatica.md §2.7); none for anything else.
[[nodiscard]] std::optional<bool> parse_boolean(std::string_view text);

}  // namespace product_sync::catalog
