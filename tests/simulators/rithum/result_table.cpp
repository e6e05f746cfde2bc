#include "result_table.hpp"

namespace rithum_simulator {

void ResultTable::add(const FeedRow& row, std::string_view sku, const RowResult& result) {
  constexpr std::string_view kStatuses[] = {"Created", "Updated", "Skipped", "Error"};
  text_ += std::to_string(row.line) + '\t';
  for (const char c : sku) text_ += c == '\t' || c == '\r' ? ' ' : c;
  (text_ += '\t') += kStatuses[static_cast<std::size_t>(result.outcome)];
  (text_ += '\t') += result.rejection.reason;
  text_ += '\t';
  if (result.outcome == Outcome::rejected) {
    text_ += result.rejection.column.empty() ? "" : result.rejection.column + ": ";
    for (const char c : result.rejection.detail) text_ += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  text_ += '\n';
}

}  // namespace rithum_simulator
