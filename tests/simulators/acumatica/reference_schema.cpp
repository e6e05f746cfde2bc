#include <algorithm>
#include <numeric>

#include "attribute_definitions.hpp"
#include "item_fields.hpp"
#include "reference_tables.hpp"
#include "tenant.hpp"

// AttributeDefinition, ItemClass and ItemSalesCategory (acumatica.md §3.7).

namespace acumatica_sim {
namespace {

/// The n-th (from 1) of `all` in the order of their ids: tables stand in ascending order of their keys.
template <class Definitions>
const auto& by_order_of_id(const Definitions& all, std::uint64_t n) {
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return all[a].id < all[b].id; });
  return all[order[n - 1]];
}

const AttributeDefinition& definition(const Seeded& seeded) {
  return by_order_of_id(attribute_definitions(), seeded.index);
}
const ItemClass& item_class(const Seeded& seeded) { return by_order_of_id(item_classes(), seeded.index); }

Cell control_type(const Seeded& seeded) {
  switch (definition(seeded).control) {
    case AttributeDefinition::Control::text:
      return "Text";
    case AttributeDefinition::Control::combo:
      return "Combo";
    case AttributeDefinition::Control::multi:
      return "Multi Select Combo";
    case AttributeDefinition::Control::checkbox:
      return "Checkbox";
  }
  return std::nullopt;
}

std::vector<Row> choices(const Seeded& seeded) {
  std::vector<Row> rows;
  if (definition(seeded).control == AttributeDefinition::Control::checkbox) return rows;
  for (const auto& choice : definition(seeded).choices) {
    const std::string order = std::to_string(rows.size() + 1);
    rows.push_back(
        {{std::string(choice.id), std::string(choice.label), "false", order}, seeded.part_guid(rows.size())});
  }
  return rows;
}

std::vector<Row> class_attributes(const Seeded& seeded) {
  std::vector<Row> rows;
  for (const AttributeDefinition& each : attribute_definitions()) {
    rows.push_back({{std::string(each.id), "false", std::to_string(rows.size() + 1)}, seeded.part_guid(rows.size())});
  }
  return rows;
}

std::uint64_t root_of(const Seeded& seeded) { return category_id(seeded.index) / 10 * 10; }

Cell parent(const Seeded& seeded) {
  const std::uint64_t root = root_of(seeded);
  return std::to_string(root == category_id(seeded.index) ? 0 : root);
}

/// The form is not documented; assumed: the names from the root on, joined by `/`.
Cell path(const Seeded& seeded) {
  const std::uint64_t root = root_of(seeded);
  std::string names = "/" + category_name(root);
  if (root != category_id(seeded.index)) names += "/" + category_name(category_id(seeded.index));
  return names;
}

/// Reads every stock item: an expansion that no client should ask for a list.
std::vector<Row> members(const Tenant& tenant, const Item& category) {
  const std::string id = category.key();
  std::vector<Row> rows;
  const Catalogue& items = tenant[Table::stock_items];
  const std::size_t detail = *schema_of(Table::stock_items).detail("Categories");
  for (auto place = items.start(Catalogue::Order::ascending);;) {
    const bool more = items.visit(place, 4'096, [&](const Item& item) {
      for (const Row& row : item.rows(detail)) {
        if (row.cells[0] != id) continue;
        rows.push_back({{item.key(), item.field("Description"), item.field("ItemClass"), item.field("ItemStatus")},
                        item.seeded().part_guid(9'200)});
        break;
      }
      return true;
    });
    if (!more) return rows;
  }
}

}  // namespace

EntitySpec attribute_schema() {
  using enum Kind;
  EntitySpec spec;
  spec.name = "AttributeDefinition";
  spec.table = Table::attributes;
  spec.screen = "CS205000";
  spec.files_path = "PX.Objects.CS.CSAttributeMaint/Attributes";
  spec.since = 20;
  spec.fields = {
      {"AttributeID", text, 20, [](const Seeded& s) { return Cell(definition(s).id); }, Role::key},
      {"Description", text, 20, [](const Seeded& s) { return Cell(definition(s).description); }},
      {"ControlType", text, 20, control_type},
      {"EntryMask", text, 20, empty},
      {"RegExp", text, 20, empty},
      {"Internal", boolean, 20, always<"false">},
      {"CreatedDateTime", datetime, 20, modified},
      {"LastModifiedDateTime", datetime, 20, modified, Role::modified},
  };
  spec.details = {{"Values",
                   20,
                   {{"ValueID", text, 20, true}, {"Description"}, {"Disabled", boolean}, {"SortOrder", integer}},
                   choices}};
  return spec;
}

EntitySpec item_class_schema() {
  using enum Kind;
  EntitySpec spec;
  spec.name = "ItemClass";
  spec.table = Table::item_classes;
  spec.screen = "IN201000";
  spec.files_path = "PX.Objects.IN.INItemClassMaint/itemclass";
  spec.since = 20;
  spec.fields = {
      {"ClassID", text, 20, [](const Seeded& s) { return Cell(item_class(s).id); }, Role::key},
      {"Description", text, 20, [](const Seeded& s) { return Cell(item_class(s).description); }},
      {"StockItem", boolean, 20,
       [](const Seeded& s) { return Cell(item_class(s).id == "SERVICE" ? "false" : "true"); }},
      {"ItemType", text, 20, always<"Finished Good">},
      {"BaseUOM", text, 20, always<"EACH">},
      {"SalesUOM", text, 20, always<"EACH">},
      {"PurchaseUOM", text, 20, always<"EACH">},
      {"TaxCategoryID", text, 20, always<"TAXABLE">},
      {"LastModifiedDateTime", datetime, 20, modified, Role::modified},
  };
  spec.details = {{"Attributes",
                   20,
                   {{"AttributeID", text, 20, true}, {"Required", boolean}, {"SortOrder", integer}},
                   class_attributes}};
  return spec;
}

EntitySpec category_schema() {
  using enum Kind;
  EntitySpec spec;
  spec.name = "ItemSalesCategory";
  spec.table = Table::categories;
  spec.screen = "IN204060";
  spec.files_path = "PX.Objects.IN.INCategoryMaint/Folders";
  spec.since = 20;
  spec.fields = {
      {"CategoryID", integer, 20, [](const Seeded& s) { return Cell(std::to_string(category_id(s.index))); },
       Role::key},
      {"Description", text, 20, [](const Seeded& s) { return Cell(category_name(category_id(s.index))); }},
      {"ParentCategoryID", integer, 20, parent},
      {"Path", text, 20, path},
      {"SortOrder", integer, 20, [](const Seeded& s) { return Cell(std::to_string(s.index)); }},
      {"NoteID", guid, 20, note_id, Role::note_id},
      {"LastModifiedDateTime", datetime, 20, modified, Role::modified},
  };
  spec.details = {{"Members",
                   20,
                   {{"InventoryID", text, 20, true}, {"Description"}, {"ItemClass"}, {"ItemStatus"}},
                   no_rows,
                   members}};
  return spec;
}

}  // namespace acumatica_sim
