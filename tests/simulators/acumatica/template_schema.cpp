#include "item_fields.hpp"
#include "tenant.hpp"

namespace acumatica_sim {
namespace {

/// acumatica.md §3.6: no ImageUrl, no NoteID.
std::vector<FieldSpec> template_fields() {
  using enum Kind;
  constexpr auto kPrice = item_cell<&GeneratedItem::default_price>;
  constexpr auto kMsrp = item_cell<&GeneratedItem::msrp>;
  return {
      {"InventoryID", text, 22, item_cell<&GeneratedItem::key>, Role::key},
      {"Description", text, 22, item_cell<&GeneratedItem::description>},
      {"ItemClass", text, 22, item_cell<&GeneratedItem::item_class>},
      {"ItemStatus", text, 22, item_cell<&GeneratedItem::item_status>, Role::none, kItemStatuses},
      {"LastModified", datetime, 22, modified, Role::modified},
      {"LastModifiedDateTime", datetime, 24, modified, Role::modified},

      {"Availability", text, 22, always<"Store Default">},
      {"BaseUOM", text, 22, always<"EACH">},
      {"Content", text, 22, item_cell<&GeneratedItem::content>},
      {"CurrentStdCost", decimal, 22, always<"0.000000">},
      {"CurySpecificMSRP", decimal, 22, kMsrp},
      {"CurySpecificPrice", decimal, 22, kPrice},
      {"CustomURL", text, 22, empty},
      {"DefaultIssueLocationID", text, 22, always<"R1S1">},
      {"DefaultPrice", decimal, 22, kPrice},
      {"DimensionWeight", decimal, 22, item_cell<&GeneratedItem::weight>},
      {"ExportToExternal", boolean, 22, always<"true">},
      {"IsStockItem", boolean, 22, item_cell<&GeneratedItem::is_stock>},
      {"MSRP", decimal, 22, kMsrp},
      {"MetaDescription", text, 22, empty},
      {"MetaKeywords", text, 22, empty},
      {"NotAvailable", text, 22, always<"Store Default">},
      {"PageTitle", text, 22, empty},
      {"RequireShipment", boolean, 22, always<"true">},
      {"SalesUOM", text, 22, always<"EACH">},
      {"SearchKeywords", text, 22, empty},
      {"TaxCategory", text, 22, always<"TAXABLE">},
      {"Visibility", text, 22, always<"Store Default">},
      {"WeightUOM", text, 22, weight_unit},
  };
}

/// MatrixItems: what the children say now; no attribute values (acumatica.md §3.6).
std::vector<Row> matrix(const Tenant& tenant, const Item& item) {
  constexpr std::array<std::string_view, 6> kColumns{"InventoryID", "Description", "DefaultPrice",
                                                     "MSRP",        "ItemStatus",  "ExportToExternal"};
  std::vector<Row> rows;
  for (const Item& child : tenant.children(item)) {
    Row row{{}, child.seeded().part_guid(9'100)};
    for (const std::string_view column : kColumns) row.cells.push_back(child.cell(*child.spec().field(column)));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

EntitySpec template_schema() {
  using enum Kind;
  EntitySpec spec;
  spec.name = "TemplateItems";
  spec.table = Table::templates;
  spec.screen = "IN203000";
  spec.files_path = "PX.Objects.IN.Matrix.Graphs.TemplateInventoryItemMaint/Item";
  spec.since = 22;
  spec.fields = template_fields();
  spec.details = {attribute_values(),
                  categories("Categories"),
                  file_urls("FileURLs"),
                  {"Matrix",
                   22,
                   {{"InventoryID", text, 22, true},
                    {"Description"},
                    {"DefaultPrice", decimal},
                    {"MSRP", decimal},
                    {"ItemStatus"},
                    {"ExportToExternal", boolean}},
                   no_rows,
                   matrix},
                  {"VendorDetails",
                   22,
                   {{"RecordID", integer}, {"VendorID", text, 22, true}, {"VendorName"}, {"Default", boolean}},
                   item_rows<&GeneratedItem::template_vendors>}};
  spec.custom = item_custom_fields();
  spec.inquiry = {"Template Items: Last Modified Date",
                  {"Description", "ItemClass", "ItemStatus"},
                  "\"IsTemplate\":true",
                  "InventoryItem_lastModifiedDateTime",
                  true};
  spec.files = item_files;
  spec.french = french_description;
  return spec;
}

}  // namespace acumatica_sim
