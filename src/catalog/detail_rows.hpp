#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "catalog/item.hpp"
#include "catalog/needs.hpp"

namespace product_sync::catalog {

/// A text to compare with: as it stands, or `field:NAME`, the item's own field.
struct Wanted {
  std::string text;
  bool is_field = false;
};
[[nodiscard]] Result<Wanted> parse_wanted(std::string_view text);
[[nodiscard]] std::string to_text(const Wanted& wanted);
/// Trimmed and without case.
[[nodiscard]] bool is_equal(std::string_view text, const Wanted& wanted, const Item& item);

/// `VendorDetails[Default=true, PurchaseUnit=field:PurchaseUOM]`: the rows of a detail that hold all of it.
struct DetailRows {
  struct Filter {
    std::string column;
    Wanted wanted;
  };
  std::string detail;
  std::vector<Filter> filters;
};
/// Error code `source.malformed`.
[[nodiscard]] Result<DetailRows> parse_detail_rows(std::string_view text);
[[nodiscard]] std::string to_text(const DetailRows& rows);
[[nodiscard]] bool has(const DetailRows& rows, const DetailRow& row, const Item& item);

/// Adds the detail, the columns of its filters and the fields that they compare with.
void add_needs(const DetailRows& rows, Needs& needs);
/// The same for what is compared with.
void add_needs(const Wanted& wanted, Needs& needs);

/// The column's text; empty when the row has none.
[[nodiscard]] std::string_view column_of(const DetailRow& row, std::string_view column);

/// Whether `text` is a name of Acumatica's: letters, digits and `_`.
[[nodiscard]] bool is_contract_name(std::string_view text);

}  // namespace product_sync::catalog
