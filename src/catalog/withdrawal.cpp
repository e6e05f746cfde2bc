#include "catalog/withdrawal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "catalog/list_value.hpp"
#include "catalog/value.hpp"

namespace product_sync::catalog {
namespace {

constexpr std::array kWithdrawalSteps{
    std::pair{WithdrawalStep::quantity_zero, std::string_view("quantity_zero")},
    std::pair{WithdrawalStep::blocked, std::string_view("blocked")},
    std::pair{WithdrawalStep::label, std::string_view("label")},
};

constexpr std::string_view kQuantity = "Quantity";
constexpr std::string_view kQuantityType = "Quantity Update Type";
constexpr std::string_view kDcQuantity = "DC Quantity";
constexpr std::string_view kDcQuantityType = "DC Quantity Update Type";
constexpr std::string_view kListedDcsOnly = "partial dc list";
constexpr std::string_view kLabels = "Labels";
constexpr std::string_view kYes = "TRUE";
constexpr std::string_view kNo = "FALSE";

constexpr Column kBlockedColumn{"Blocked", ColumnType::boolean, 0, false, {}, "file column unknown: rithum.md §2.5", {}};

std::optional<std::size_t> place_of(const Mapping& mapping, std::string_view column) {
  for (std::size_t i = 0; i < mapping.values.size(); ++i) {
    if (!mapping.values[i].is_attribute && same_without_case(mapping.values[i].name, column)) return i;
  }
  return std::nullopt;
}

void add_column(Mapping& mapping, std::string_view name, const Column& column) {
  if (place_of(mapping, name)) return;
  ValueMapping value{std::string(name), &column, false, {}};
  value.role = ValueRole::withdrawal;
  mapping.values.push_back(std::move(value));
}

// `MAIN=12,EAST=3` -> `MAIN=0,EAST=0`
std::string zeroed(std::string_view quantities) {
  std::string zeros;
  while (!quantities.empty()) {
    const auto end = std::min(quantities.find(','), quantities.size());
    zeros += fmt::format("{}{}=0", zeros.empty() ? "" : ",", trim(quantities.substr(0, quantities.find('='))));
    quantities.remove_prefix(std::min(end + 1, quantities.size()));
  }
  return zeros;
}

/// A row that says no more than it is asked to.
class Telling {
 public:
  Telling(const Mapping& mapping, Difference& difference) : mapping_(mapping), difference_(difference) {}

  [[nodiscard]] std::string told(std::size_t place) const {
    const auto found = difference_.told.find(mapping_.values[place].key());
    return found == difference_.told.end() ? std::string{} : found->second;
  }

  /// `cell` goes into the row, and makes Rithum hold `after`.
  void tell(std::size_t place, std::string cell, const std::string& after) {
    const std::string key = mapping_.values[place].key();
    const std::string before = told(place);
    difference_.row.cells[place] = {CellKind::set, std::move(cell)};
    if (before != after) difference_.changes.push_back({key, before, after});
    if (after.empty()) {
      difference_.told.erase(key);
    } else {
      difference_.told.insert_or_assign(key, after);
    }
  }

 private:
  const Mapping& mapping_;
  Difference& difference_;
};

void zero_quantity(const Mapping& mapping, Telling& row) {
  if (const auto dcs = place_of(mapping, kDcQuantity); dcs && !row.told(*dcs).empty()) {
    const auto zeros = zeroed(row.told(*dcs));
    row.tell(*dcs, zeros, zeros);
    if (const auto type = place_of(mapping, kDcQuantityType)) {
      const auto known = row.told(*type).empty() ? std::string(kListedDcsOnly) : row.told(*type);
      row.tell(*type, known, known);
    }
  }
  const auto quantity = place_of(mapping, kQuantity);
  const auto type = place_of(mapping, kQuantityType);
  if (!quantity || !type) return;
  row.tell(*quantity, "0", "0");
  row.tell(*type, mapping.withdrawal.quantity_type, mapping.withdrawal.quantity_type);
}

// As make_list() writes them, so that a later comparison finds them alike.
std::string labels_of(const Mapping& mapping, std::size_t place, const std::vector<std::string>& entries) {
  const auto& value = mapping.values[place];
  const auto made =
      make_list(*value.column, entries, value.pictures, {value.policies, mapping.policies, mapping.references});
  return made ? made->text : std::string{};
}

void add_label(const Mapping& mapping, Telling& row) {
  const auto place = place_of(mapping, kLabels);
  if (!place) return;
  const auto& name = mapping.withdrawal.label;
  // Labels are additive (rithum.md §2.5): the one says all.
  row.tell(*place, name, labels_of(mapping, *place, {row.told(*place), name}));
}

// Labels that a policy left out stay as they are, but for the one of the withdrawal.
void take_label_off(const Mapping& mapping, const Product& product, Difference& difference, Telling& row) {
  const auto place = place_of(mapping, kLabels);
  if (!place || difference.row.cells[*place].kind != CellKind::unchanged || !product.values[*place].empty()) return;
  std::vector<std::string> kept;
  bool labelled = false;
  const std::string told = row.told(*place);
  std::string_view rest = told;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(','), rest.size());
    const auto name = trim(rest.substr(0, end));
    const bool ours = same_without_case(name, mapping.withdrawal.label);
    labelled |= ours;
    if (!ours) kept.emplace_back(name);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (labelled) {
    row.tell(*place, fmt::format("-{}", mapping.withdrawal.label), labels_of(mapping, *place, kept));
  }
}

}  // namespace

std::string_view to_text(WithdrawalStep step) {
  return std::ranges::find(kWithdrawalSteps, step, [](const auto& name) { return name.first; })->second;
}

std::optional<WithdrawalStep> parse_withdrawal_step(std::string_view text) {
  const auto* const found = std::ranges::find(kWithdrawalSteps, text, [](const auto& name) { return name.second; });
  if (found == kWithdrawalSteps.end()) return std::nullopt;
  return found->first;
}

void add_withdrawal_values(Mapping& mapping) {
  const auto& rules = mapping.withdrawal;
  if (rules.steps.contains(WithdrawalStep::quantity_zero) && !place_of(mapping, kDcQuantity) && !place_of(mapping, kQuantity)) {
    for (const auto name : {kQuantityType, kQuantity}) add_column(mapping, name, *find_column(name));
  }
  if (rules.steps.contains(WithdrawalStep::label)) add_column(mapping, kLabels, *find_column(kLabels));
  if (rules.steps.contains(WithdrawalStep::blocked) && !rules.blocked_column.empty()) {
    add_column(mapping, rules.blocked_column, kBlockedColumn);
  }
}

bool can_withdraw(const WithdrawalRules& rules, ProductKind kind) {
  return rules.steps.contains(WithdrawalStep::blocked) || rules.steps.contains(WithdrawalStep::label) ||
         (rules.steps.contains(WithdrawalStep::quantity_zero) && !has_no_quantity(kind));
}

std::optional<Difference> withdraw(const Sku& sku, ProductKind kind, const Mapping& mapping, const ToldValues& told) {
  const auto& rules = mapping.withdrawal;
  Difference difference{{}, {sku, {}, std::vector<Cell>(mapping.values.size()), false, kind}, told};
  Telling row(mapping, difference);
  if (rules.steps.contains(WithdrawalStep::quantity_zero) && !has_no_quantity(kind)) zero_quantity(mapping, row);
  if (rules.steps.contains(WithdrawalStep::label)) add_label(mapping, row);
  if (rules.steps.contains(WithdrawalStep::blocked)) {
    if (const auto place = place_of(mapping, rules.blocked_column)) row.tell(*place, std::string(kYes), std::string(kYes));
  }
  const bool says_something =
      std::ranges::any_of(difference.row.cells, [](const Cell& cell) { return cell.kind == CellKind::set; });
  if (!says_something) return std::nullopt;
  return difference;
}

Difference reinstate(const Product& product, const Mapping& mapping, const ToldValues& told) {
  Difference difference = compare(product, mapping, &told);
  Telling row(mapping, difference);
  take_label_off(mapping, product, difference, row);
  const auto& column = mapping.withdrawal.blocked_column;
  const auto block = column.empty() ? std::nullopt : place_of(mapping, column);
  if (block && product.values[*block].empty() && !row.told(*block).empty()) row.tell(*block, std::string(kNo), {});
  for (const auto name : {kQuantity, kQuantityType}) {
    const auto place = place_of(mapping, name);
    if (place && mapping.values[*place].role == ValueRole::withdrawal) difference.told.erase(std::string(name));
  }
  return difference;
}

}  // namespace product_sync::catalog
