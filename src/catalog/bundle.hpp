#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "catalog/kind.hpp"
#include "catalog/kit.hpp"
#include "catalog/reason.hpp"
#include "catalog/units.hpp"

namespace product_sync::catalog {

struct Mapping;
struct Product;

/// How kits become bundles (M4).
struct BundleRules {
  RevisionRule revision = RevisionRule::active;
  std::string revision_name;                ///< for RevisionRule::named
  bool with_non_stock_components = true;    ///< otherwise they are left out of bundles, as labour may be
  std::uint64_t most_bundles = 60'000;      ///< that an account holds (rithum.md §3.2)
  std::uint64_t most_with_component = 500;  ///< bundles that hold the same component (rithum.md §3.2)
};

/// What is known of an item that is a component of kits.
struct ComponentFacts {
  std::string sku;
  ProductKind kind = ProductKind::item;
  std::optional<Reason> missing;  ///< why it is not exported; none when it is
  Units units;
};

/// By inventory ID; null when nothing is known of the item.
using FindComponent = std::function<const ComponentFacts*(const std::string& inventory_id)>;

/// The value of `Bundle Components` for a kit: `SKU=quantity,…`, in the order of the SKUs, quantities in the components'
/// sales units; or why there is none. Codes: `bundle.no_component`, `bundle.too_many_components`,
/// `bundle.component_unknown`, `bundle.component_not_exported`, `bundle.component_is_bundle`, `bundle.component_is_parent`,
/// `bundle.component_sku`, `bundle.quantity`, and those of whole_sales_units().
[[nodiscard]] std::variant<std::string, std::vector<Reason>> bundle_components(const KitSpecification& kit,
                                                                               const BundleRules& rules,
                                                                               const FindComponent& find);

/// Makes a product that was mapped from a kit a bundle of these components, without a quantity of its own.
void make_bundle(Product& product, const std::string& components, const Mapping& mapping);

/// The keys of the SKUs in such a value, in their order.
[[nodiscard]] std::vector<std::string> component_keys(std::string_view components);

/// Why a bundle is not sent when the account holds `count`; code kTooManyBundles.
[[nodiscard]] Reason too_many_bundles(const std::string& kit_id, std::uint64_t count, const BundleRules& rules);
/// Why a bundle is not sent when `count` others hold the component; code kComponentInTooMany.
[[nodiscard]] Reason component_in_too_many(const std::string& kit_id, const std::string& component,
                                           std::uint64_t count, const BundleRules& rules);

/// SKUs that a bundle was told to hold and does not hold any more: a file does not take them away (rithum.md §3.2).
[[nodiscard]] std::vector<std::string> obsolete_components(std::string_view told, std::string_view now);

/// `bundle.obsolete_components`: a remark for the operator.
[[nodiscard]] Reason obsolete_remark(const std::string& inventory_id, const std::vector<std::string>& skus);

}  // namespace product_sync::catalog
