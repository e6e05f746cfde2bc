#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "catalog/column.hpp"

namespace product_sync::catalog {

/// `text` as a UPC or EAN (`gtin`), ISBN or ASIN without the blanks and hyphens that people write in them. Error codes
/// `value.not_an_identifier`, `value.check_digit`.
[[nodiscard]] Result<std::string> make_identifier(ColumnType type, std::string_view text);

}  // namespace product_sync::catalog
