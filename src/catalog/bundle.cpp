#include "catalog/bundle.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/bytes.hpp"
#include "catalog/mapping.hpp"
#include "catalog/product.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

constexpr std::size_t kMostComponents = 10;  // rithum.md §3.2

/// Sums up the lines of one kit.
class Assembly {
 public:
  Assembly(const KitSpecification& kit, const FindComponent& find) : kit_(kit), find_(find) {}

  void add(const KitComponent& line) {
    const auto* facts = find_(line.inventory_id);
    if (facts == nullptr) {
      return refuse("bundle.component_unknown",
                    fmt::format("component {} was not found among the items that are read. Is it a non-stock item? See "
                                "mapping.non_stock_items.",
                                excerpt(line.inventory_id)));
    }
    if (auto fault = unfit(line, *facts)) return refuse(std::move(fault->code), fault->text);
    auto quantity = Decimal::parse(trim(line.quantity));
    if (!quantity || *quantity <= Decimal{}) {
      return refuse("bundle.quantity", fmt::format("component {} has the quantity {}, which is no positive number.",
                                                   excerpt(line.inventory_id), excerpt(line.quantity)));
    }
    auto units = whole_sales_units(*quantity, line.unit, facts->units);
    if (!units) {
      return refuse(units.error().code,
                    fmt::format("component {}: {}", excerpt(line.inventory_id), units.error().text()));
    }
    auto& sum = components_[to_lower_ascii(facts->sku)];
    sum.sku = facts->sku;
    sum.quantity += *units;
  }

  std::variant<std::string, std::vector<Reason>> finish() {
    if (reasons_.empty() && components_.empty()) {
      refuse("bundle.no_component", fmt::format("revision {} has no components.", excerpt(kit_.revision)));
    }
    if (components_.size() > kMostComponents) {
      refuse("bundle.too_many_components",
             fmt::format("revision {} has {} components, and Rithum's bundles hold at most {}.",
                         excerpt(kit_.revision), components_.size(), kMostComponents));
    }
    if (!reasons_.empty()) return std::move(reasons_);
    std::string text;
    for (const auto& [key, component] : components_) {
      text += fmt::format("{}{}={}", text.empty() ? "" : ",", component.sku, component.quantity);
    }
    return text;
  }

 private:
  struct Component {
    std::string sku;
    std::int64_t quantity = 0;
  };

  static std::optional<Reason> unfit(const KitComponent& line, const ComponentFacts& facts) {
    const auto id = excerpt(line.inventory_id);
    if (facts.kind == ProductKind::kit) {
      return Reason{"bundle.component_is_bundle",
                    fmt::format("component {} is a kit itself; Rithum's bundles hold no bundles.", id)};
    }
    if (facts.kind == ProductKind::parent) {
      return Reason{"bundle.component_is_parent",
                    fmt::format("component {} is a template; name one of its matrix items.", id)};
    }
    if (facts.missing) {
      return Reason{"bundle.component_not_exported",
                    fmt::format("component {} is not in Rithum: {}", id, facts.missing->text)};
    }
    if (facts.sku.find_first_of(",=") != std::string::npos) {
      return Reason{"bundle.component_sku",
                    fmt::format("component {} has a comma or an equals sign in its SKU, which separate components in "
                                "the feed.",
                                id)};
    }
    return std::nullopt;
  }

  void refuse(std::string code, const std::string& what) {
    reasons_.push_back({std::move(code), fmt::format("Kit {}: {}", excerpt(kit_.kit_id), what)});
  }

  const KitSpecification& kit_;
  const FindComponent& find_;
  std::map<std::string, Component> components_;  // by key of the SKU
  std::vector<Reason> reasons_;
};

/// SKUs of `A=2,B=1` by their keys.
std::map<std::string, std::string> skus_of(std::string_view components) {
  std::map<std::string, std::string> skus;
  while (!components.empty()) {
    const auto comma = std::min(components.find(','), components.size());
    const auto sku = trim(components.substr(0, std::min(components.find('='), comma)));
    if (!sku.empty()) skus.emplace(to_lower_ascii(sku), sku);
    components.remove_prefix(std::min(comma + 1, components.size()));
  }
  return skus;
}

}  // namespace

std::variant<std::string, std::vector<Reason>> bundle_components(const KitSpecification& kit, const BundleRules& rules,
                                                                 const FindComponent& find) {
  Assembly assembly(kit, find);
  for (const auto& line : kit.components) {
    if (line.stock || rules.with_non_stock_components) assembly.add(line);
  }
  return assembly.finish();
}

void make_bundle(Product& product, const std::string& components, const Mapping& mapping) {
  product.kind = ProductKind::kit;
  for (std::size_t i = 0; i < mapping.values.size(); ++i) {
    if (mapping.values[i].role == ValueRole::bundle_components) product.values[i] = components;
  }
  leave_out_quantity(product, mapping);
}

std::vector<std::string> component_keys(std::string_view components) {
  std::vector<std::string> keys;
  for (const auto& [key, sku] : skus_of(components)) keys.push_back(key);
  return keys;
}

Reason too_many_bundles(const std::string& kit_id, std::uint64_t count, const BundleRules& rules) {
  return {std::string(kTooManyBundles),
          fmt::format("Kit {}: the account holds {} bundles, and Rithum takes at most {}. Export fewer kits; where the "
                      "account may hold more, say so in mapping.bundles.most_bundles.",
                      excerpt(kit_id), count, rules.most_bundles)};
}

Reason component_in_too_many(const std::string& kit_id, const std::string& component, std::uint64_t count,
                             const BundleRules& rules) {
  return {std::string(kComponentInTooMany),
          fmt::format("Kit {}: component {} is in {} other bundles, and Rithum takes it in at most {}. Export fewer of the "
                      "kits that hold it; where the account allows more, say so in mapping.bundles.most_with_component.",
                      excerpt(kit_id), excerpt(component), count, rules.most_with_component)};
}

std::vector<std::string> obsolete_components(std::string_view told, std::string_view now) {
  const auto current = skus_of(now);
  std::vector<std::string> obsolete;
  for (const auto& [key, sku] : skus_of(told)) {
    if (!current.contains(key)) obsolete.push_back(sku);
  }
  return obsolete;
}

Reason obsolete_remark(const std::string& inventory_id, const std::vector<std::string>& skus) {
  return {"bundle.obsolete_components",
          fmt::format("Bundle {} no longer holds {}. A file does not take components away: with rithum.* configured they "
                      "are taken off before it goes, unless the bundle is listed; otherwise remove them in Rithum.",
                      excerpt(inventory_id), fmt::join(skus, ", "))};
}

}  // namespace product_sync::catalog
