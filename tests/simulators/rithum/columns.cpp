#include "columns.hpp"

#include <charconv>
#include <unordered_map>

namespace rithum_simulator {
namespace {

constexpr bool kStays = false;  // the field cannot be cleared by file, or no way to do so is documented

// Headers: rithum.md §2.1, §2.2, §2.3. Rules: §2.5. REST names: §2.7 and §5.5.
constexpr Column kColumns[] = {
    {"Auction Title", Kind::text, 120, kStays, "Title"},
    {"Inventory Number", Kind::text, 50, kStays, "Sku"},
    {"Quantity Update Type", Kind::quantity_type, 0, kStays},
    {"Quantity", Kind::quantity, 0, kStays, "TotalAvailableQuantity"},
    {"Starting Bid", Kind::money, 0, true, "StartingPrice"},
    {"Reserve", Kind::money, 0, true, "ReservePrice"},
    {"Weight", Kind::decimal, 0, true, "Weight"},
    {"ISBN", Kind::text, 0, true, "ISBN"},
    {"UPC", Kind::text, 0, true, "UPC"},
    {"EAN", Kind::text, 0, true, "EAN"},
    {"ASIN", Kind::text, 0, true, "ASIN"},
    {"MPN", Kind::text, 0, true, "MPN"},
    {"Short Description", Kind::text, 1000, true, "ShortDescription"},
    {"Description", Kind::text, 0, true, "Description"},
    {"Manufacturer", Kind::text, 0, true, "Manufacturer"},
    {"Brand", Kind::text, 0, true, "Brand"},
    {"Condition", Kind::condition, 0, true, "Condition"},
    {"Warranty", Kind::text, 0, true, "Warranty"},
    {"Seller Cost", Kind::money, 0, true, "Cost"},
    {"Product Margin", Kind::any_decimal, 0, true, "Margin"},
    {"Buy It Now Price", Kind::money, 0, true, "BuyItNowPrice"},
    {"Retail Price", Kind::money, 0, true, "RetailPrice"},
    {"Second Chance Offer Price", Kind::money, 0, true, "SecondChancePrice"},
    {"Picture URLs", Kind::pictures, 0, kStays},
    {"TaxProductCode", Kind::text, 0, true, "TaxProductCode"},
    {"Supplier Code", Kind::text, 0, true, "SupplierCode"},
    {"Supplier PO", Kind::text, 0, true, "SupplierPO"},
    {"Warehouse Location", Kind::text, 0, true, "WarehouseLocation"},
    {"Received In Inventory", Kind::text, 0, true},
    {"Inventory Subtitle", Kind::text, 100, true, "Subtitle"},
    {"Relationship Name", Kind::text, 50, kStays, "RelationshipName"},
    {"Variation Parent SKU", Kind::text, 50, kStays, "ParentSku"},
    {"Ad Template Name", Kind::text},
    {"Posting Template Name", Kind::text},
    {"Schedule Name", Kind::text},
    {"eBay Category List", Kind::text},
    {"eBay Store Category Name", Kind::text},
    {"Labels", Kind::labels},
    {"DC Code", Kind::text},
    {"Do Not Consolidate", Kind::text},
    {"ChannelAdvisor Store Title", Kind::text, 0, true, "StoreTitle"},
    {"ChannelAdvisor Store Description", Kind::text, 0, true, "StoreDescription"},
    {"Store Meta Description", Kind::text},
    {"ChannelAdvisor Store Price", Kind::money, 0, true, "StorePrice"},
    {"ChannelAdvisor Store Category ID", Kind::text},
    {"Classification", Kind::text, 0, true, "Classification"},
    {"Harmonized Code", Kind::text, 0, true, "HarmonizedCode"},
    {"Height", Kind::decimal, 0, true, "Height"},
    {"Length", Kind::decimal, 0, true, "Length"},
    {"Width", Kind::decimal, 0, true, "Width"},
    {"Ship Zone Name", Kind::text},
    {"Ship Carrier Code", Kind::text},
    {"Ship Class Code", Kind::text},
    {"Ship Rate First Item", Kind::money},
    {"Ship Handling First Item", Kind::money},
    {"Ship Rate Additional Item", Kind::money},
    {"Ship Handling Additional Item", Kind::money},
    {"(repeat)", Kind::ignored},
    {"DC Quantity", Kind::dc_quantities, 0, kStays},
    {"DC Quantity Update Type", Kind::dc_list_type, 0, kStays},
    {"Bundle Components", Kind::components, 0, kStays},
    {"Bundle DCs", Kind::text},
    {"Block External Quantity", Kind::boolean, 0, true, "IsExternalQuantityBlocked"},
    {"Flag", Kind::flag, 0, true, "Flag"},
    {"FlagDescription", Kind::text, 0, true, "FlagDescription"},
    {"Estimated Shipping Cost", Kind::money, 0, true, "EstimatedShippingCost"},
    {"Minimum Price", Kind::money, 0, true, "MinPrice"},
    {"Maximum Price", Kind::money, 0, true, "MaxPrice"},
    {"Multipack Quantity", Kind::whole, 0, true, "MultipackQuantity"},
    {"Default Package Name", Kind::text},
    {"SKU Type", Kind::sku_type, 0, kStays},
    {"Vary By", Kind::text, 0, kStays, "VaryBy"},
    {"Parent SKU", Kind::text, 50, kStays, {}, "Variation Parent SKU"},
    {"Total Quantity", Kind::quantity, 0, kStays, {}, "Quantity"},
    {"Blocked", Kind::boolean, 0, kStays, "IsBlocked", {}, true},
    {"BlockComment", Kind::text, 0, true, "BlockComment", {}, true},
};

}  // namespace

std::span<const Column> columns() { return kColumns; }

std::optional<std::size_t> column_index(std::string_view header) {
  static const auto kIndexes = [] {
    std::unordered_map<std::string_view, std::size_t> indexes;
    for (std::size_t i = 0; i < std::size(kColumns); ++i) indexes.emplace(kColumns[i].header, i);
    return indexes;
  }();
  const auto found = kIndexes.find(header);
  return found == kIndexes.end() ? std::nullopt : std::optional(found->second);
}

std::size_t field_index(std::size_t column) {
  const std::string_view older = kColumns[column].same_as;
  return older.empty() ? column : column_index(older).value_or(column);
}

std::optional<AttributeHeader> attribute_header(std::string_view header) {
  constexpr std::string_view kPrefix = "Attribute";
  if (!header.starts_with(kPrefix)) return std::nullopt;
  header.remove_prefix(kPrefix.size());
  if (header.empty() || header.front() < '1' || header.front() > '9') return std::nullopt;

  AttributeHeader attribute;
  const auto [rest, error] = std::from_chars(header.data(), header.data() + header.size(), attribute.number);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view role(rest, static_cast<std::size_t>(header.data() + header.size() - rest));
  if (role != "Name" && role != "Value") return std::nullopt;
  attribute.is_name = role == "Name";
  return attribute;
}

}  // namespace rithum_simulator
