#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "catalog/comparison.hpp"
#include "catalog/mapping.hpp"
#include "rithum/new_file.hpp"

namespace product_sync::rithum {

enum class LineEnding { lf, crlf };

/// How the account reads its files (rithum.md §1.2, §1.3).
struct FeedOptions {
  char delimiter = '\t';         ///< tab or `|`: a setting of the account
  bool byte_order_mark = false;  ///< whether Rithum takes one is not documented
  LineEnding line_ending = LineEnding::lf;
  std::string clear_marker = "_DELETE_";  ///< or `_Delete_`: both are documented (rithum.md §4)
  /// Rithum makes a product only from a row with a quantity (rithum.md §1.2). With this, a mapping without `Quantity` gets the
  /// two quantity columns: rows that may be new say "0 more" (RELATIVE), which changes no stock should the product be there
  /// already, and all other rows leave them blank.
  bool quantity_for_new = false;
};

/// A finished feed file.
struct FeedFile {
  std::filesystem::path path;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::string sha256;  ///< hexadecimal
};

/// Writes one feed: a header, then a row for each product, in UTF-8. Columns are `Inventory Number`, the mapped
/// columns, `Classification`, then a pair `AttributeNName`, `AttributeNValue` for each mapped attribute; the same
/// mapping always gives the same columns. There is no quoting (rithum.md §4): what would need it is refused.
///
/// Memory is one row and a fixed buffer. A writer that ends without finish() removes its file. Not thread-safe.
class FeedWriter {
 public:
  /// Error codes `feed.options`, `feed.mapping`, and those of NewFile::create.
  [[nodiscard]] static Result<FeedWriter> create(std::filesystem::path path, const catalog::Mapping& mapping,
                                                 FeedOptions options);

  /// Adds a row that was compared under the same mapping. `feed.refused_value` and `feed.cells` mean that this row
  /// cannot be written; the file is as it was before, and others may follow. After `feed.unwritable` it is lost.
  [[nodiscard]] Result<void> append(const catalog::Row& row);

  /// Makes the file durable. Call once, last.
  [[nodiscard]] Result<FeedFile> finish();

  [[nodiscard]] std::uint64_t rows() const { return rows_; }

 private:
  /// A mapped value in the file.
  struct Place {
    std::string name;
    bool is_attribute = false;
  };

  FeedWriter(NewFile file, std::vector<Place> places, FeedOptions options);
  [[nodiscard]] Result<void> add_quantity(const catalog::Row& row);
  [[nodiscard]] Result<void> write_header();
  [[nodiscard]] Result<void> add_text(std::string_view text, std::string_view column);
  [[nodiscard]] Result<void> add_cell(const catalog::Cell& cell, std::string_view column);
  [[nodiscard]] Result<void> add_cells(const catalog::Row& row);
  [[nodiscard]] Result<void> write_line();

  NewFile file_;
  std::vector<Place> places_;
  std::size_t columns_ = 0;  // places before this one are columns, the others attributes
  FeedOptions options_;
  std::string line_;
  bool line_started_ = false;
  std::uint64_t rows_ = 0;
};

}  // namespace product_sync::rithum
