#include <algorithm>
#include <functional>

#include "base/bytes.hpp"
#include "catch.hpp"
#include "rithum/feed_writer.hpp"
#include "support/catalog_samples.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;
using namespace product_sync::rithum;
using catalog::Item;
using catalog::Mapping;
using catalog::samples::attribute;
using catalog::samples::column;

namespace {

/// An item as it was told before and as it is now; a new one was not told.
struct Story {
  std::optional<Item> before;
  Item now;
};

struct GoldenCase {
  std::string file;
  Mapping mapping;
  FeedOptions options;
  std::vector<Story> stories;
};

Item radio(std::string_view sku) {
  Item item = catalog::samples::item(sku);
  item.fields["Content"] = "<p>FM\nand AM</p>";
  item.fields["DefaultPrice"] = "12.500000";
  item.fields["DimensionWeight"] = "0.250000";
  item.attributes = {{"BRAND", "SONA", "Sona"}, {"COLOR", "RED", "Bright red"}, {"FBA", "1", "True"}};
  item.cross_references = {{"Barcode", "4006381333931", "EA"}};
  return item;
}

Item without(Item item, const std::function<void(Item&)>& change) {
  change(item);
  return item;
}

Mapping full_mapping() {
  return catalog::samples::mapping(
      {column("Auction Title", "field:Description"), column("Description", "field:Content", true),
       column("Buy It Now Price", "field:DefaultPrice"), column("Weight", "field:DimensionWeight", true),
       column("UPC", "cross_reference:Barcode", true), column("Brand", "attribute:BRAND.label", true),
       column("Condition", "constant:New"), column("Block External Quantity", "attribute:FBA"),
       attribute("Colour", "attribute:COLOR.label", true), attribute("Size", "attribute:SIZE", true)});
}

Item unusual() {
  Item item = radio("ÜBER 1");
  item.fields["Description"] = "Grüße,\taus „日本“ 😀\r\n24\" | tab";
  item.fields["Content"] = "\"Best\" in class\nA & B <C";
  item.fields["DefaultPrice"] = "0";
  item.fields["DimensionWeight"] = "1.25E-05";
  return item;
}

FeedOptions pipes() {
  FeedOptions options;
  options.delimiter = '|';
  options.byte_order_mark = true;
  options.line_ending = LineEnding::crlf;
  options.clear_marker = "_Delete_";
  return options;
}

std::vector<GoldenCase> golden_cases() {
  const auto emptied = [](Item& item) {
    item.fields["Content"] = "<p class=\"richp\"><br></p>";
    item.fields["DimensionWeight"] = "";
    item.fields["DefaultPrice"] = "";
    item.attributes.clear();
    item.cross_references.clear();
  };
  const auto dearer = [](Item& item) { item.fields["DefaultPrice"] = "13"; };
  const Mapping titles = catalog::samples::mapping({column("Auction Title", "field:Description", false)});
  return {
      {"new_products.txt", full_mapping(), {}, {{{}, radio("RADIO-1")}, {{}, radio("RADIO-2")}}},
      {"changed_and_cleared.txt",
       full_mapping(),
       {},
       {{radio("DEARER"), without(radio("DEARER"), dearer)}, {radio("EMPTIED"), without(radio("EMPTIED"), emptied)}}},
      {"unusual_text.txt", full_mapping(), {}, {{{}, unusual()}}},
      {"pipes_crlf_and_byte_order_mark.txt",
       full_mapping(),
       pipes(),
       {{{}, radio("RADIO-1")}, {radio("EMPTIED"), without(radio("EMPTIED"), emptied)}}},
      {"no_rows.txt", full_mapping(), {}, {}},
      {"one_column.txt", titles, {}, {{{}, radio("RADIO-1")}}},
  };
}

std::string write_feed(const GoldenCase& golden) {
  const TemporaryDirectory directory("golden");
  auto writer = FeedWriter::create(directory / golden.file, golden.mapping, golden.options).value();
  for (const Story& story : golden.stories) {
    std::optional<catalog::ToldValues> told;
    if (story.before) {
      told = compare(catalog::samples::product(*story.before, golden.mapping), golden.mapping, nullptr).told;
    }
    const auto product = catalog::samples::product(story.now, golden.mapping);
    REQUIRE(writer.append(compare(product, golden.mapping, told ? &*told : nullptr).row));
  }
  REQUIRE(writer.finish());
  return read_file(directory / golden.file);
}

// Where two texts part, for a person; empty when they do not.
std::string first_difference(std::string_view expected, std::string_view found) {
  if (expected == found) return {};
  const auto parting = std::ranges::mismatch(expected, found);
  const auto at = static_cast<std::size_t>(parting.in1 - expected.begin());
  const auto line = 1 + std::ranges::count(expected.substr(0, at), '\n');
  const std::size_t from = at < 20 ? 0 : at - 20;
  return "byte " + std::to_string(at) + ", line " + std::to_string(line) + ": expected ..." +
         json_quote(expected.substr(from, 60)) + ", found ..." + json_quote(found.substr(from, 60));
}

}  // namespace

TEST_CASE("feeds are the golden files, byte for byte") {
  for (const GoldenCase& golden : golden_cases()) {
    DYNAMIC_SECTION(golden.file) {
      CHECK(first_difference(read_file(std::filesystem::path(GOLDEN_DIRECTORY) / golden.file), write_feed(golden)) ==
            "");
    }
  }
}

TEST_CASE("every golden file belongs to a case") {
  std::vector<std::string> names;
  for (const GoldenCase& golden : golden_cases()) names.push_back(golden.file);
  for (const auto& entry : std::filesystem::directory_iterator(GOLDEN_DIRECTORY)) {
    if (entry.path().extension() != ".txt") continue;
    CAPTURE(entry.path().filename().string());
    CHECK(std::ranges::count(names, entry.path().filename().string()) == 1);
  }
}
