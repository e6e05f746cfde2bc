#include "server/csv.hpp"

#include <algorithm>
#include <array>

namespace product_sync::server {
namespace {

/// Whether a spreadsheet would take the text for a formula: OWASP's list, without plain numbers.
bool looks_like_formula(std::string_view text) {
  static constexpr std::array<std::string_view, 10> kBeginnings{"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"};
  if (std::ranges::none_of(kBeginnings, [&](auto beginning) { return text.starts_with(beginning); })) return false;
  const bool is_signed = text.front() == '-' || text.front() == '+';
  return !is_signed || text.size() == 1 || text.find_first_not_of("0123456789.", 1) != std::string_view::npos;
}

}  // namespace

void add_csv_line(std::string& csv, std::initializer_list<std::string_view> cells) {
  bool first = true;
  for (const auto cell : cells) {
    if (!first) csv += ',';
    first = false;
    const bool formula = looks_like_formula(cell);
    const bool quoted = cell.find_first_of(",\"\r\n") != std::string_view::npos;
    if (quoted) csv += '"';
    if (formula) csv += '\'';
    for (const char c : cell) {
      if (c == '"') csv += '"';
      csv += c;
    }
    if (quoted) csv += '"';
  }
  csv += "\r\n";
}

}  // namespace product_sync::server
