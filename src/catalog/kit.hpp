#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "catalog/item.hpp"
#include "catalog/reason.hpp"

namespace product_sync::catalog {

/// One line of a kit specification; all text as received.
struct KitComponent {
  std::string inventory_id;
  std::string unit;  ///< of the quantity
  std::string quantity;
  bool stock = true;  ///< a stock component; otherwise a non-stock one, such as labour
};

/// A revision of what a kit is made of (acumatica.md §3.5).
struct KitSpecification {
  std::string kit_id;
  std::string revision;
  bool active = false;
  std::optional<Instant> modified;
  std::vector<KitComponent> components;  ///< stock components first, each in the order received
};

/// Reads a record of `KitSpecification` that came with its details.
[[nodiscard]] KitSpecification kit_specification(const Item& record);

/// Which revision a bundle is made of.
enum class RevisionRule {
  active,  ///< the only active one; several are a fault
  newest,  ///< of the active ones, the one that was modified last
  named,   ///< the active one with the configured name
};

/// The revision of a kit by the rule, or why there is none: `kit.no_specification`, `kit.no_active_revision`,
/// `kit.several_active_revisions`, `kit.no_such_revision`. `name` counts for RevisionRule::named alone.
[[nodiscard]] std::variant<const KitSpecification*, Reason> choose_revision(
    const std::string& kit_id, const std::vector<KitSpecification>& revisions, RevisionRule rule,
    const std::string& name);

}  // namespace product_sync::catalog
