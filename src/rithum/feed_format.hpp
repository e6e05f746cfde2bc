#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "catalog/comparison.hpp"
#include "catalog/mapping.hpp"

namespace product_sync::rithum {

enum class LineEnding { lf, crlf };

/// How the account reads its files (rithum.md §1.2, §1.3).
struct FeedOptions {
  char delimiter = '\t';         ///< tab or `|`: a setting of the account
  bool byte_order_mark = false;  ///< whether Rithum takes one is not documented
  LineEnding line_ending = LineEnding::lf;
  std::string clear_marker = "_DELETE_";  ///< or `_Delete_`: both are documented (rithum.md §4)
  /// Rithum makes a product only from a row with a quantity (rithum.md §1.2). With this, a mapping without `Quantity` gets the
  /// two quantity columns (or uses those that it has for withdrawals): rows that may be new say "0 more" (RELATIVE), which changes no stock should the product be there
  /// already, and all other rows leave them blank.
  bool quantity_for_new = false;
};

/// Makes the lines of feeds: a header, then a line for each product, in UTF-8. Columns are `Inventory Number`, the mapped
/// columns, `Classification`, then a pair `AttributeNName`, `AttributeNValue` for each mapped attribute; the same
/// mapping always gives the same columns. There is no quoting (rithum.md §4): what would need it is refused.
///
/// Not thread-safe.
class FeedFormat {
 public:
  /// Error codes `feed.options`, `feed.mapping`.
  [[nodiscard]] static Result<FeedFormat> create(const catalog::Mapping& mapping, FeedOptions options);

  /// The first line, with the byte order mark where one is wanted.
  [[nodiscard]] Result<std::string> header() const;

  /// The line of a row that was compared under the same mapping. `feed.refused_value` and `feed.cells` mean that this
  /// row cannot be written.
  [[nodiscard]] Result<std::string> line(const catalog::Row& row) const;

 private:
  /// A mapped value in the file.
  struct Place {
    std::string name;
    bool is_attribute = false;
    bool for_withdrawals = false;  ///< a column that is there for withdrawals alone
  };

  FeedFormat(std::vector<Place> places, FeedOptions options);

  std::vector<Place> places_;
  std::size_t columns_ = 0;  // places before this one are columns, the others attributes
  FeedOptions options_;
  bool fills_quantity_ = false;  // rows that may be new say "0 more" in the quantity columns of withdrawals

  friend class FeedLine;
};

}  // namespace product_sync::rithum
