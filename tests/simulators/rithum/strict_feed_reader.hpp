#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rithum_simulator {

/// The rules a feed file must keep (rithum.md §1.2, §1.3, §1.8, §2, §4). to_string() gives the name used in reports.
enum class Rule : std::uint8_t {
  byte_order_mark,
  header_missing,
  header_empty,
  header_starts_with_digit,
  header_unknown,
  header_repeated,
  header_attribute_unpaired,
  header_inventory_number_missing,
  invalid_utf8,
  carriage_return_in_value,
  control_character,
  line_separator_in_value,
  quote_at_value_start,
  cell_count,
  empty_line,
  mixed_line_endings,
  last_row_unterminated,
  row_too_long
};
[[nodiscard]] std::string_view to_string(Rule rule);

/// One broken rule and where.
struct Violation {
  Rule rule;
  std::size_t line = 1;  ///< 1 is the header
  std::string header;    ///< of the cell, when one cell is at fault
  std::string detail;
};

struct FeedRules {
  char delimiter = '\t';
  /// Headers beyond the standard ones that the account has registered; none when empty.
  std::function<bool(std::string_view)> is_registered = {};
  std::size_t max_row_bytes = 16U << 20U;
  bool assumed_headers = false;  ///< the account takes the columns that Column::assumed marks
};

/// One data row. Views last until the next row is read.
struct FeedRow {
  std::size_t line = 0;
  std::vector<std::string_view> cells;
  std::vector<Violation> violations;
};

/// Reads a delimited feed row by row and reports every broken rule. It never repairs: cells are the bytes of the file.
/// Memory is bounded by one row. Not thread-safe.
class StrictFeedReader {
 public:
  explicit StrictFeedReader(std::istream& feed, FeedRules rules = {});

  /// Header names, trimmed.
  [[nodiscard]] const std::vector<std::string>& headers() const { return headers_; }
  /// Broken rules of the header row; a file with any fails as a whole.
  [[nodiscard]] const std::vector<Violation>& header_violations() const { return header_violations_; }
  /// The next row, with its own broken rules; nullptr at the end.
  [[nodiscard]] const FeedRow* next();

 private:
  enum class Ending : std::uint8_t { none, lf, crlf };

  bool read_line();
  void read_header();
  void check_header_names();
  void check_row();
  void check_cell(std::size_t index);

  std::istream& feed_;
  FeedRules rules_;
  std::vector<std::string> headers_;
  std::vector<Violation> header_violations_;
  FeedRow row_;
  std::string line_;
  Ending ending_ = Ending::none;  // of the current line
  Ending header_ending_ = Ending::none;
  bool too_long_ = false;
  std::size_t line_number_ = 0;
  std::string buffer_;
  std::size_t buffer_used_ = 0;
};

/// A whole feed in memory, for tests and small files.
struct Feed {
  std::vector<std::string> headers;
  std::vector<std::vector<std::string>> rows;
  std::vector<Violation> violations;

  [[nodiscard]] std::optional<std::size_t> column(std::string_view header) const;
  /// The cell of row `row` under `header`; empty when there is no such column.
  [[nodiscard]] std::string cell(std::size_t row, std::string_view header) const;
  /// The value of the attribute called `name` in row `row`; none when no pair carries that name.
  [[nodiscard]] std::optional<std::string> attribute(std::size_t row, std::string_view name) const;
};
[[nodiscard]] Feed read_feed(std::string_view text, const FeedRules& rules = {});

}  // namespace rithum_simulator
