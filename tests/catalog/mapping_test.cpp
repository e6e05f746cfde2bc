#include "catalog/mapping.hpp"

#include "catch.hpp"
#include "support/catalog_samples.hpp"

using namespace product_sync::catalog;
using samples::attribute;
using samples::column;
using samples::sources;

namespace {

std::vector<std::string> codes(const Mapping& mapping) {
  std::vector<std::string> found;
  for (const auto& error : mapping.check()) found.push_back(error.code);
  return found;
}

}  // namespace

TEST_CASE("keys tell columns and attributes of one name apart") {
  CHECK(column("Brand", "field:X").key() == "Brand");
  CHECK(attribute("Brand", "field:X").key() == "attribute:Brand");
}

TEST_CASE("a mapping needs what its sources and eligibility read, each once") {
  const auto mapping =
      samples::mapping({column("Auction Title", "field:Description"), column("Short Description", "field:Description"),
                        column("Brand", "custom:ItemSettings.UsrBrand")});
  const Needs needs = mapping.needs();
  CHECK(needs.fields ==
        std::vector<std::string>{"Description", "InventoryID", "IsAKit", "ItemClass", "ItemStatus", "TemplateItemID"});
  CHECK(needs.custom_fields == std::vector<std::string>{"ItemSettings.UsrActiveOnRithum", "ItemSettings.UsrBrand"});
  CHECK_FALSE(needs.attributes);
  CHECK_FALSE(needs.cross_references);

  CHECK(samples::mapping({attribute("Color", "attribute:COLOR")}).needs().attributes);
  CHECK(samples::mapping({column("UPC", "cross_reference:Barcode")}).needs().cross_references);
}

TEST_CASE("the fingerprint changes with everything that changes a product") {
  const auto mapping = samples::mapping({column("Brand", "field:A"), attribute("Color", "attribute:COLOR")});
  const std::string fingerprint = mapping.fingerprint();
  CHECK(fingerprint.size() == 64);
  CHECK(Mapping(mapping).fingerprint() == fingerprint);

  Mapping changed = mapping;
  SECTION("a class") { changed.conditions.classifications["TOYS"] = "Toys"; }
  SECTION("a classification") { changed.conditions.classifications["ELEC"] = "Other"; }
  SECTION("the box") { changed.conditions.active = sources("field:ExportToExternal"); }
  SECTION("a source") { changed.values[0].sources = sources("field:B"); }
  SECTION("a source added") { changed.values[0].sources.emplace_back(Source(ConstantSource{"x"})); }
  SECTION("a step") { changed.values[0].sources[0].steps.push_back(NumberFormat{}); }
  SECTION("a policy") { changed.values[0].policies["too_long"] = Policy::drop; }
  SECTION("a policy of the site") { changed.policies["too_long"] = Policy::drop; }
  SECTION("a name in Rithum") { changed.references.suppliers.insert("ACME"); }
  SECTION("a status") { changed.conditions.exported_statuses.insert("Aktiv"); }
  SECTION("a filter") {
    changed.conditions.when = Condition{Test{parse_source("field:A").value(), Operator::empty, {"false"}}};
  }
  SECTION("where pictures go") { changed.values[0].pictures.placement = "IMG"; }
  SECTION("clearable") { changed.values[0].clearable = true; }
  SECTION("a column") { changed.values[0] = column("Manufacturer", "field:A"); }
  SECTION("an attribute's name") { changed.values[1].name = "Colour"; }
  SECTION("a value less") { changed.values.pop_back(); }
  SECTION("label instead of value") { changed.values[1].sources = sources("attribute:COLOR.label"); }
  CHECK(changed.fingerprint() != fingerprint);
}

TEST_CASE("values are arranged in feed order, attributes last and as configured") {
  const auto mapping = samples::mapping({attribute("Size", "attribute:S"), column("Flag", "constant:RedFlag"),
                                         attribute("Color", "attribute:C"), column("Auction Title", "field:D")});
  std::vector<std::string> keys;
  for (const auto& value : mapping.values) keys.push_back(value.key());
  CHECK(keys == std::vector<std::string>{"Auction Title", "Flag", "attribute:Size", "attribute:Color"});
}

TEST_CASE("the shipping group may be repeated, each time behind the whole group before") {
  auto second = column("Ship Zone Name", "field:B");
  second.repetition = 2;
  const auto mapping = samples::mapping({attribute("Color", "field:C"), second, column("Ship Class Code", "field:A"),
                                         column("Default Package Name", "field:D")});
  std::vector<std::string> keys;
  for (const auto& value : mapping.values) keys.push_back(value.key());
  CHECK(keys ==
        std::vector<std::string>{"Ship Class Code", "Default Package Name", "Ship Zone Name (2)", "attribute:Color"});
  CHECK(codes(mapping).empty());
  auto brand = column("Brand", "field:A");
  brand.repetition = 2;
  CHECK(codes(samples::mapping({brand})) == std::vector<std::string>{"mapping.repetition"});
}

TEST_CASE("a sound mapping has no errors") {
  CHECK(codes(samples::mapping({column("Auction Title", "field:Description"), column("Brand", "attribute:BRAND", true),
                                column("Quantity", "field:Q"), column("Quantity Update Type", "constant:InStock"),
                                attribute("Color", "attribute:COLOR.label", true)}))
            .empty());
}

TEST_CASE("what is wrong with a mapping is found, all of it") {
  Mapping mapping = samples::mapping({column("Brand", "field:A")});
  std::vector<std::string> expected;
  SECTION("no class") {
    mapping.conditions.classifications.clear();
    expected = {"mapping.no_classification"};
  }
  SECTION("a classification that cannot stand in a feed") {
    mapping.conditions.classifications["ELEC"] = "\"Elec\"";
    expected = {"mapping.classification"};
  }
  SECTION("an empty classification") {
    mapping.conditions.classifications["ELEC"] = " ";
    expected = {"mapping.classification"};
  }
  SECTION("a classification that is not among those of Rithum") {
    mapping.references.classifications = {"Toys"};
    expected = {"mapping.classification"};
  }
  SECTION("no box") {
    mapping.conditions.active.clear();
    expected = {"mapping.no_active_box"};
  }
  SECTION("a column twice") {
    mapping.values.push_back(column("Brand", "field:B"));
    expected = {"mapping.twice"};
  }
  SECTION("an attribute twice but for case") {
    mapping.values.push_back(attribute("Color", "field:B"));
    mapping.values.push_back(attribute("color", "field:B"));
    expected = {"mapping.twice"};
  }
  SECTION("a title that could be cleared") {
    mapping.values = {column("Auction Title", "field:A", true)};
    expected = {"mapping.not_clearable"};
  }
  SECTION("a quantity without its type") {
    mapping.values = {column("Quantity", "field:A")};
    expected = {"mapping.no_update_type"};
  }
  SECTION("a quantity by warehouse without its type") {
    mapping.values.push_back(column("DC Quantity", "field:A"));
    expected = {"mapping.no_update_type"};
  }
  SECTION("a constant that its column refuses") {
    mapping.values.push_back(column("Condition", "constant:Mint"));
    expected = {"mapping.constant"};
  }
  SECTION("a column of the feed itself") {
    mapping.values = {{"Inventory Number", &attribute_column(), false, sources("field:A"), false}};
    expected = {"mapping.column"};
  }
  SECTION("an unknown column") {
    mapping.values.push_back({"Colour", nullptr, false, sources("field:A"), false});
    expected = {"mapping.column"};
  }
  SECTION("an attribute name that would break a row") {
    mapping.values.push_back(attribute("a\tb", "field:A"));
    expected = {"mapping.attribute_name"};
  }
  SECTION("no source") {
    mapping.values[0].sources.clear();
    expected = {"mapping.no_source"};
  }
  SECTION("out of order") {
    mapping.values.push_back(column("Auction Title", "field:A"));
    expected = {"mapping.order"};
  }
  SECTION("several at once") {
    mapping.conditions = {};
    mapping.values[0].sources.clear();
    expected = {"mapping.no_classification", "mapping.no_active_box", "mapping.no_source"};
  }
  CHECK(codes(mapping) == expected);
  for (const auto& error : mapping.check()) CHECK_FALSE(error.remedy.empty());
}

TEST_CASE("a relationship must be among those that Rithum is known to have, where these are configured") {
  Mapping mapping = samples::mapping({column("Brand", "field:A")});
  mapping.variations.emplace();
  mapping.variations->relationships = {{"Color and Size", {{"Color", sources("attribute:COLOR")}}, {}, {"APPAREL"}}};
  mapping.arrange();
  CHECK(codes(mapping).empty());
  mapping.references.relationships = {"color and size", "Other"};
  CHECK(codes(mapping).empty());
  mapping.references.relationships = {"Other"};
  CHECK(codes(mapping) == std::vector<std::string>{"mapping.relationship"});
}
