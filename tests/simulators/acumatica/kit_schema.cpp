#include "item_fields.hpp"
#include "kit_generator.hpp"

namespace acumatica_sim {

namespace {

template <auto member>
constexpr auto kit_cell = &cell_from<GeneratedKit, member>;

Cell is_non_stock(const Seeded& seeded) { return GeneratedKit(seeded).revision.stock ? "false" : "true"; }

}  // namespace

/// acumatica.md §3.5.
EntitySpec kit_schema() {
  using enum Kind;
  EntitySpec spec;
  spec.name = "KitSpecification";
  spec.table = Table::kit_specifications;
  spec.screen = "IN209500";
  spec.files_path = "PX.Objects.IN.INKitSpecMaint/Hdr";
  spec.since = 20;
  spec.fields = {
      {"KitInventoryID", text, 20, kit_cell<&GeneratedKit::kit_id>, Role::key},
      {"RevisionID", text, 20, kit_cell<&GeneratedKit::revision_id>, Role::key},
      {"Description", text, 20, kit_cell<&GeneratedKit::description>},
      {"Active", boolean, 20, kit_cell<&GeneratedKit::active>},
      {"IsNonStock", boolean, 20, is_non_stock},
      {"LastModifiedDateTime", datetime, 23, modified, Role::modified},
  };
  spec.details = {{"StockComponents",
                   20,
                   {{"StockInventoryID", text, 20, true, Role::inventory},
                    {"Subitem"},
                    {"UOM"},
                    {"ComponentQty", decimal},
                    {"MinComponentQty", decimal},
                    {"MaxComponentQty", decimal},
                    {"AllowComponentQtyVariance", boolean}},
                   &rows_from<GeneratedKit, &GeneratedKit::stock_components>},
                  {"NonStockComponents",
                   20,
                   {{"NonStockInventoryID", text, 20, true, Role::inventory},
                    {"UOM"},
                    {"ComponentQty", decimal},
                    {"MinComponentQty", decimal},
                    {"MaxComponentQty", decimal},
                    {"AllowComponentQtyVariance", boolean}},
                   &rows_from<GeneratedKit, &GeneratedKit::non_stock_components>}};
  spec.inquiry = {
      "Kit Specifications: Last Modified Date", {"Description", "Active"}, "", "INKitSpecHdr_lastModifiedDateTime"};
  return spec;
}

}  // namespace acumatica_sim
