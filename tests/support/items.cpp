#include "support/items.hpp"

#include "catalog/column.hpp"
#include "catalog/source.hpp"

namespace product_sync {
namespace {

catalog::ValueMapping column(const char* name, const char* source, bool clearable = false) {
  return {name, catalog::find_column(name), false, {*catalog::parse_source(source)}, clearable};
}

}  // namespace

catalog::Item exported_item(const std::string& inventory_id, const std::string& price) {
  catalog::Item item;
  item.inventory_id = inventory_id;
  item.fields = {{"InventoryID", inventory_id}, {"Description", "Product " + inventory_id},
                 {"ItemClass", "ELEC"},         {"ItemStatus", "Active"},
                 {"DefaultPrice", price},       {"IsAKit", "false"}};
  item.custom_fields = {{"ItemSettings.UsrActiveOnRithum", "true"}};
  return item;
}

catalog::Mapping simple_mapping() {
  catalog::Mapping mapping;
  mapping.conditions.classifications = {{"ELEC", "Electronics"}};
  mapping.conditions.active = {*catalog::parse_source("custom:ItemSettings.UsrActiveOnRithum")};
  mapping.values = {column("Auction Title", "field:Description"),
                    column("UPC", "cross_reference:Barcode", /*clearable=*/true),
                    column("Buy It Now Price", "field:DefaultPrice")};
  mapping.values.push_back(
      {"Color", &catalog::attribute_column(), true, {*catalog::parse_source("attribute:COLOR")}, false});
  return mapping;
}

}  // namespace product_sync
