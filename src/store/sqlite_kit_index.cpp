#include "store/sqlite_kit_index.hpp"

#include <algorithm>
#include <map>

#include "store/statements.hpp"

namespace product_sync::store {

Result<void> SqliteKitIndex::record(std::string_view site, std::string_view kit_id,
                                    std::span<const Component> components) {
  std::map<std::string, std::string> wanted;
  for (const auto& component : components) wanted.emplace(component.key, component.facts);
  const auto current = components_of(site, kit_id);
  if (!current) return tl::unexpected(current.error());
  const bool same = std::ranges::equal(*current, wanted, [](const Component& component, const auto& other) {
    return component.key == other.first && component.facts == other.second;
  });
  if (same) return {};
  return database_.write([&](Connection& connection) -> Result<void> {
    if (auto done = connection.run(sql::kit_index::kForget, site, kit_id); !done) return done;
    for (const auto& [key, facts] : wanted) {
      if (auto done = connection.run(sql::kit_index::kAdd, site, kit_id, key, facts); !done) return done;
    }
    return {};
  });
}

Result<std::vector<KitIndex::Component>> SqliteKitIndex::components_of(std::string_view site,
                                                                       std::string_view kit_id) {
  return database_.read([&](Connection& connection) -> Result<std::vector<Component>> {
    std::vector<Component> components;
    auto query = connection.query(sql::kit_index::kOfKit, site, kit_id);
    while (query.next()) components.push_back({query.text(0), query.text(1)});
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return components;
  });
}

Result<std::vector<KitIndex::Use>> SqliteKitIndex::kits_of(std::string_view site, std::string_view component_key) {
  return database_.read([&](Connection& connection) -> Result<std::vector<Use>> {
    std::vector<Use> uses;
    auto query = connection.query(sql::kit_index::kUses, site, component_key);
    while (query.next()) uses.push_back({query.text(0), query.text(1)});
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return uses;
  });
}

}  // namespace product_sync::store
