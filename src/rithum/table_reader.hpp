#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace product_sync::rithum {

/// The header of a delimited text, and where each column stands.
class TableHeader {
 public:
  explicit TableHeader(std::vector<std::string> names);

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  /// The place of a column, compared without case and blanks around; negative when there is none.
  [[nodiscard]] int find(std::string_view name) const;

 private:
  std::vector<std::string> names_;
  std::map<std::string, int> places_;
};

/// A row's cells; those behind its end are empty.
class TableRow {
 public:
  explicit TableRow(const std::vector<std::string>& cells) : cells_(cells) {}
  [[nodiscard]] std::string_view at(int place) const {
    return place < 0 || static_cast<std::size_t>(place) >= cells_.size() ? std::string_view{}
                                                                         : std::string_view(cells_[place]);
  }

 private:
  const std::vector<std::string>& cells_;
};

/// Reads what Rithum writes: delimited text with a header, fed in pieces of any size, in memory of one row. The
/// delimiter is what the header uses: a tab where there is one, else a comma. Cells may be in quotes as in RFC 4180,
/// ends of lines may be CRLF or LF, and a byte order mark may stand in front: no rule is documented (rithum.md §4).
class TableReader {
 public:
  using OnRow = std::function<Result<void>(const TableHeader&, const TableRow&)>;

  explicit TableReader(OnRow on_row) : on_row_(std::move(on_row)) {}

  /// Errors: what `on_row` gives; `rithum.bad_table` for a row longer than 16 MiB.
  Result<void> feed(std::string_view bytes);
  /// The last row may lack its line's end.
  Result<void> finish();

 private:
  Result<void> take(char c);
  Result<void> end_row();
  void end_cell();
  void choose_delimiter();

  const OnRow on_row_;
  std::vector<TableHeader> header_;  ///< one, once it was read
  std::vector<std::string> cells_;
  std::string cell_;
  std::string first_line_;  ///< until the delimiter is known
  char delimiter_ = '\0';
  std::size_t row_bytes_ = 0;
  bool in_quotes_ = false;
  bool after_quote_ = false;  ///< a quote within quotes: the end of them, or half of a doubled one
};

}  // namespace product_sync::rithum
