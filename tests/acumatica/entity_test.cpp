#include "acumatica/entity.hpp"

#include "acumatica/item_parser.hpp"
#include "acumatica/item_query.hpp"
#include "catalog/kit.hpp"
#include "catch.hpp"

using namespace product_sync;
using namespace product_sync::acumatica;

namespace {

catalog::Needs wide_needs() {
  catalog::Needs needs;
  needs.fields = {"Description", "ImageUrl", "IsAKit", "BaseUOM"};
  needs.custom_fields = {"ItemSettings.UsrActive"};
  needs.attributes = true;
  needs.cross_references = true;
  needs.details = {{"FileURLs", {"FileURL"}}, {"UOMConversions", {"FromUOM"}}};
  return needs;
}

}  // namespace

TEST_CASE("each entity is asked for what it has, under its own names") {
  const auto non_stock = non_stock_item().own_needs(wide_needs());
  CHECK(non_stock.fields == std::vector<std::string>{"Description", "IsAKit", "BaseUnit"});
  CHECK(non_stock.details == decltype(non_stock.details){{"FileUrls", {"FileURL"}}});
  CHECK(non_stock.cross_references);
  CHECK(non_stock.custom_fields == wide_needs().custom_fields);

  const auto templates = template_item().own_needs(wide_needs());
  CHECK(templates.fields == std::vector<std::string>{"Description", "BaseUOM"});
  CHECK(templates.attributes);
  CHECK_FALSE(templates.cross_references);
  CHECK(templates.details == decltype(templates.details){{"FileURLs", {"FileURL"}}, {"Matrix", {"InventoryID"}}});

  CHECK(stock_item().own_needs(wide_needs()).fields == wide_needs().fields);
}

TEST_CASE("a non-stock item reads as a stock item does") {
  ItemParser parser(non_stock_item());
  const auto page = parser.parse_list(R"([{"InventoryID":{"value":"SERVICE "},"BaseUnit":{"value":"HOUR"},
    "SalesUnit":{"value":"DAY"},"FileUrls":[{"FileURL":{"value":"https://a/b.jpg"}}]}])");
  REQUIRE(page);
  REQUIRE(page->items.size() == 1);
  const auto& item = page->items[0];
  CHECK(item.inventory_id == "SERVICE");
  CHECK(item.entity == catalog::ItemEntity::non_stock_item);
  CHECK(item.field("BaseUOM") == "HOUR");
  CHECK(item.field("SalesUOM") == "DAY");
  REQUIRE(item.detail("FileURLs").size() == 1);
  CHECK(item.detail("FileURLs")[0].at("FileURL") == "https://a/b.jpg");
}

TEST_CASE("revisions of one kit are records of their own") {
  ItemParser parser(kit_specification());
  const auto page = parser.parse_list(R"([
    {"KitInventoryID":{"value":"SET "},"RevisionID":{"value":"01"},"Active":{"value":true},
     "StockComponents":[{"StockInventoryID":{"value":"MUG"},"UOM":{"value":"EACH"},"ComponentQty":{"value":2.0}}]},
    {"KitInventoryID":{"value":"SET"},"RevisionID":{"value":"02 "},"Active":{"value":false}}])");
  REQUIRE(page);
  REQUIRE(page->keys.size() == 2);
  CHECK(page->keys[0] != page->keys[1]);
  CHECK(key_parts(page->keys[1]) == std::vector<std::string>{"SET", "02"});
  const auto kit = catalog::kit_specification(page->items[0]);
  CHECK(kit.kit_id == "SET");
  CHECK(kit.active);
  REQUIRE(kit.components.size() == 1);
  CHECK(kit.components[0].quantity == "2.0");

  const auto nameless = parser.parse_list(R"([{"KitInventoryID":{"value":"SET"}}])");
  REQUIRE_FALSE(nameless);
  CHECK_THAT(nameless.error().message, ContainsSubstring("RevisionID"));
}

TEST_CASE("a key of two parts is two segments of a path") {
  const ItemQuery query("https://erp/KitSpecification", kit_specification_needs(), kit_specification());
  CHECK_THAT(query.by_key("A B\x1F" "01", false), Catch::Matchers::StartsWith("https://erp/KitSpecification/A%20B/01?"));
  CHECK_THAT(query.list({{}, 5, 0}, {true, false}), Catch::Matchers::EndsWith("?$select=KitInventoryID%2CRevisionID&$top=5"));
}
