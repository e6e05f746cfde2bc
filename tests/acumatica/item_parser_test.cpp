#include "acumatica/item_parser.hpp"

#include "catch.hpp"

using namespace product_sync;
using namespace product_sync::acumatica;

namespace {

ParsedPage parse(std::string body) {
  ItemParser parser;
  auto page = parser.parse_list(std::move(body));
  if (!page) FAIL(page.error().text());
  return *page;
}

catalog::Item one(const std::string& record) {
  auto page = parse("[" + record + "]");
  REQUIRE(page.items.size() == 1);
  return page.items[0];
}

std::string error_code(std::string body) {
  ItemParser parser;
  const auto page = parser.parse_list(std::move(body));
  if (page) return "none";
  CHECK(page.error().retry == Retry::later);
  return page.error().code;
}

}  // namespace

TEST_CASE("a whole record becomes an item") {
  const auto item = one(R"({"id":"2acd2eed-1614-e511-9b82-c86000dddf0b","rowNumber":1,"note":{"value":"a note"},
    "InventoryID":{"value":"AAMACHINE1    "},"Description":{"value":"Caf\u00e9 \"machine\"\n\ud83d\ude00"},"ItemClass":{"value":"A B  "},
    "Content":{},"DefaultPrice":{"value":12345678901234.567890},"DimensionWeight":{"value":0},"IsAKit":{"value":false},
    "ExportToExternal":{"value":true},"LastModifiedDateTime":{"value":"2026-07-11T00:00:00+00:00"},"MSRP":{"value":null},
    "Attributes":[{"id":"dfe7","rowNumber":1,"note":null,"AttributeID":{"value":"COLOUR "},"Value":{"value":"RED"},
                   "ValueDescription":{"value":"Bright red"},"custom":{}},
                  {"AttributeID":{"value":"SIZE"},"Value":{},"ValueDescription":{"value":null}},
                  {"AttributeID":{"value":"WIDTH"},"Value":{"value":1.50}}],
    "CrossReferences":[{"AlternateType":{"value":"Barcode"},"AlternateID":{"value":"0123456789012 "},"UOM":{"value":"EA  "}}],
    "WarehouseDetails":[{"WarehouseID":{"value":"MAIN"},"QtyOnHand":{"value":4.50}},{"WarehouseID":{"value":"EAST"},"custom":{}}],
    "custom":{"ItemSettings":{"UsrActive":{"type":"CustomBooleanField","value":true},"UsrNone":{"type":"CustomStringField"},
              "UsrCount":{"type":"CustomIntField","value":7}},"Item":{"AttributeX":{"type":"CustomStringField","value":"y"}}},
    "files":[{"id":"9be45eb7","filename":"Stock Items (AAMACHINE1)\\T2MCRO.jpg","href":"/x"}],"_links":{"self":"/y"}})");
  CHECK(item.inventory_id == "AAMACHINE1");
  CHECK(item.fields == catalog::TextMap{{"InventoryID", "AAMACHINE1"},
                                        {"Description", "Caf\xC3\xA9 \"machine\"\n\xF0\x9F\x98\x80"},
                                        {"ItemClass", "A B"},
                                        {"Content", ""},
                                        {"DefaultPrice", "12345678901234.567890"},
                                        {"DimensionWeight", "0"},
                                        {"IsAKit", "false"},
                                        {"ExportToExternal", "true"},
                                        {"LastModifiedDateTime", "2026-07-11T00:00:00+00:00"},
                                        {"MSRP", ""}});
  CHECK(item.custom_fields == catalog::TextMap{{"Item.AttributeX", "y"},
                                               {"ItemSettings.UsrActive", "true"},
                                               {"ItemSettings.UsrCount", "7"},
                                               {"ItemSettings.UsrNone", ""}});
  REQUIRE(item.attributes.size() == 3);
  CHECK(item.attributes[0].id == "COLOUR");
  CHECK(item.attributes[0].value == "RED");
  CHECK(item.attributes[0].label == "Bright red");
  CHECK(item.attributes[1].value.empty());
  CHECK(item.attributes[1].label.empty());
  CHECK(item.attributes[2].value == "1.50");
  REQUIRE(item.cross_references.size() == 1);
  CHECK(item.cross_references[0].type == "Barcode");
  CHECK(item.cross_references[0].id == "0123456789012");
  CHECK(item.cross_references[0].uom == "EA");
  CHECK(item.details.size() == 1);  // attachments are none
  CHECK(item.detail("WarehouseDetails") ==
        std::vector<catalog::DetailRow>{{{"QtyOnHand", "4.50"}, {"WarehouseID", "MAIN"}}, {{"WarehouseID", "EAST"}}});
}

TEST_CASE("other languages of a field come beside its value") {
  const auto item = one(R"({"InventoryID":{"value":"A"},"Description":{"value":"The pen",
    "Translations":{"fr":"Le stylo","de":null}},"Content":{"Translations":{"fr":"Corps"}},"ItemClass":{"value":"B","Translations":null}})");
  CHECK(item.field("Description") == "The pen");
  CHECK(item.field("Content").empty());
  CHECK(item.translations == std::map<std::string, catalog::TextMap, std::less<>>{
                                 {"Description", {{"de", ""}, {"fr", "Le stylo"}}}, {"Content", {{"fr", "Corps"}}}});
}

TEST_CASE("an empty object, a null and a missing member are the same empty field") {
  const std::string field =
      GENERATE(R"(,"Description":{})", R"(,"Description":{"value":null})", R"(,"Description":{"value":""})", "");
  CHECK(one(R"({"InventoryID":{"value":"A"})" + field + "}").field("Description").empty());
}

TEST_CASE("numbers stay the digits that were sent") {
  const std::string digits = GENERATE("0", "-0.10", "1.5000", "12345678901234.567890", "0.1", "1e2",
                                      "19.989999999999998", "9223372036854775807");
  CHECK(one(R"({"InventoryID":{"value":"A"},"DefaultPrice":{"value": )" + digits + " }}").field("DefaultPrice") ==
        digits);
}

TEST_CASE("the keys come in the server's order and spelling") {
  const auto page = parse(
      R"([{"InventoryID":{"value":"B "}},{"InventoryID":{"value":"a"},"error":"broken"},{"InventoryID":{"value":"C"}}])");
  CHECK(page.keys == std::vector<std::string>{"B ", "a", "C"});
  CHECK(page.items.size() == 2);
}

TEST_CASE("an error in a record stays with that record") {
  const std::string bad = GENERATE(
      R"({"error":"broken","InventoryID":{"value":"BAD "}})", R"({"InventoryID":{"value":"BAD"},"error":"broken"})",
      R"({"InventoryID":{"value":"BAD"},"ItemClass":{"error":"broken"}})",
      R"({"InventoryID":{"value":"BAD"},"custom":{"V":{"F":{"value":null,"error":"broken"}}}})",
      R"({"InventoryID":{"value":"BAD"},"Attributes":[{"error":"broken"}]})");
  const auto page = parse("[" + bad + R"(,{"InventoryID":{"value":"GOOD"}}])");
  REQUIRE(page.items.size() == 1);
  CHECK(page.items[0].inventory_id == "GOOD");
  REQUIRE(page.failed.size() == 1);
  CHECK(page.failed[0].first == "BAD");
  CHECK(page.failed[0].second.code == "acumatica.record_error");
  CHECK_THAT(page.failed[0].second.message, ContainsSubstring("broken"));
}

TEST_CASE("a field with an error and a value keeps its value, and an empty error is none") {
  const auto item = one(R"({"InventoryID":{"value":"A"},"error":"","ItemClass":{"value":"X","error":"inactive"}})");
  CHECK(item.field("ItemClass") == "X");
}

TEST_CASE("a byte order mark, blanks around, an empty list and the wrapped form are read") {
  CHECK(parse("\xEF\xBB\xBF[]").keys.empty());
  CHECK(parse(" \r\n[ ] \n").keys.empty());
  CHECK(parse(R"({"value":[{"InventoryID":{"value":"A"}}]})").keys.size() == 1);
}

TEST_CASE("what is no list of items is an error, never an empty list") {
  struct Row {
    std::string body, code;
  };
  const auto row = GENERATE(
      Row{"", "acumatica.unexpected_reply"}, Row{"  \n", "acumatica.unexpected_reply"},
      Row{"\xEF\xBB\xBF", "acumatica.unexpected_reply"}, Row{"null", "acumatica.unexpected_reply"},
      Row{"{}", "acumatica.unexpected_reply"}, Row{"\"x\"", "acumatica.unexpected_reply"},
      Row{R"({"message":"An error has occurred."})", "acumatica.unexpected_reply"},
      Row{R"({"value":{}})", "acumatica.unexpected_reply"}, Row{"<html></html>", "acumatica.unexpected_reply"},
      Row{"[1]", "acumatica.unexpected_reply"}, Row{"[null]", "acumatica.unexpected_reply"},
      Row{"[{}]", "acumatica.unexpected_reply"}, Row{R"([{"InventoryID":"A"}])", "acumatica.unexpected_reply"},
      Row{R"([{"InventoryID":{}}])", "acumatica.unexpected_reply"},
      Row{R"([{"InventoryID":{"value":"   "}}])", "acumatica.unexpected_reply"},
      Row{R"([{"InventoryID":{"value":"A"})", "acumatica.malformed_json"}, Row{"[{\"Inv", "acumatica.malformed_json"},
      Row{R"([{"InventoryID":{"value":"A"},"x":[tru]}])", "acumatica.malformed_json"},
      Row{R"([{"InventoryID":{"value":"A"},"x":01}])", "acumatica.malformed_json"},
      Row{"[{\"InventoryID\":{\"value\":\"A\xFF\"}}]", "acumatica.malformed_json"},
      Row{"[] []", "acumatica.malformed_json"},
      Row{"[{\"InventoryID\":{\"value\":\"A\nB\"}}]", "acumatica.malformed_json"},
      Row{"NaN", "acumatica.malformed_json"}, Row{std::string(3000, '['), "acumatica.malformed_json"});
  CHECK(error_code(row.body) == row.code);
}

TEST_CASE("every beginning of a page is refused, and so is one with a byte missing in the middle") {
  const std::string page =
      R"([{"id":"x","InventoryID":{"value":"A"},"P":{"value":1.50},"custom":{"V":{"F":{"type":"t","value":true}}}}])";
  ItemParser parser;
  REQUIRE(parser.parse_list(page));
  for (std::size_t length = 0; length < page.size(); ++length) CHECK_FALSE(parser.parse_list(page.substr(0, length)));
  CHECK(parser.parse_list(page));
}

TEST_CASE("one record is read like a list of one") {
  ItemParser parser;
  CHECK(parser.parse_record(R"({"InventoryID":{"value":"A"}})").value().items[0].inventory_id == "A");
  CHECK(parser.parse_record("[]").error().code == "acumatica.unexpected_reply");
  CHECK(parser.parse_record("").error().code == "acumatica.unexpected_reply");
}
