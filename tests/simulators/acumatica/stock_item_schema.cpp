#include "item_fields.hpp"

namespace acumatica_sim {
namespace {

std::vector<FieldSpec> stock_fields() {
  using enum Kind;
  return {
      {"InventoryID", text, 20, item_cell<&GeneratedItem::key>, Role::key},
      {"Description", text, 20, item_cell<&GeneratedItem::description>},
      {"ItemClass", text, 20, item_cell<&GeneratedItem::item_class>},
      {"ItemStatus", text, 20, item_cell<&GeneratedItem::item_status>, Role::none, kItemStatuses},
      {"TemplateItemID", text, 22, item_cell<&GeneratedItem::template_id>, Role::inventory},
      {"LastModified", datetime, 20, modified, Role::modified},
      {"LastModifiedDateTime", datetime, 24, modified, Role::modified},
      {"NoteID", guid, 22, note_id, Role::note_id},

      {"ABCCode", text, 20, empty},
      {"AutoIncrementalValue", text, 20, empty},
      {"Availability", text, 22, always<"Store Default">},
      {"AverageCost", decimal, 20, always<"0.000000">},
      {"BaseUOM", text, 20, always<"EACH">},
      {"COGSAccount", text, 20, always<"50000">},
      {"COGSSubaccount", text, 20, always<"000000">},
      {"Content", text, 20, item_cell<&GeneratedItem::content>},
      {"CountryOfOrigin", text, 22, [](const Seeded& item) { return item.index % 3 == 0 ? Cell("DE") : Cell(); }},
      {"CurrentStdCost", decimal, 20, always<"0.000000">},
      {"CurySpecificMSRP", decimal, 22, item_cell<&GeneratedItem::msrp>},
      {"CurySpecificPrice", decimal, 22, item_cell<&GeneratedItem::default_price>},
      {"CustomURL", text, 22, empty},
      {"DefaultIssueLocationID", text, 20, always<"R1S1">},
      {"DefaultPrice", decimal, 20, item_cell<&GeneratedItem::default_price>},
      {"DefaultReceiptLocationID", text, 20, always<"RECEIVING">},
      {"DefaultSubitem", text, 20, empty},
      {"DefaultWarehouseID", text, 20, always<"MAIN">},
      {"DimensionVolume", decimal, 20, always<"0.000000">},
      {"DimensionWeight", decimal, 20, item_cell<&GeneratedItem::weight>},
      {"ExportToExternal", boolean, 22, always<"true">},
      {"ImageUrl", text, 20, empty},
      {"InventoryAccount", text, 20, always<"12100">},
      {"InventorySubaccount", text, 20, always<"000000">},
      {"IsAKit", boolean, 20, item_cell<&GeneratedItem::is_kit>},
      {"ItemType", text, 20, always<"Finished Good">},
      {"LastCost", decimal, 20, always<"0.000000">},
      {"LastStdCost", decimal, 20, always<"0.000000">},
      {"LotSerialClass", text, 20, always<"NOTTRACKED">},
      {"MSRP", decimal, 20, item_cell<&GeneratedItem::msrp>},
      {"Markup", decimal, 20, always<"0.000000">},
      {"MaxCost", decimal, 20, always<"0.000000">},
      {"MetaDescription", text, 22, empty},
      {"MetaKeywords", text, 22, empty},
      {"MinCost", decimal, 20, always<"0.000000">},
      {"MinMarkup", decimal, 20, always<"0.000000">},
      {"NotAvailable", text, 22, always<"Store Default">},
      {"POAccrualAccount", text, 20, always<"20100">},
      {"POAccrualSubaccount", text, 20, always<"000000">},
      {"PackSeparately", boolean, 20, always<"false">},
      {"PackagingOption", text, 20, always<"Manual">},
      {"PageTitle", text, 22, empty},
      {"PendingStdCost", decimal, 20, always<"0.000000">},
      {"PostingClass", text, 20, always<"STOCK">},
      {"PriceClass", text, 20, empty},
      {"PriceManager", text, 20, empty},
      {"ProductManager", text, 20, empty},
      {"PurchaseUOM", text, 20, always<"EACH">},
      {"SalesAccount", text, 20, always<"40000">},
      {"SalesSubaccount", text, 20, always<"000000">},
      {"SalesUOM", text, 20, item_cell<&GeneratedItem::sales_unit>},
      {"SearchKeywords", text, 22, empty},
      {"SubjectToCommission", boolean, 20, always<"false">},
      {"TariffCode", text, 22, [](const Seeded& item) { return item.index % 4 == 0 ? Cell("8504.40") : Cell(); }},
      {"TaxCategory", text, 20, always<"TAXABLE">},
      {"UseOnEntry", boolean, 20, always<"false">},
      {"ValuationMethod", text, 20, always<"Average">},
      {"Visibility", text, 22, always<"Store Default">},
      {"VolumeUOM", text, 20, always<"LITER">},
      {"WeightUOM", text, 20, weight_unit},
  };
}

std::vector<DetailSpec> details() {
  using enum Kind;
  return {
      attribute_values(),
      cross_references(),
      {"Boxes", 20, {{"BoxID", text, 20, true}, {"Description"}, {"Qty", decimal}, {"UOM"}}, no_rows},
      categories("Categories"),
      file_urls("FileURLs"),
      {"ReplenishmentParameters", 20, {{"ReplenishmentClass", text, 20, true}}, no_rows},
      {"UOMConversions",
       20,
       {{"FromUOM", text, 20, true}, {"MultiplyOrDivide"}, {"ConversionFactor", decimal}, {"ToUOM", text, 20, true}},
       item_rows<&GeneratedItem::uom_conversions>},
      {"VendorDetails",
       20,
       {{"VendorID", text, 20, true},
        {"VendorName"},
        {"Default", boolean},
        {"Active", boolean},
        {"LastVendorPrice", decimal}},
       item_rows<&GeneratedItem::vendors>},
      {"WarehouseDetails",
       20,
       {{"WarehouseID", text, 20, true},
        {"QtyOnHand", decimal},
        {"IsDefault", boolean},
        {"Status"},
        {"DefaultIssueLocationID"},
        {"DefaultReceiptLocationID"}},
       item_rows<&GeneratedItem::warehouses>},
  };
}

}  // namespace

EntitySpec stock_item_schema() {
  EntitySpec spec;
  spec.name = "StockItem";
  spec.table = Table::stock_items;
  spec.screen = "IN202500";
  spec.files_path = "PX.Objects.IN.InventoryItemMaint/Item";
  spec.since = 20;
  spec.fields = stock_fields();
  spec.details = details();
  spec.custom = item_custom_fields();
  spec.inquiry = {"Stock Items: Last Modified Date",
                  {"Description", "ItemClass", "ItemStatus"},
                  "\"StockItem\":true",
                  "InventoryItem_lastModifiedDateTime",
                  true};
  spec.files = item_files;
  spec.french = french_description;
  return spec;
}

}  // namespace acumatica_sim
