#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace product_sync::catalog {

/// What tells Rithum that a product is not for sale any more. A file deletes nothing (rithum.md §2.5).
enum class WithdrawalStep : std::uint8_t {
  quantity_zero,  ///< no stock: leaves all channels (rithum.md §1.5)
  blocked,        ///< a blocked item does not list (rithum.md §2.5)
  label,          ///< for rules in Rithum that look at labels
};
/// `quantity_zero`, `blocked`, `label`.
[[nodiscard]] std::string_view to_text(WithdrawalStep step);
[[nodiscard]] std::optional<WithdrawalStep> parse_withdrawal_step(std::string_view text);

/// How a site withdraws products that are no longer exported.
struct WithdrawalRules {
  std::set<WithdrawalStep> steps;           ///< none: Rithum is told nothing
  std::string quantity_type = "ABSOLUTE";   ///< with which the zero is sent
  std::string label = "Withdrawn";
  std::string blocked_column;               ///< header for `blocked`, which is not documented (rithum.md §2.5)
};

}  // namespace product_sync::catalog
