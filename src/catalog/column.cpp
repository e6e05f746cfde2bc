#include "catalog/column.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/bytes.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

using enum ColumnType;

constexpr std::string_view kConditions[] = {"New", "Used", "Refurbished", "Reconditioned", "Like New"};
constexpr std::string_view kQuantityTypes[] = {"ABSOLUTE", "RELATIVE", "AVAILABLE", "INSTOCK", "UNSHIPPED"};
constexpr std::string_view kDcQuantityTypes[] = {"partial dc list", "completedclist"};
constexpr std::string_view kFlags[] = {"NoFlag",           "RedFlag",      "YellowFlag",   "GreenFlag", "BlueFlag",
                                       "ExclamationPoint", "QuestionMark", "NotAvailable", "Price",     "ItemCopied"};

// What may be cleared: the full lists are not public (rithum.md §4, §8.7), so the marker is allowed wherever nothing
// speaks against it, and each mapping still has to ask for it.
constexpr bool kClearable = true;
constexpr bool kStays = false;

constexpr std::string_view kHeader = "header: rithum.md §2.1";
constexpr std::string_view kHeader2020 = "header: rithum.md §2.2";
constexpr std::string_view kMoney = "money, 2 places: rithum.md §2.5";
constexpr std::string_view kMeasure = "decimal point, pounds and inches or kg and cm by profile: rithum.md §2.5";

constexpr std::string_view kGtin = "header: rithum.md §2.1; digits and check digit: GS1 General Specifications";
constexpr std::string_view kShipping = "header, group may be repeated: rithum.md §2.1";

constexpr Column kColumns[] = {
    {"Auction Title", text, 120, kStays, {}, "at most 120; cannot be emptied: rithum.md §2.5", "field:Description"},
    {"Quantity Update Type", choice, 0, kStays, kQuantityTypes, "five types; goes with Quantity: rithum.md §2.5, §2.6",
     ""},
    {"Quantity", integer, 0, kStays, {}, "whole units; needs Quantity Update Type: rithum.md §2.5", ""},
    {"Starting Bid", money, 0, kClearable, {}, kMoney, ""},
    {"Reserve", money, 0, kClearable, {}, kMoney, ""},
    {"Weight", decimal, 0, kClearable, {}, kMeasure, "field:DimensionWeight"},
    {"ISBN", isbn, 0, kClearable, {}, "header: rithum.md §2.1; 10 or 13 digits and check digit: ISO 2108", ""},
    {"UPC", gtin, 0, kClearable, {}, kGtin, "cross_reference:GTIN/EAN/UPC/ISBN"},
    {"EAN", gtin, 0, kClearable, {}, kGtin, "cross_reference:GTIN/EAN/UPC/ISBN"},
    {"ASIN", asin, 0, kClearable, {}, "header: rithum.md §2.1; 10 letters and digits: Amazon", ""},
    {"MPN", text, 0, kClearable, {}, kHeader, "cross_reference:Vendor Part Number"},
    {"Short Description", text, 1000, kClearable, {}, "at most 1000: rithum.md §2.5", ""},
    {"Description", html, 0, kClearable, {}, "HTML; maximum unknown: rithum.md §2.5, §4", "field:Content"},
    {"Manufacturer", text, 0, kClearable, {}, kHeader, ""},
    {"Brand", text, 0, kClearable, {}, kHeader, ""},
    {"Condition", choice, 0, kClearable, kConditions, "five values only: rithum.md §2.5", "constant:New"},
    {"Warranty", text, 0, kClearable, {}, kHeader, ""},
    {"Seller Cost", money, 0, kClearable, {}, kMoney, "field:LastCost"},
    {"Product Margin", decimal, 0, kClearable, {}, kHeader, "", true},
    {"Buy It Now Price", money, 0, kClearable, {}, kMoney, "field:DefaultPrice"},
    {"Retail Price", money, 0, kClearable, {}, kMoney, "field:MSRP"},
    {"Second Chance Offer Price", money, 0, kClearable, {}, kMoney, ""},
    {"Picture URLs",
     pictures,
     0,
     kStays,
     {},
     "list of at most 20 `PLACEMENT=url`; URL 255, file name 100, placement 50: rithum.md §2.5",
     "field:ImageUrl"},
    {"TaxProductCode", text, 0, kClearable, {}, kHeader, ""},
    {"Supplier Code",
     text,
     0,
     kClearable,
     {},
     "must exist in Rithum: rithum.md §2.5",
     "detail:VendorDetails[Default=true].VendorID",
     false,
     false,
     Reference::supplier},
    {"Supplier PO", text, 0, kClearable, {}, kHeader, ""},
    {"Warehouse Location", text, 0, kClearable, {}, kHeader, "field:DefaultIssueLocationID"},
    {"Received In Inventory", text, 0, kClearable, {}, kHeader, ""},
    {"Inventory Subtitle", text, 100, kClearable, {}, "at most 100: rithum.md §2.5", ""},
    {"Ad Template Name", text, 0, kClearable, {}, kHeader, ""},
    {"Posting Template Name", text, 0, kClearable, {}, kHeader, ""},
    {"Schedule Name", text, 0, kClearable, {}, kHeader, ""},
    {"eBay Category List", text, 0, kClearable, {}, kHeader, ""},
    {"eBay Store Category Name", text, 0, kClearable, {}, kHeader, ""},
    {"Labels", labels, 0, kStays, {}, "list, additive; `-Name` removes one: rithum.md §2.5", ""},
    {"DC Code", text, 0, kClearable, {}, kHeader, "", false, false, Reference::distribution_center},
    {"Do Not Consolidate", text, 0, kClearable, {}, kHeader, ""},
    {"ChannelAdvisor Store Title", text, 0, kClearable, {}, kHeader, "field:PageTitle"},
    {"ChannelAdvisor Store Description", html, 0, kClearable, {}, kHeader, ""},
    {"Store Meta Description", text, 0, kClearable, {}, kHeader, "field:MetaDescription"},
    {"ChannelAdvisor Store Price", money, 0, kClearable, {}, kMoney, ""},
    {"ChannelAdvisor Store Category ID", text, 0, kClearable, {}, kHeader, ""},
    {"Harmonized Code", text, 0, kClearable, {}, kHeader, "field:TariffCode"},
    {"Height", decimal, 0, kClearable, {}, kMeasure, ""},
    {"Length", decimal, 0, kClearable, {}, kMeasure, ""},
    {"Width", decimal, 0, kClearable, {}, kMeasure, ""},
    {"Ship Zone Name", text, 0, kClearable, {}, kShipping, "", false, true},
    {"Ship Carrier Code", text, 0, kClearable, {}, kShipping, "", false, true},
    {"Ship Class Code", text, 0, kClearable, {}, kShipping, "", false, true},
    {"Ship Rate First Item", money, 0, kClearable, {}, kShipping, "", false, true},
    {"Ship Handling First Item", money, 0, kClearable, {}, kShipping, "", false, true},
    {"Ship Rate Additional Item", money, 0, kClearable, {}, kShipping, "", false, true},
    {"Ship Handling Additional Item", money, 0, kClearable, {}, kShipping, "", false, true},
    {"DC Quantity",
     quantities,
     0,
     kStays,
     {},
     "CODE=qty,...; needs DC Quantity Update Type here: rithum.md §2.5, §6.1",
     "",
     false,
     false,
     Reference::distribution_center},
    {"DC Quantity Update Type", choice, 0, kStays, kDcQuantityTypes, "two values: rithum.md §2.5", ""},
    {"Bundle DCs", text, 0, kClearable, {}, "meaning unknown: rithum.md §3.2", ""},
    {"Block External Quantity", boolean, 0, kClearable, {}, "TRUE stops externally managed stock: rithum.md §2.5", ""},
    {"Flag", choice, 0, kClearable, kFlags, "ten values; unknown ones fail: rithum.md §2.5", ""},
    {"FlagDescription", text, 0, kClearable, {}, kHeader2020, ""},
    {"Estimated Shipping Cost", money, 0, kClearable, {}, kHeader2020, ""},
    {"Minimum Price", money, 0, kClearable, {}, kMoney, ""},
    {"Maximum Price", money, 0, kClearable, {}, kMoney, ""},
    {"Multipack Quantity", integer, 0, kClearable, {}, kHeader2020, ""},
    {"Default Package Name", text, 0, kClearable, {}, kHeader2020, ""},
};

constexpr Column kAttribute{"AttributeNValue", text, 0, kClearable, {}, "pairs by position: rithum.md §2.5", ""};

constexpr QuantityColumns kQuantityColumns[] = {
    {"Quantity", "Quantity Update Type", "Rithum takes a quantity without a type for UNSHIPPED"},
    {"DC Quantity", "DC Quantity Update Type", "only the type says what happens to warehouses that are not listed"},
};

constexpr std::string_view kWrittenByFeed[] = {"Inventory Number",     "Classification",    "Relationship Name",
                                               "Variation Parent SKU", "Bundle Components", "(repeat)"};

// `Attribute12Name`, `Attribute1Value`
bool is_attribute_header(std::string_view name) {
  const std::string lower = to_lower_ascii(name);
  std::string_view rest = lower;
  if (!rest.starts_with("attribute")) return false;
  rest.remove_prefix(std::string_view("attribute").size());
  const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  return digits > 0 && (rest.substr(digits) == "name" || rest.substr(digits) == "value");
}

}  // namespace

std::span<const Column> columns() { return kColumns; }

const Column* find_column(std::string_view name) {
  const auto* found = std::ranges::find_if(kColumns, [&](const Column& c) { return same_without_case(c.name, name); });
  return found == std::end(kColumns) ? nullptr : found;
}

std::span<const QuantityColumns> quantity_columns() { return kQuantityColumns; }

bool is_written_by_feed(std::string_view name) {
  return std::ranges::any_of(kWrittenByFeed, [&](std::string_view own) { return same_without_case(own, name); }) ||
         is_attribute_header(name);
}

const Column& attribute_column() { return kAttribute; }

std::shared_ptr<const Column> own_column(std::string header, ColumnType type, std::size_t longest) {
  struct Owned {
    std::string header;
    Column column;
  };
  auto owned = std::make_shared<Owned>();
  owned->header = std::move(header);
  owned->column = {owned->header, type, longest, kClearable, {}, "of the account: rithum.md §1.2", ""};
  return {owned, &owned->column};
}

bool may_be_own_header(std::string_view header) {
  const bool begins_with_a_digit = !header.empty() && header.front() >= '0' && header.front() <= '9';
  return !trim(header).empty() && !begins_with_a_digit && !cell_fault(header) && find_column(header) == nullptr &&
         !is_written_by_feed(header);
}

}  // namespace product_sync::catalog
