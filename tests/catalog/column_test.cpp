#include "catalog/column.hpp"

#include <set>

#include "catalog/source.hpp"
#include "catalog/text.hpp"
#include "catch.hpp"

using namespace product_sync::catalog;

TEST_CASE("columns are found by their header in any case") {
  REQUIRE(find_column("Auction Title") != nullptr);
  CHECK(find_column("auction title") == find_column("Auction Title"));
  CHECK(find_column("AUCTION TITLE")->name == "Auction Title");
  CHECK(find_column("Auction  Title") == nullptr);
  CHECK(find_column("") == nullptr);
}

TEST_CASE("what the feed writes by itself cannot be mapped") {
  const std::string header =
      GENERATE("Inventory Number", "inventory number", "Classification", "Variation Parent SKU", "Relationship Name",
               "Bundle Components", "Attribute1Name", "Attribute12Value", "attribute3value", "(repeat)");
  CAPTURE(header);
  CHECK(find_column(header) == nullptr);
  CHECK(is_written_by_feed(header));
}

TEST_CASE("mappable columns are no headers of the feed itself") {
  std::set<std::string_view> names;
  for (const Column& column : columns()) {
    CAPTURE(column.name);
    CHECK_FALSE(is_written_by_feed(column.name));
    CHECK(names.insert(column.name).second);
    CHECK_FALSE(column.rule.empty());
    CHECK_FALSE(cell_fault(column.name));
    CHECK((column.type == ColumnType::choice) == !column.choices.empty());
  }
  CHECK_FALSE(is_written_by_feed("AttributeName"));
  CHECK_FALSE(is_written_by_feed("Attribute1"));
}

TEST_CASE("documented limits and clear rules are in the table") {
  CHECK(find_column("Auction Title")->longest == 120);
  CHECK(find_column("Short Description")->longest == 1000);
  CHECK(find_column("Inventory Subtitle")->longest == 100);
  CHECK(find_column("Condition")->choices.size() == 5);
  CHECK(find_column("Flag")->choices.size() == 10);
  CHECK(find_column("Quantity Update Type")->choices.size() == 5);
  for (const char* stays : {"Auction Title", "Quantity", "Quantity Update Type", "DC Quantity", "Labels"}) {
    CAPTURE(stays);
    CHECK_FALSE(find_column(stays)->clearable);
  }
  CHECK(find_column("Description")->clearable);
  CHECK(find_column("Description")->type == ColumnType::html);
  CHECK(attribute_column().clearable);
}

TEST_CASE("the whole classic header of 2013 and the additions of 2020 are covered, in order") {
  // rithum.md §2.1 and §2.2, without what the feed writes by itself
  const std::vector<std::string_view> headers{"Auction Title",
                                              "Quantity Update Type",
                                              "Quantity",
                                              "Starting Bid",
                                              "Reserve",
                                              "Weight",
                                              "ISBN",
                                              "UPC",
                                              "EAN",
                                              "ASIN",
                                              "MPN",
                                              "Short Description",
                                              "Description",
                                              "Manufacturer",
                                              "Brand",
                                              "Condition",
                                              "Warranty",
                                              "Seller Cost",
                                              "Product Margin",
                                              "Buy It Now Price",
                                              "Retail Price",
                                              "Second Chance Offer Price",
                                              "Picture URLs",
                                              "TaxProductCode",
                                              "Supplier Code",
                                              "Supplier PO",
                                              "Warehouse Location",
                                              "Received In Inventory",
                                              "Inventory Subtitle",
                                              "Ad Template Name",
                                              "Posting Template Name",
                                              "Schedule Name",
                                              "eBay Category List",
                                              "eBay Store Category Name",
                                              "Labels",
                                              "DC Code",
                                              "Do Not Consolidate",
                                              "ChannelAdvisor Store Title",
                                              "ChannelAdvisor Store Description",
                                              "Store Meta Description",
                                              "ChannelAdvisor Store Price",
                                              "ChannelAdvisor Store Category ID",
                                              "Harmonized Code",
                                              "Height",
                                              "Length",
                                              "Width",
                                              "Ship Zone Name",
                                              "Ship Carrier Code",
                                              "Ship Class Code",
                                              "Ship Rate First Item",
                                              "Ship Handling First Item",
                                              "Ship Rate Additional Item",
                                              "Ship Handling Additional Item",
                                              "DC Quantity",
                                              "DC Quantity Update Type",
                                              "Bundle DCs",
                                              "Block External Quantity",
                                              "Flag",
                                              "FlagDescription",
                                              "Estimated Shipping Cost",
                                              "Minimum Price",
                                              "Maximum Price",
                                              "Multipack Quantity",
                                              "Default Package Name"};
  std::vector<std::string_view> names;
  for (const Column& column : columns()) names.push_back(column.name);
  CHECK(names == headers);
}

TEST_CASE("every usual source can be read, and only the shipping group is repeated") {
  for (const Column& column : columns()) {
    CAPTURE(column.name);
    if (!column.usual_source.empty()) CHECK(parse_source(column.usual_source));
    CHECK(column.is_repeatable == column.name.starts_with("Ship "));
    CHECK_FALSE(column.rule.empty());
  }
}
