#include "strict_feed_reader.hpp"

#include <algorithm>
#include <array>
#include <istream>
#include <map>
#include <set>
#include <sstream>

#include "columns.hpp"
#include "unicode.hpp"

namespace rithum_simulator {
namespace {

constexpr std::size_t kChunkBytes = 256U << 10U;

constexpr std::array<std::string_view, 18> kRuleNames = {"byte_order_mark",
                                                         "header_missing",
                                                         "header_empty",
                                                         "header_starts_with_digit",
                                                         "header_unknown",
                                                         "header_repeated",
                                                         "header_attribute_unpaired",
                                                         "header_inventory_number_missing",
                                                         "invalid_utf8",
                                                         "carriage_return_in_value",
                                                         "control_character",
                                                         "line_separator_in_value",
                                                         "quote_at_value_start",
                                                         "cell_count",
                                                         "empty_line",
                                                         "mixed_line_endings",
                                                         "last_row_unterminated",
                                                         "row_too_long"};

std::string_view trim_blanks(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

void split(std::string_view line, char delimiter, std::vector<std::string_view>& cells) {
  cells.clear();
  std::size_t start = 0;
  for (;;) {
    const auto end = line.find(delimiter, start);
    if (end == std::string_view::npos) break;
    cells.push_back(line.substr(start, end - start));
    start = end + 1;
  }
  cells.push_back(line.substr(start));
}

/// The rule that the text of one cell breaks, at which byte.
struct TextFault {
  Rule rule;
  std::size_t at;
};

std::optional<TextFault> text_fault(std::string_view cell) {
  if (cell.starts_with('"')) return TextFault{Rule::quote_at_value_start, 0};
  for (std::size_t at = 0; at < cell.size();) {
    const auto byte = static_cast<unsigned char>(cell[at]);
    if (byte >= 0x20 && byte < 0x80) {
      ++at;
      continue;
    }
    if (byte == '\r') return TextFault{Rule::carriage_return_in_value, at};
    if (byte < 0x20) return TextFault{Rule::control_character, at};
    const auto character = first_character(cell.substr(at));
    if (!character) return TextFault{Rule::invalid_utf8, at};
    const char32_t code = character->code;
    if (code == 0x85 || code == 0x2028 || code == 0x2029) return TextFault{Rule::line_separator_in_value, at};
    at += character->bytes;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Rule rule) { return kRuleNames.at(static_cast<std::size_t>(rule)); }

StrictFeedReader::StrictFeedReader(std::istream& feed, FeedRules rules) : feed_(feed), rules_(std::move(rules)) {
  read_header();
}

// Takes the next line into line_ without its ending; false at the end of the file.
bool StrictFeedReader::read_line() {
  line_.clear();
  too_long_ = false;
  ending_ = Ending::none;
  for (;;) {
    if (buffer_used_ == buffer_.size()) {
      buffer_.resize(kChunkBytes);
      feed_.read(buffer_.data(), static_cast<std::streamsize>(kChunkBytes));
      buffer_.resize(static_cast<std::size_t>(feed_.gcount()));
      buffer_used_ = 0;
      if (buffer_.empty()) break;
    }
    const auto newline = buffer_.find('\n', buffer_used_);
    const auto end = newline == std::string::npos ? buffer_.size() : newline;
    const auto room = rules_.max_row_bytes - std::min(rules_.max_row_bytes, line_.size());
    too_long_ = too_long_ || end - buffer_used_ > room;
    line_.append(buffer_, buffer_used_, std::min(end - buffer_used_, room));
    buffer_used_ = end;
    if (newline == std::string::npos) continue;
    ++buffer_used_;
    ending_ = Ending::lf;
    break;
  }
  if (ending_ == Ending::none && line_.empty()) return false;
  ++line_number_;
  if (ending_ == Ending::lf && line_.ends_with('\r')) {
    line_.pop_back();
    ending_ = Ending::crlf;
  }
  return true;
}

void StrictFeedReader::read_header() {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (!read_line() || line_.empty()) {
    header_violations_.push_back({Rule::header_missing, 1, {}, "the file has no header row"});
    return;
  }
  std::string_view line = line_;
  if (line.starts_with(kByteOrderMark)) {
    header_violations_.push_back({Rule::byte_order_mark, 1, {}, "the file starts with EF BB BF"});
    line.remove_prefix(kByteOrderMark.size());
  }
  if (ending_ == Ending::none) {
    header_violations_.push_back({Rule::last_row_unterminated, 1, {}, "the header row has no newline"});
  }
  header_ending_ = ending_;
  std::vector<std::string_view> cells;
  split(line, rules_.delimiter, cells);
  for (const auto cell : cells) {
    headers_.emplace_back(trim_blanks(cell));  // header matching trims (rithum.md §2.1)
    if (const auto fault = text_fault(cell)) {
      header_violations_.push_back({fault->rule, 1, headers_.back(), "in a header"});
    }
  }
  check_header_names();
}

void StrictFeedReader::check_header_names() {
  std::set<std::string_view> seen;
  std::map<std::uint32_t, std::array<bool, 2>> attributes;  // number -> has a name column, has a value column
  const auto report = [this](Rule rule, std::string_view header, std::string detail) {
    header_violations_.push_back({rule, 1, std::string(header), std::move(detail)});
  };
  for (const std::string& header : headers_) {
    if (header.empty()) {
      report(Rule::header_empty, header, "a column has no header");
      continue;
    }
    if (header.front() >= '0' && header.front() <= '9') {
      report(Rule::header_starts_with_digit, header, "a header may not start with a digit");
    }
    auto index = column_index(header);
    if (index && columns()[*index].assumed && !rules_.assumed_headers) index.reset();
    const bool may_repeat = index && columns()[*index].kind == Kind::ignored;
    const std::string_view field = index ? columns()[field_index(*index)].header : std::string_view(header);
    if (!seen.insert(field).second && !may_repeat) report(Rule::header_repeated, header, "the header comes twice");

    const auto attribute = attribute_header(header);
    if (attribute) attributes[attribute->number].at(attribute->is_name ? 0 : 1) = true;
    const bool registered = rules_.is_registered && rules_.is_registered(header);
    if (!index && !attribute && !registered) {
      report(Rule::header_unknown, header, "not a standard header and not registered in the account");
    }
  }
  for (const auto& [number, has] : attributes) {
    if (has[0] && has[1]) continue;
    report(Rule::header_attribute_unpaired, "Attribute" + std::to_string(number) + (has[0] ? "Name" : "Value"),
           "AttributeNName and AttributeNValue come in pairs");
  }
  if (!seen.contains(kSkuColumn) && !rules_.is_registered) {
    report(Rule::header_inventory_number_missing, kSkuColumn, "every file needs the column Inventory Number");
  }
}

const FeedRow* StrictFeedReader::next() {
  if (!read_line()) return nullptr;
  row_.line = line_number_;
  row_.violations.clear();
  split(line_, rules_.delimiter, row_.cells);
  check_row();
  return &row_;
}

void StrictFeedReader::check_row() {
  const auto report = [this](Rule rule, std::string detail) {
    row_.violations.push_back({rule, row_.line, {}, std::move(detail)});
  };
  if (too_long_) report(Rule::row_too_long, "over " + std::to_string(rules_.max_row_bytes) + " bytes");
  if (ending_ == Ending::none) {
    report(Rule::last_row_unterminated, "the last row has no newline: the file may be cut");
  } else if (ending_ != header_ending_ && header_ending_ != Ending::none) {
    report(Rule::mixed_line_endings, "the header row ends differently");
  }
  if (line_.empty()) {
    report(Rule::empty_line, "the line is empty");
    return;
  }
  if (row_.cells.size() != headers_.size()) {
    report(Rule::cell_count,
           std::to_string(row_.cells.size()) + " cells under " + std::to_string(headers_.size()) + " headers");
  }
  for (std::size_t i = 0; i < row_.cells.size(); ++i) check_cell(i);
}

void StrictFeedReader::check_cell(std::size_t index) {
  const auto fault = text_fault(row_.cells[index]);
  if (!fault) return;
  std::string header = index < headers_.size() ? headers_[index] : std::string{};
  row_.violations.push_back({fault->rule, row_.line, std::move(header),
                             "cell " + std::to_string(index + 1) + ", byte " + std::to_string(fault->at + 1)});
}

std::optional<std::size_t> Feed::column(std::string_view header) const {
  const auto found = std::ranges::find(headers, header);
  if (found == headers.end()) return std::nullopt;
  return static_cast<std::size_t>(found - headers.begin());
}

std::string Feed::cell(std::size_t row, std::string_view header) const {
  const auto index = column(header);
  return index && *index < rows.at(row).size() ? rows.at(row)[*index] : std::string{};
}

std::optional<std::string> Feed::attribute(std::size_t row, std::string_view name) const {
  for (const std::string& header : headers) {
    const auto attribute = attribute_header(header);
    if (!attribute || !attribute->is_name || cell(row, header) != name) continue;
    return cell(row, "Attribute" + std::to_string(attribute->number) + "Value");
  }
  return std::nullopt;
}

Feed read_feed(std::string_view text, const FeedRules& rules) {
  std::istringstream stream{std::string(text)};
  StrictFeedReader reader(stream, rules);
  Feed feed{reader.headers(), {}, reader.header_violations()};
  while (const FeedRow* row = reader.next()) {
    feed.rows.emplace_back(row->cells.begin(), row->cells.end());
    feed.violations.insert(feed.violations.end(), row->violations.begin(), row->violations.end());
  }
  return feed;
}

}  // namespace rithum_simulator
