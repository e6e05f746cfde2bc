#include <string>
#include <string_view>
#include <vector>

#include "fuzz/must_hold.hpp"
#include "rithum/table_reader.hpp"
#include "rithum/us_time.hpp"

using namespace product_sync;
using namespace product_sync::rithum;

namespace {

using Table = std::vector<std::vector<std::string>>;

Table read(std::string_view text, std::size_t piece) {
  Table table;
  TableReader reader([&](const TableHeader& header, const TableRow& row) -> Result<void> {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i <= header.names().size(); ++i) cells.emplace_back(row.at(static_cast<int>(i)));
    table.push_back(std::move(cells));
    return {};
  });
  for (std::size_t at = 0; at < text.size(); at += piece) {
    must_hold(reader.feed(text.substr(at, piece)).has_value(), "a small text is never too long");
  }
  must_hold(reader.finish().has_value(), "whatever stands there is a table");
  return table;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  must_hold(read(text, 1) == read(text, size + 1), "the size of the pieces does not matter");
  const auto time = parse_us_time(text);
  must_hold(!time || to_iso8601(*time).size() >= 20, "what is taken for a time is one");
  return 0;
}
