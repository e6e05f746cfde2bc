#include "catalog/kit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>

#include "base/bytes.hpp"
#include "catalog/detail_rows.hpp"
#include "catalog/text.hpp"
#include "catalog/value.hpp"

namespace product_sync::catalog {
namespace {

void add_components(const Item& record, std::string_view detail, std::string_view key, bool stock,
                    std::vector<KitComponent>& out) {
  for (const DetailRow& row : record.detail(detail)) {
    const auto text = [&](std::string_view column) { return std::string(trim(column_of(row, column))); };
    auto id = text(key);
    if (!id.empty()) out.push_back({std::move(id), text("UOM"), text("ComponentQty"), stock});
  }
}

std::string revisions_of(const std::vector<const KitSpecification*>& revisions) {
  std::vector<std::string> names;
  for (const auto* one : revisions) names.push_back(excerpt(one->revision));
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

KitSpecification kit_specification(const Item& record) {
  KitSpecification kit;
  kit.kit_id = trim(record.field("KitInventoryID"));
  kit.revision = trim(record.field("RevisionID"));
  kit.active = parse_boolean(record.field("Active")).value_or(false);
  if (auto modified = parse_iso8601(trim(record.field("LastModifiedDateTime")))) kit.modified = *modified;
  add_components(record, "StockComponents", "StockInventoryID", true, kit.components);
  add_components(record, "NonStockComponents", "NonStockInventoryID", false, kit.components);
  return kit;
}

std::variant<const KitSpecification*, Reason> choose_revision(const std::string& kit_id,
                                                              const std::vector<KitSpecification>& revisions,
                                                              RevisionRule rule, const std::string& name) {
  const auto kit = excerpt(kit_id);
  std::vector<const KitSpecification*> active;
  for (const auto& one : revisions) {
    if (one.active) active.push_back(&one);
  }
  if (revisions.empty()) {
    return Reason{"kit.no_specification",
                  fmt::format("Kit {} has no kit specification: enter one in Acumatica (IN209500).", kit)};
  }
  if (rule == RevisionRule::named) {
    const auto found = std::ranges::find_if(
        active, [&](const KitSpecification* one) { return same_without_case(one->revision, trim(name)); });
    if (found != active.end()) return *found;
    return Reason{"kit.no_such_revision",
                  fmt::format("Kit {} has no active revision {}, which mapping.bundles.revision_name asks for; its "
                              "active ones: {}.",
                              kit, excerpt(name), active.empty() ? "none" : revisions_of(active))};
  }
  if (active.empty()) {
    return Reason{"kit.no_active_revision", fmt::format("Kit {} has {} revision(s), none of them active: activate one "
                                                        "in Acumatica (IN209500).",
                                                        kit, revisions.size())};
  }
  if (active.size() == 1) return active.front();
  if (rule == RevisionRule::active) {
    return Reason{"kit.several_active_revisions",
                  fmt::format("Kit {} has several active revisions ({}): leave one active, or set "
                              "mapping.bundles.revision to newest or named.",
                              kit, revisions_of(active))};
  }
  return *std::ranges::max_element(active, {}, [](const KitSpecification* one) {
    return std::tuple(one->modified.value_or(Instant::min()), one->revision);
  });
}

}  // namespace product_sync::catalog
