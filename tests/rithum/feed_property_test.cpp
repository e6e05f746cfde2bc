#include <random>
#include <sstream>

#include "catch.hpp"
#include "rithum/feed_writer.hpp"
#include "simulators/rithum/field_rules.hpp"
#include "simulators/rithum/strict_feed_reader.hpp"
#include "support/catalog_samples.hpp"
#include "support/seed.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;
using catalog::Item;
using catalog::Mapping;

namespace {

/// Items whose every text is a surprise.
class RandomItems {
 public:
  explicit RandomItems(std::uint64_t seed) : random_(seed) {}

  Item item(int number, const Mapping& mapping) {
    Item item = catalog::samples::item("SKU-" + std::to_string(number));
    if (one_in(10)) item.inventory_id += text();
    item.fields["Description"] = one_in(20) ? "" : text();
    for (const auto& value : mapping.values) {
      if (one_in(4)) continue;
      item.fields["F:" + value.name] = matching(*value.column);
    }
    return item;
  }

  bool one_in(std::size_t count) { return below(count) == 0; }

 private:
  std::size_t below(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }

  // Mostly what the column asks for, sometimes not.
  std::string matching(const catalog::Column& column) {
    if (one_in(1000)) return text();
    switch (column.type) {
      case catalog::ColumnType::money:
      case catalog::ColumnType::decimal:
        return (one_in(1000) ? "-" : "") + std::to_string(below(100'000)) + "." + std::to_string(below(1'000'000));
      case catalog::ColumnType::integer:
        return std::to_string(below(10'000)) + ".000";
      case catalog::ColumnType::boolean:
        return one_in(2) ? "True" : "0";
      case catalog::ColumnType::choice:
        return std::string(column.choices[below(column.choices.size())]);
      case catalog::ColumnType::gtin:
        return ean(400);
      case catalog::ColumnType::isbn:
        return ean(978);
      case catalog::ColumnType::asin:
        return "b" + std::to_string(100'000'000 + below(900'000'000));
      case catalog::ColumnType::labels:
        return "Label " + std::to_string(below(5)) + "," + text() + ", Label " + std::to_string(below(5));
      case catalog::ColumnType::pictures:
        return "https://example.com/" + std::to_string(below(5)) + ".jpg?a=1,2, https://example.com/b.jpg";
      case catalog::ColumnType::quantities:
        return "DC" + std::to_string(below(3)) + "=" + std::to_string(below(100)) + ".0";
      case catalog::ColumnType::text:
      case catalog::ColumnType::html:
        return text();
    }
    return {};
  }

  // Thirteen digits, the last of which checks the others.
  std::string ean(std::size_t prefix) {
    std::string digits = std::to_string(prefix * 1'000'000'000 + below(1'000'000'000));
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
    return digits + std::to_string((10 - sum % 10) % 10);
  }

  std::string text() {
    static const std::vector<std::string> kPieces{"a",
                                                  "B",
                                                  " ",
                                                  "  ",
                                                  "radio",
                                                  "ü",
                                                  "日本",
                                                  "😀",
                                                  "\t",
                                                  "\n",
                                                  "\r\n",
                                                  "\r",
                                                  "\"",
                                                  "'",
                                                  "|",
                                                  ",",
                                                  "&",
                                                  "<",
                                                  ">",
                                                  "<p>",
                                                  "</p>",
                                                  "<b>",
                                                  "<script>",
                                                  "_DELETE_",
                                                  "_Delete_",
                                                  "=",
                                                  "\\",
                                                  "\x01",
                                                  "\x1B",
                                                  "\x7F",
                                                  "\xC2\x85",
                                                  "\xE2\x80\xA8",
                                                  "\xE2\x80\xA9",
                                                  "\xEF\xBB\xBF",
                                                  "\xC2\xA0",
                                                  "&#9;",
                                                  "&#10;",
                                                  "&quot;",
                                                  "0",
                                                  "-"};
    std::string text = one_in(30) ? "" : "x";  // quotation marks and markers at the beginning are refused
    const std::size_t pieces = one_in(30) ? 300 : below(12);
    for (std::size_t i = 0; i < pieces; ++i) text += kPieces[below(kPieces.size())];
    if (one_in(100)) text += '\0';
    if (one_in(1000)) text += "\xFF";
    if (one_in(1000)) text += "\xE2\x82";
    return text;
  }

  std::mt19937_64 random_;
};

// Every column there is.
Mapping whole_table() {
  using catalog::samples::attribute;
  using catalog::samples::column;
  std::vector<catalog::ValueMapping> values;
  for (const auto& one : catalog::columns()) {
    const std::string name(one.name);
    values.push_back(column(name, name == "Auction Title" ? "field:Description" : "field:F:" + name, one.clearable));
  }
  values.push_back(attribute("Colour", "field:F:Colour", true));
  values.push_back(attribute("Size & fit | \"x\"", "field:F:Size & fit | \"x\"", true));
  Mapping mapping = catalog::samples::mapping(std::move(values));
  REQUIRE(mapping.check().empty());
  return mapping;
}

std::string describe(const std::vector<rithum_simulator::Violation>& violations) {
  std::ostringstream text;
  for (const auto& violation : violations) {
    text << to_string(violation.rule) << " in line " << violation.line << ", " << violation.header << ": "
         << violation.detail << "\n";
  }
  return text.str();
}

// What the account says against the cells of a feed; empty = nothing.
std::string refusals(const rithum_simulator::Feed& feed) {
  std::string text;
  for (const auto& row : feed.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto index = rithum_simulator::column_index(feed.headers[i]);
      if (!index || row[i].empty()) continue;
      const auto refusal = rithum_simulator::check_value(rithum_simulator::columns()[*index], row[i], {});
      if (refusal) text += row.front() + ", " + feed.headers[i] + ": " + refusal->detail + "\n";
    }
  }
  return text;
}

}  // namespace

TEST_CASE("random products: every feed passes the independent strict reader and every cell its column's rules") {
  const std::uint64_t seed = testing::random_seed();
  CAPTURE(seed);
  RandomItems items(seed);
  const Mapping mapping = whole_table();
  const TemporaryDirectory directory("feed");
  rithum::FeedOptions options;
  options.line_ending = items.one_in(2) ? rithum::LineEnding::crlf : rithum::LineEnding::lf;
  auto writer = rithum::FeedWriter::create(directory / "a.txt", mapping, options).value();

  std::vector<catalog::Row> written;
  std::size_t parked = 0;
  for (int i = 0; i < 2000; ++i) {
    // An earlier state of some, so that there is something to clear.
    catalog::ToldValues told;
    const auto earlier = decide(items.item(i, mapping), mapping);
    const auto* before = std::get_if<catalog::Product>(&earlier);
    if (before != nullptr) told = compare(*before, mapping, nullptr).told;
    const auto decision = decide(items.item(i, mapping), mapping);
    const auto* product = std::get_if<catalog::Product>(&decision);
    if (product == nullptr) {
      ++parked;
      REQUIRE_FALSE(std::get<catalog::Parked>(decision).reasons.empty());
      continue;
    }
    auto difference = compare(*product, mapping, before == nullptr ? nullptr : &told);
    const auto appended = writer.append(difference.row);
    if (!appended) FAIL(appended.error().text());
    // Delivered and compared again, nothing is left to tell.
    REQUIRE(compare(*product, mapping, &difference.told).changes.empty());
    written.push_back(std::move(difference.row));
  }
  REQUIRE(writer.finish());
  CHECK(parked > 100);
  CHECK(written.size() > 200);

  const auto feed = rithum_simulator::read_feed(read_file(directory / "a.txt"));
  CHECK(describe(feed.violations) == "");
  CHECK(refusals(feed) == "");
  REQUIRE(feed.rows.size() == written.size());
  std::size_t cleared = 0;
  for (std::size_t i = 0; i < written.size(); ++i) {
    REQUIRE(feed.cell(i, "Inventory Number") == written[i].sku.text());
    for (std::size_t j = 0; j < mapping.values.size(); ++j) {
      const auto& cell = written[i].cells[j];
      const auto& value = mapping.values[j];
      const std::string expected = cell.kind == catalog::CellKind::clear ? "_DELETE_" : cell.text;
      cleared += cell.kind == catalog::CellKind::clear ? 1 : 0;
      const std::string found =
          value.is_attribute ? feed.attribute(i, value.name).value_or("") : feed.cell(i, value.name);
      REQUIRE(found == expected);
    }
  }
  CHECK(cleared > 0);
}
