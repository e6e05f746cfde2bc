#include "store/sqlite_kit_index.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "store/statements.hpp"

namespace product_sync::store {
namespace {

template <class Query>
Result<std::uint64_t> read_count(Query& query) {
  const std::uint64_t count = query.next() ? query.count(0) : 0;
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return count;
}

}  // namespace

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

Result<void> SqliteKitIndex::tell(std::string_view site, std::string_view kit_id,
                                  std::span<const std::string> component_keys) {
  const std::set<std::string> wanted(component_keys.begin(), component_keys.end());
  const auto current = told(site, kit_id);
  if (!current) return tl::unexpected(current.error());
  if (std::ranges::equal(*current, wanted)) return {};
  return database_.write([&](Connection& connection) -> Result<void> {
    if (auto done = connection.run(sql::kit_index::kUntell, site, kit_id); !done) return done;
    for (const auto& key : wanted) {
      if (auto done = connection.run(sql::kit_index::kTell, site, kit_id, key); !done) return done;
    }
    return {};
  });
}

Result<std::vector<std::string>> SqliteKitIndex::told(std::string_view site, std::string_view kit_id) {
  return database_.read([&](Connection& connection) -> Result<std::vector<std::string>> {
    std::vector<std::string> keys;
    auto query = connection.query(sql::kit_index::kTold, site, kit_id);
    while (query.next()) keys.push_back(query.text(0));
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return keys;
  });
}

Result<std::uint64_t> SqliteKitIndex::bundles(std::string_view site) {
  return database_.read([&](Connection& connection) -> Result<std::uint64_t> {
    auto query = connection.query(sql::kit_index::kBundles, site);
    return read_count(query);
  });
}

Result<std::uint64_t> SqliteKitIndex::bundles_with(std::string_view site, std::string_view component_key) {
  return database_.read([&](Connection& connection) -> Result<std::uint64_t> {
    auto query = connection.query(sql::kit_index::kBundlesWith, site, component_key);
    return read_count(query);
  });
}

}  // namespace product_sync::store
