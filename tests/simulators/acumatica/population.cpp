#include "population.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "attribute_definitions.hpp"
#include "reference_tables.hpp"

namespace acumatica_sim {
namespace {

constexpr std::uint64_t kMostItems = 9'999'999;    // seven digits in the key
constexpr std::uint64_t kMostTemplates = 999'999;  // six
constexpr std::uint64_t kMostChildren = 40;

const std::array<VariantSet, 4>& variant_sets() {
  static const std::array<VariantSet, 4> kSets{{
      {{"COLOR"}, 5},
      {{"COLOR", "SIZE"}, 20},
      {{"COLOR", "MATERIAL", "SIZE"}, 80},
      {{"SHADE"}, 40},
  }};
  return kSets;
}

std::uint64_t sum(const std::vector<std::uint64_t>& up_to) { return up_to.back(); }

/// The n with up_to[n-1] < place <= up_to[n]: whose share `place` (from 1) is.
std::uint64_t owner(const std::vector<std::uint64_t>& up_to, std::uint64_t place) {
  return static_cast<std::uint64_t>(std::lower_bound(up_to.begin(), up_to.end(), place) - up_to.begin());
}

void check(const char* option, std::uint64_t value, std::uint64_t most) {
  if (value <= most) return;
  throw std::invalid_argument(std::string(option) + ": at most " + std::to_string(most));
}

}  // namespace

std::uint64_t mix(std::uint64_t value) {  // splitmix64
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31);
}

Population::Population(CatalogueOptions options) : options_(options) {
  check("--items", options.items, kMostItems);
  check("--kits", options.kits.value_or(0), kMostItems);
  check("--templates", options.templates.value_or(0), kMostTemplates);
  check("--non-stock-items", options.non_stock_items, kMostItems);
  check("--non-stock-kits", options.non_stock_kits, kMostItems);
  stock_children_.push_back(0);
  non_stock_children_.push_back(0);
  revisions_.push_back(0);
  for (std::uint64_t n = 1; n <= options.templates.value_or(0); ++n) {
    const Family each = family(n);
    stock_children_.push_back(stock_children_.back() + (each.stock ? each.children : 0));
    non_stock_children_.push_back(non_stock_children_.back() + (each.stock ? 0 : each.children));
  }
  for (std::uint64_t n = 1; n <= options.kits.value_or(0); ++n) {
    revisions_.push_back(revisions_.back() + revisions_of(n));
  }
}

std::uint64_t Population::size(Table table) const {
  switch (table) {
    case Table::stock_items:
    case Table::non_stock_items:
      return before_children(table) + sum(children_up_to(table));
    case Table::templates:
      return options_.templates.value_or(0);
    case Table::kit_specifications:
      return sum(revisions_) + options_.non_stock_kits;
    case Table::attributes:
      return attribute_definitions().size();
    case Table::item_classes:
      return item_classes().size();
    case Table::categories:
      return kCategories;
  }
  return 0;
}

std::uint64_t Population::before_children(Table table) const {
  return table == Table::stock_items ? options_.items + options_.kits.value_or(0)
                                     : options_.non_stock_kits + options_.non_stock_items;
}

const std::vector<std::uint64_t>& Population::children_up_to(Table table) const {
  return table == Table::stock_items ? stock_children_ : non_stock_children_;
}

std::uint64_t Population::revisions_of(std::uint64_t kit) const {
  return mix(mix(options_.seed + 0x4b4954) ^ mix(kit)) % 3 + 1;
}

Family Population::family(std::uint64_t number) const {
  const std::uint64_t roll = mix(mix(options_.seed + 0x544d504c) ^ mix(number));
  const VariantSet& set = variant_sets()[roll % variant_sets().size()];
  const std::uint64_t most = std::min(set.combinations, kMostChildren);
  return {&set, 2 + (roll >> 8) % (most - 1), number % 5 != 4};
}

IndexRange Population::children(Table table, std::uint64_t family) const {
  const auto& up_to = children_up_to(table);
  if (family == 0 || family >= up_to.size()) return {};
  return {before_children(table) + up_to[family - 1] + 1, up_to[family] - up_to[family - 1]};
}

Member Population::member(Table table, std::uint64_t index) const {
  if (table == Table::templates) return {ItemKind::head, index};
  const bool stock = table == Table::stock_items;
  const std::uint64_t first_part = stock ? options_.items : options_.non_stock_kits;
  if (index <= first_part) return {stock ? ItemKind::plain : ItemKind::kit, index};
  if (index <= before_children(table)) return {stock ? ItemKind::kit : ItemKind::plain, index - first_part};
  const auto& up_to = children_up_to(table);
  const std::uint64_t place = index - before_children(table);
  if (place > sum(up_to)) return {ItemKind::plain, index};  // inserted by a client
  const std::uint64_t family = owner(up_to, place);
  return {ItemKind::child, family, place - up_to[family - 1] - 1};
}

Revision Population::revision(std::uint64_t index) const {
  if (index > sum(revisions_)) return {false, index - sum(revisions_), 1, 1};
  const std::uint64_t kit = owner(revisions_, index);
  return {true, kit, index - revisions_[kit - 1], revisions_[kit] - revisions_[kit - 1]};
}

}  // namespace acumatica_sim
