#include "rithum/table_reader.hpp"

#include <algorithm>

#include "catch.hpp"
#include "rithum/us_time.hpp"

using namespace product_sync;
using namespace product_sync::rithum;

namespace {

using Table = std::vector<std::vector<std::string>>;

Table read(std::string_view text, std::size_t piece) {
  Table table;
  TableReader reader([&](const TableHeader& header, const TableRow& row) -> Result<void> {
    if (table.empty()) table.push_back(header.names());
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < header.names().size(); ++i) cells.emplace_back(row.at(static_cast<int>(i)));
    table.push_back(cells);
    return {};
  });
  for (std::size_t at = 0; at < text.size(); at += piece) REQUIRE(reader.feed(text.substr(at, piece)));
  REQUIRE(reader.finish());
  return table;
}

}  // namespace

TEST_CASE("tables are read as they come: tabs or commas, quotes, either line end, in pieces of any size") {
  struct Row {
    std::string text;
    Table table;
  };
  const auto row = GENERATE(
      Row{"ID\tSku\n1\tA\n2\tB\n", {{"ID", "Sku"}, {"1", "A"}, {"2", "B"}}},
      Row{"\xEF\xBB\xBFID\tSku\r\n1\tA,x\r\n\r\n2", {{"ID", "Sku"}, {"1", "A,x"}, {"2", ""}}},
      Row{"ID,Sku\n1,\"a,\"\"b\"\"\nc\"\n", {{"ID", "Sku"}, {"1", "a,\"b\"\nc"}}},
      Row{"ID\tSku\n1\t5\" pipe\n2\t\"\"\n", {{"ID", "Sku"}, {"1", "5\" pipe"}, {"2", ""}}},
      Row{"ID\n7", {{"ID"}, {"7"}}});
  const std::size_t piece = GENERATE(1U, 3U, 1000U);
  CHECK(read(row.text, piece) == row.table);
}

TEST_CASE("columns are found without case, and missing ones are not there") {
  const TableHeader header({"Inventory Number", " Error Message "});
  CHECK(header.find("inventory number") == 0);
  CHECK(header.find("error message") == 1);
  CHECK(header.find("Status") < 0);
}

TEST_CASE("times of exports are read in their American form") {
  const auto text = [](std::string_view us) {
    const auto instant = parse_us_time(us);
    return instant ? to_iso8601(*instant) : "none";
  };
  CHECK(text("11/23/2026 4:18:54 PM") == "2026-11-23T16:18:54Z");
  CHECK(text("01/02/2026 12:00:00 AM") == "2026-01-02T00:00:00Z");
  CHECK(text("1/2/2026 12:00:00 PM") == "2026-01-02T12:00:00Z");
  CHECK(text("11/23/2026 16:18:54 PM") == "2026-11-23T16:18:54Z");
  for (const auto* broken : {"", "2026-11-23", "13/01/2026 1:00:00 AM", "02/30/2026 1:00:00 AM", "1/2/2026 1:00 PM",
                             "1/2/2026 25:00:00 PM", "1/2/2026 1:00:00"}) {
    CHECK(text(broken) == "none");
  }
}
