#pragma once

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "catalog/condition.hpp"
#include "catalog/expression.hpp"
#include "catalog/item.hpp"
#include "catalog/needs.hpp"
#include "catalog/reason.hpp"
#include "catalog/rules.hpp"

namespace product_sync::catalog {

/// What must hold before an item is exported (M5, and the site's own rules).
struct ExportConditions {
  TextMap classifications;  ///< item class, trimmed -> Rithum classification
  Sources active;           ///< the "Active on Rithum" box
  /// Item statuses by their labels (acumatica.md §2.7). One that stands in neither list parks the item.
  Names exported_statuses = {"Active", "No Purchases", "No Request"};
  Names withdrawn_statuses = {"Inactive", "No Sales", "Marked for Deletion"};
  std::optional<Condition> when = std::nullopt;  ///< further filters
};

/// Not exported by the rules of the site: normal, no fault.
struct NotExported {
  Reason reason;
  /// Whether Rithum should be told when it knows the product from before: the item lost a condition that it can regain.
  /// False for what is not exported in principle.
  bool withdrawable = true;
};

/// The item's status is one that the configuration does not know.
struct StatusUnknown {
  Reason reason;
};

/// Everything but std::monostate keeps the item from being exported. The reason names the remedy.
using Eligibility = std::variant<std::monostate, NotExported, StatusUnknown>;
[[nodiscard]] Eligibility judge(const Item& item, const ExportConditions& conditions);

/// The fields that judge() reads, and what the conditions read.
void add_needs(const ExportConditions& conditions, Needs& needs);

}  // namespace product_sync::catalog
