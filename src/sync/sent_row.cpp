#include "sync/sent_row.hpp"

#include <fstream>
#include <system_error>

#include "base/bytes.hpp"

namespace product_sync::sync {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kSkuColumn = "Inventory Number";

std::vector<std::string> split_cells(std::string_view line, char delimiter) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string> cells;
  while (true) {
    const auto end = line.find(delimiter);
    cells.emplace_back(line.substr(0, end));
    if (end == std::string_view::npos) return cells;
    line.remove_prefix(end + 1);
  }
}

bool is_row_of(std::string_view line, char delimiter, std::string_view sku_key) {
  return line.size() > sku_key.size() && line[sku_key.size()] == delimiter &&
         to_lower_ascii(line.substr(0, sku_key.size())) == sku_key;
}

std::vector<SentCell> named(const std::vector<std::string>& columns, const std::vector<std::string>& cells) {
  std::vector<SentCell> row;
  for (std::size_t i = 0; i < columns.size() && i < cells.size(); ++i) {
    if (!cells[i].empty()) row.push_back({columns[i], cells[i]});
  }
  return row;
}

}  // namespace

std::optional<std::vector<SentCell>> find_sent_row(const std::filesystem::path& file, std::string_view sku_key,
                                                   std::uint64_t& budget) {
  std::error_code failure;
  const auto size = std::filesystem::file_size(file, failure);
  if (failure || size > budget) return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  std::string_view header = line;
  if (header.starts_with(kByteOrderMark)) header.remove_prefix(kByteOrderMark.size());
  if (!header.starts_with(kSkuColumn) || header.size() == kSkuColumn.size()) return std::nullopt;
  const char delimiter = header[kSkuColumn.size()];
  const auto columns = split_cells(header, delimiter);
  budget -= size;
  while (std::getline(in, line)) {
    if (is_row_of(line, delimiter, sku_key)) return named(columns, split_cells(line, delimiter));
  }
  return std::nullopt;
}

}  // namespace product_sync::sync
