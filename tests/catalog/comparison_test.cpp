#include "catalog/comparison.hpp"

#include "catch.hpp"
#include "support/catalog_samples.hpp"

using namespace product_sync::catalog;
using samples::attribute;
using samples::column;

namespace {

Mapping sample_mapping() {
  return samples::mapping({column("Auction Title", "field:Description"), column("MPN", "field:Mpn"),
                           column("Brand", "field:Brand", true), attribute("Color", "field:Color", true)});
}

Product radio(std::string_view mpn, std::string_view brand, std::string_view color) {
  Item item = samples::item("RADIO");
  item.fields["Mpn"] = mpn;
  item.fields["Brand"] = brand;
  item.fields["Color"] = color;
  return samples::product(item, sample_mapping());
}

std::vector<std::string> changes(const Difference& difference) {
  std::vector<std::string> lines;
  for (const Change& change : difference.changes) {
    lines.push_back(change.key + ": " + change.before + " -> " + change.after);
  }
  return lines;
}

std::vector<std::string> cells(const Difference& difference) {
  std::vector<std::string> texts;
  for (const Cell& cell : difference.row.cells) {
    texts.push_back(cell.kind == CellKind::clear       ? "<clear>"
                    : cell.kind == CellKind::unchanged ? "<blank>"
                                                       : cell.text);
  }
  return texts;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("everything of a new product is a change") {
  const auto difference = compare(radio("M1", "", "red"), sample_mapping(), nullptr);
  CHECK(changes(difference) == Lines{"Classification:  -> Electronics", "Auction Title:  -> Radio", "MPN:  -> M1",
                                     "attribute:Color:  -> red"});
  CHECK(cells(difference) == Lines{"Radio", "M1", "<blank>", "red"});
  CHECK(difference.row.sku.text() == "RADIO");
  CHECK(difference.row.classification == "Electronics");
  CHECK(difference.told ==
        ToldValues{
            {"Classification", "Electronics"}, {"Auction Title", "Radio"}, {"MPN", "M1"}, {"attribute:Color", "red"}});
}

TEST_CASE("what Rithum was told already is no change, but the row still holds every current value") {
  const auto told = compare(radio("M1", "Sona", "red"), sample_mapping(), nullptr).told;
  const auto same = compare(radio("M1", "Sona", "red"), sample_mapping(), &told);
  CHECK(same.changes.empty());
  CHECK(same.told == told);

  const auto difference = compare(radio("M2", "Sona", "red"), sample_mapping(), &told);
  CHECK(changes(difference) == Lines{"MPN: M1 -> M2"});
  CHECK(cells(difference) == Lines{"Radio", "M2", "Sona", "red"});
}

TEST_CASE("an emptied value is cleared only where the mapping says so") {
  const auto told = compare(radio("M1", "Sona", "red"), sample_mapping(), nullptr).told;
  const auto difference = compare(radio("", "", ""), sample_mapping(), &told);
  CHECK(changes(difference) == Lines{"Brand: Sona -> ", "attribute:Color: red -> "});
  CHECK(cells(difference) == Lines{"Radio", "<blank>", "<clear>", "<clear>"});
  // Rithum keeps the MPN, so it stays told; of the cleared ones is known that they are empty.
  CHECK(difference.told == ToldValues{{"Classification", "Electronics"},
                                      {"Auction Title", "Radio"},
                                      {"MPN", "M1"},
                                      {"Brand", ""},
                                      {"attribute:Color", ""}});
}

TEST_CASE("a cleared value is no change again, and each later row repeats its marker: the first may have been refused") {
  auto told = compare(radio("M1", "Sona", "red"), sample_mapping(), nullptr).told;
  told = compare(radio("M1", "", "red"), sample_mapping(), &told).told;
  const auto again = compare(radio("M1", "", "red"), sample_mapping(), &told);
  CHECK(again.changes.empty());
  CHECK(again.told == told);
  CHECK(cells(again) == Lines{"Radio", "M1", "<clear>", "red"});

  const auto filled = compare(radio("M1", "Sona", "red"), sample_mapping(), &told);
  CHECK(changes(filled) == Lines{"Brand:  -> Sona"});
}

TEST_CASE("a value that was empty and never told is not cleared") {
  const auto difference = compare(radio("", "", ""), sample_mapping(), nullptr);
  CHECK(cells(difference) == Lines{"Radio", "<blank>", "<blank>", "<blank>"});
}

TEST_CASE("a changed classification is a change") {
  auto told = compare(radio("", "", ""), sample_mapping(), nullptr).told;
  told["Classification"] = "Toys";
  CHECK(changes(compare(radio("", "", ""), sample_mapping(), &told)) == Lines{"Classification: Toys -> Electronics"});
}

TEST_CASE("what an earlier mapping told stays told") {
  ToldValues told = compare(radio("", "", ""), sample_mapping(), nullptr).told;
  told["Warranty"] = "2 years";
  const auto difference = compare(radio("", "", ""), sample_mapping(), &told);
  CHECK(difference.changes.empty());
  CHECK(difference.told.at("Warranty") == "2 years");
}

TEST_CASE("zero is a value") {
  const auto mapping = samples::mapping({column("Buy It Now Price", "field:Price", true)});
  Item item = samples::item("R");
  item.fields["Price"] = "5";
  const auto told = compare(samples::product(item, mapping), mapping, nullptr).told;
  item.fields["Price"] = "0";
  const auto difference = compare(samples::product(item, mapping), mapping, &told);
  CHECK(changes(difference) == Lines{"Buy It Now Price: 5.00 -> 0.00"});
  CHECK(cells(difference) == Lines{"0.00"});
}

TEST_CASE("the content hash is equal exactly when there is nothing to tell") {
  const std::string hash = content_hash(radio("M1", "Sona", "red"), sample_mapping());
  CHECK(hash.size() == 64);
  CHECK(content_hash(radio("M1", "Sona", "red"), sample_mapping()) == hash);
  CHECK(content_hash(radio("M2", "Sona", "red"), sample_mapping()) != hash);
  CHECK(content_hash(radio("M1", "", "red"), sample_mapping()) != hash);
  CHECK(content_hash(radio("", "M1", "red"), sample_mapping()) !=
        content_hash(radio("M1", "", "red"), sample_mapping()));

  Product other = radio("M1", "Sona", "red");
  other.classification = "Toys";
  CHECK(content_hash(other, sample_mapping()) != hash);

  Mapping renamed = sample_mapping();
  renamed.values.back().name = "Colour";
  CHECK(content_hash(radio("M1", "Sona", "red"), renamed) != hash);

  // An empty value that became clearable has to be cleared: not the same content.
  Mapping clearable = sample_mapping();
  clearable.values[1].clearable = true;
  CHECK(content_hash(radio("", "Sona", "red"), clearable) != content_hash(radio("", "Sona", "red"), sample_mapping()));
}

TEST_CASE("a label that was told and is gone is taken away, and nothing else clears labels") {
  Item radio = samples::item("R");
  const auto mapping = samples::mapping({column("Labels", "field:Labels")});
  const ToldValues told{{"Classification", "Electronics"}, {"Labels", "Sale,Web"}};
  SECTION("one of two") {
    radio.fields["Labels"] = "Web";
    const auto difference = compare(samples::product(radio, mapping), mapping, &told);
    REQUIRE(difference.changes.size() == 1);
    CHECK(difference.row.cells[0].text == "Web,-Sale");
    CHECK(difference.told.at("Labels") == "Web");
  }
  SECTION("all") {
    const auto difference = compare(samples::product(radio, mapping), mapping, &told);
    REQUIRE(difference.changes.size() == 1);
    CHECK(difference.row.cells[0].kind == CellKind::set);
    CHECK(difference.row.cells[0].text == "-Sale,-Web");
    CHECK_FALSE(difference.told.contains("Labels"));
    CHECK(compare(samples::product(radio, mapping), mapping, &difference.told).changes.empty());
  }
}

TEST_CASE("a value that a policy left out stays in Rithum as it was, even where it could be cleared") {
  Item radio = samples::item("R");
  radio.fields["Price"] = "abc";
  auto mapping = samples::mapping({column("Retail Price", "field:Price", true)});
  mapping.policies = {{"not_a_number", Policy::drop}};
  const ToldValues told{{"Classification", "Electronics"}, {"Retail Price", "9.00"}};
  const auto difference = compare(samples::product(radio, mapping), mapping, &told);
  CHECK(difference.changes.empty());
  CHECK(difference.row.cells[0].kind == CellKind::unchanged);
  CHECK(difference.told == told);
}
