#include "rithum/properties.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "catalog/column.hpp"
#include "catalog/decimal.hpp"

namespace product_sync::rithum {
namespace {

// rithum.md §2.7; names that are equal but for blanks follow from §5.5.
constexpr Property kProperties[] = {
    {"Auction Title", "Title"},
    {"Starting Bid", "StartingPrice"},
    {"Reserve", "ReservePrice"},
    {"Weight", "Weight"},
    {"ISBN", "ISBN"},
    {"UPC", "UPC"},
    {"EAN", "EAN"},
    {"ASIN", "ASIN"},
    {"MPN", "MPN"},
    {"Short Description", "ShortDescription"},
    {"Description", "Description"},
    {"Manufacturer", "Manufacturer"},
    {"Brand", "Brand"},
    {"Condition", "Condition"},
    {"Warranty", "Warranty"},
    {"Seller Cost", "Cost"},
    {"Product Margin", "Margin"},
    {"Buy It Now Price", "BuyItNowPrice"},
    {"Retail Price", "RetailPrice"},
    {"Second Chance Offer Price", "SecondChancePrice"},
    {"TaxProductCode", "TaxProductCode"},
    {"Supplier Code", "SupplierCode"},
    {"Supplier PO", "SupplierPO"},
    {"Warehouse Location", "WarehouseLocation"},
    {"Inventory Subtitle", "Subtitle"},
    {"Relationship Name", "RelationshipName"},
    {"ChannelAdvisor Store Title", "StoreTitle"},
    {"ChannelAdvisor Store Description", "StoreDescription"},
    {"ChannelAdvisor Store Price", "StorePrice"},
    {"Classification", "Classification"},
    {"Harmonized Code", "HarmonizedCode"},
    {"Height", "Height"},
    {"Length", "Length"},
    {"Width", "Width"},
    {"Block External Quantity", "IsExternalQuantityBlocked"},
    {"Flag", "Flag"},
    {"FlagDescription", "FlagDescription"},
    {"Estimated Shipping Cost", "EstimatedShippingCost"},
    {"Minimum Price", "MinPrice"},
    {"Maximum Price", "MaxPrice"},
    {"Multipack Quantity", "MultipackQuantity"},
};

bool is_number(catalog::ColumnType type) {
  using enum catalog::ColumnType;
  return type == money || type == decimal || type == integer;
}

}  // namespace

std::span<const Property> properties() { return kProperties; }

const Property* property_of(std::string_view column) {
  const auto found = std::ranges::find(kProperties, column, &Property::column);
  return found == std::end(kProperties) ? nullptr : found;
}

bool same_value(std::string_view column, std::string_view told, std::string_view shown) {
  told = trim(told);
  shown = trim(shown);
  if (told == shown) return true;
  const auto* rules = catalog::find_column(column);
  if (rules == nullptr) return false;
  if (is_number(rules->type)) {
    // A number that was cleared may be shown as zero: which of the two is not documented.
    const auto left = catalog::Decimal::parse(told.empty() ? "0" : told);
    const auto right = catalog::Decimal::parse(shown);
    return left && right && *left == *right;
  }
  const bool any_case = rules->type == catalog::ColumnType::boolean || rules->type == catalog::ColumnType::choice;
  return any_case && to_lower_ascii(told) == to_lower_ascii(shown);
}

}  // namespace product_sync::rithum
