#pragma once

#include "item_generator.hpp"

// Generated kit specifications: those of the kits in item_generator.hpp.
//
//   revisions     01 to 03 of a stock kit, 01 of a non-stock kit (acumatica.md §2.7). The last one alone is active, but
//                 of kits with number % 25 == 3 all are, and with number % 25 == 9 none
//   components    1 to 6 different items of 1 to 4 pieces each; four out of five are plain stock items, the others
//                 children of templates; they are such that are active, active on Rithum and not of class SERVICE,
//                 except for kits with number % 10 == 7, which take any
//   UOM           the component's sales unit for every second component, else EACH
//   oddities      number % 20 == 5: the first quantity is 0.5;  number % 20 == 11: 12 components;  number % 50 == 17:
//                 one more component is the kit before
//   NonStockComponents  one, for every fifth kit, if there are plain non-stock items

namespace acumatica_sim {

struct GeneratedKit : Seeded {
  explicit GeneratedKit(const Seeded& seeded) : Seeded(seeded), revision(seeded.population->revision(seeded.index)) {}

  Revision revision;

  [[nodiscard]] std::string kit_id() const;
  [[nodiscard]] std::string revision_id() const { return number_text("%02llu", revision.number); }
  [[nodiscard]] std::string description() const;
  [[nodiscard]] bool active() const;
  [[nodiscard]] std::vector<Row> stock_components() const;
  [[nodiscard]] std::vector<Row> non_stock_components() const;

 private:
  [[nodiscard]] GeneratedItem stock_item(std::uint64_t place) const;
  [[nodiscard]] std::uint64_t component(std::uint64_t number) const;  ///< its place among the stock items
};

}  // namespace acumatica_sim
