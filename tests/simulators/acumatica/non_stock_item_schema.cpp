#include "item_fields.hpp"

namespace acumatica_sim {
namespace {

/// The other spellings of acumatica.md §2.7: BaseUnit, Weight beside DimensionWeight, IsKit beside IsAKit; no ImageUrl,
/// no LastModified.
std::vector<FieldSpec> non_stock_fields() {
  using enum Kind;
  constexpr auto kPrice = item_cell<&GeneratedItem::default_price>;
  constexpr auto kMsrp = item_cell<&GeneratedItem::msrp>;
  return {
      {"InventoryID", text, 20, item_cell<&GeneratedItem::key>, Role::key},
      {"Description", text, 20, item_cell<&GeneratedItem::description>},
      {"ItemClass", text, 20, item_cell<&GeneratedItem::item_class>},
      {"ItemStatus", text, 20, item_cell<&GeneratedItem::item_status>, Role::none, kItemStatuses},
      {"TemplateItemID", text, 22, item_cell<&GeneratedItem::template_id>, Role::inventory},
      {"LastModifiedDateTime", datetime, 20, modified, Role::modified},
      {"NoteID", guid, 22, note_id, Role::note_id},

      {"Availability", text, 22, always<"Store Default">},
      {"BaseUnit", text, 20, always<"EACH">},
      {"Content", text, 20, item_cell<&GeneratedItem::content>},
      {"CurrentCost", decimal, 20, always<"0.000000">},
      {"CurrentStdCost", decimal, 20, always<"0.000000">},
      {"CurySpecificMSRP", decimal, 22, kMsrp},
      {"CurySpecificPrice", decimal, 22, kPrice},
      {"CustomURL", text, 22, empty},
      {"DefaultPrice", decimal, 20, kPrice},
      {"DimensionWeight", decimal, 20, item_cell<&GeneratedItem::weight>},
      {"EffectiveDate", datetime, 20, empty},
      {"ExportToExternal", boolean, 22, always<"true">},
      {"IsAKit", boolean, 24, item_cell<&GeneratedItem::is_kit>},
      {"IsKit", boolean, 20, item_cell<&GeneratedItem::is_kit>},
      {"ItemType", text, 20, always<"Non-Stock Item">},
      {"LastCost", decimal, 20, always<"0.000000">},
      {"MSRP", decimal, 20, kMsrp},
      {"MetaDescription", text, 22, empty},
      {"MetaKeywords", text, 22, empty},
      {"PageTitle", text, 22, empty},
      {"PostingClass", text, 20, always<"NONSTOCK">},
      {"PriceClass", text, 20, empty},
      {"PurchaseUnit", text, 20, always<"EACH">},
      {"RequireReceipt", boolean, 20, always<"false">},
      {"RequireShipment", boolean, 20, always<"true">},
      {"SalesUnit", text, 20, item_cell<&GeneratedItem::sales_unit>},
      {"SearchKeywords", text, 22, empty},
      {"TaxCategory", text, 20, always<"TAXABLE">},
      {"Visibility", text, 22, always<"Store Default">},
      {"Volume", decimal, 20, always<"0.000000">},
      {"VolumeUOM", text, 20, always<"LITER">},
      {"Weight", decimal, 20, item_cell<&GeneratedItem::weight>},
      {"WeightUOM", text, 20, weight_unit},
  };
}

}  // namespace

EntitySpec non_stock_item_schema() {
  using enum Kind;
  EntitySpec spec;
  spec.name = "NonStockItem";
  spec.table = Table::non_stock_items;
  spec.screen = "IN202000";
  spec.files_path = "PX.Objects.IN.NonStockItemMaint/Item";
  spec.since = 20;
  spec.fields = non_stock_fields();
  spec.details = {attribute_values(),
                  cross_references(),
                  categories("Categories"),
                  categories("SalesCategories"),
                  file_urls("FileUrls"),
                  {"VendorDetails",
                   20,
                   {{"VendorID", text, 20, true},
                    {"VendorName"},
                    {"Default", boolean},
                    {"Active", boolean},
                    {"LastVendorPrice", decimal}},
                   item_rows<&GeneratedItem::vendors>}};
  spec.custom = item_custom_fields();
  spec.inquiry = {"Non-Stock Items: Last Modified Date",
                  {"Description", "ItemClass", "ItemStatus"},
                  "\"StockItem\":false",
                  "InventoryItem_lastModifiedDateTime",
                  true};
  spec.files = item_files;
  spec.french = french_description;
  return spec;
}

}  // namespace acumatica_sim
