#include "kit_generator.hpp"

#include <set>

namespace acumatica_sim {
namespace {

enum KitSalt : std::uint64_t { kKitCount = 1, kKitNonStock = 2, kKitQuantity = 100, kKitComponent = 200, kKitPart = 9'000 };

bool exportable(const GeneratedItem& item) {
  return item.item_status() == "Active" && item.active_on_rithum() == "true" && item.item_class() != "SERVICE";
}

Row component_row(const Seeded& kit, std::uint64_t number, std::string id, std::string_view unit,
                  std::string quantity) {
  return {{std::move(id), "0", std::string(unit), quantity, quantity, quantity, "false"},
          kit.part_guid(kKitPart + number)};
}

}  // namespace

GeneratedItem GeneratedKit::stock_item(std::uint64_t place) const {
  return GeneratedItem({population, Table::stock_items, place});
}

std::string GeneratedKit::kit_id() const {
  if (revision.stock) return stock_item(population->kit_index(revision.kit)).key();
  return GeneratedItem({population, Table::non_stock_items, revision.kit}).key();
}

std::string GeneratedKit::description() const {
  return "Contents of kit " + std::to_string(revision.kit) + ", \"" + revision_id() + "\"";
}

bool GeneratedKit::active() const {
  if (revision.stock && revision.kit % 25 == 3) return true;
  if (revision.kit % 25 == 9) return false;
  return revision.number == revision.revisions;
}

std::uint64_t GeneratedKit::component(std::uint64_t number) const {
  const std::uint64_t families = options().templates.value_or(0);
  std::uint64_t found = 0;
  for (std::uint64_t attempt = 0; attempt < 8; ++attempt) {
    const std::uint64_t roll = draw(kKitComponent + number * 10 + attempt);
    found = options().items > 0 ? roll % options().items + 1 : 0;
    if (families > 0 && (found == 0 || (roll >> 32) % 5 == 0)) {
      const auto children = population->children(Table::stock_items, (roll >> 16) % families + 1);
      if (children.count > 0) found = children.first + (roll >> 8) % children.count;
    }
    if (found == 0) return 0;
    if (revision.kit % 10 == 7 || exportable(stock_item(found))) break;
  }
  return found;
}

std::vector<Row> GeneratedKit::stock_components() const {
  std::vector<Row> rows;
  std::set<std::uint64_t> taken;
  const std::uint64_t wanted = revision.kit % 20 == 11 ? 12 : draw(kKitCount) % 6 + 1;
  for (std::uint64_t number = 0; rows.size() < wanted && number < 100; ++number) {
    const std::uint64_t place = component(number);
    if (place == 0 || !taken.insert(place).second) continue;
    const GeneratedItem item = stock_item(place);
    const bool half = revision.kit % 20 == 5 && rows.empty();
    const std::string quantity = half ? "0.500000" : std::to_string(draw(kKitQuantity + number) % 4 + 1) + ".000000";
    rows.push_back(
        component_row(*this, number, item.key(), rows.size() % 2 == 0 ? item.sales_unit() : "EACH", quantity));
  }
  if (revision.stock && revision.kit % 50 == 17) {
    rows.push_back(
        component_row(*this, 100, stock_item(population->kit_index(revision.kit - 1)).key(), "EACH", "1.000000"));
  }
  return rows;
}

std::vector<Row> GeneratedKit::non_stock_components() const {
  if (options().non_stock_items == 0 || draw(kKitNonStock) % 5 != 0) return {};
  const std::uint64_t place = options().non_stock_kits + draw(kKitNonStock + 1) % options().non_stock_items + 1;
  const GeneratedItem item({population, Table::non_stock_items, place});
  Row row = component_row(*this, 200, item.key(), "EACH", "1.000000");
  row.cells.erase(row.cells.begin() + 1);  // has no subitem
  return {row};
}

}  // namespace acumatica_sim
