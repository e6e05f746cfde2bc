#include "sync/removals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/bytes.hpp"
#include "sync/subject.hpp"

namespace product_sync::sync {
namespace {

constexpr std::string_view kComponents = "Bundle Components";
constexpr std::string_view kPictures = "Picture URLs";

/// Names of `NAME=value,…` as written, in order. A comma within a value is `%2C` (rithum.md §2.5).
std::vector<std::string> names_of(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    const auto entry = list.substr(0, end);
    if (const auto equals = entry.find('='); equals != std::string_view::npos) {
      names.emplace_back(trim(entry.substr(0, equals)));
    }
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return names;
}

}  // namespace

std::vector<std::string> dropped_names(std::string_view before, std::string_view after) {
  std::set<std::string> kept;
  for (const auto& name : names_of(after)) kept.insert(to_lower_ascii(name));
  auto dropped = names_of(before);
  std::erase_if(dropped, [&](const auto& name) { return kept.contains(to_lower_ascii(name)); });
  return dropped;
}

Removals::Removals(rithum::ProductEdits& edits, rithum::ProductReader& reader, store::Store& store, Logger& log)
    : edits_(edits), reader_(reader), store_(store), log_(log) {}

Result<void> Removals::before(const store::OutboxFile& file, std::stop_token stop) {
  if (auto done = remove_components(file, stop); !done) return done;
  return remove_images(file, std::move(stop));
}

Result<void> Removals::remove_components(const store::OutboxFile& file, std::stop_token stop) {
  const auto changes = store_.outbox().changed_values(file.id, kComponents);
  if (!changes) return tl::unexpected(changes.error());
  for (const auto& change : *changes) {
    for (const auto& sku : dropped_names(change.before, change.after)) {
      const auto bundle = change.product_id.empty() ? id_of(file.site, change.sku, stop) : change.product_id;
      if (!bundle) return tl::unexpected(bundle.error());
      const auto component = id_of(file.site, sku, stop);
      if (!component) return tl::unexpected(component.error());
      if (bundle->empty() || component->empty()) continue;  // Rithum has no such product, so no such component
      const auto outcome = edits_.remove_component(*bundle, *component, stop);
      if (auto done = noted(outcome, file, change.sku, fmt::format("component {}", sku)); !done) return done;
    }
  }
  return {};
}

Result<void> Removals::remove_images(const store::OutboxFile& file, std::stop_token stop) {
  const auto changes = store_.outbox().changed_values(file.id, kPictures);
  if (!changes) return tl::unexpected(changes.error());
  for (const auto& change : *changes) {
    for (const auto& placement : dropped_names(change.before, change.after)) {
      const auto id = change.product_id.empty() ? id_of(file.site, change.sku, stop) : change.product_id;
      if (!id) return tl::unexpected(id.error());
      if (id->empty()) continue;
      const auto outcome = edits_.remove_image(*id, placement, stop);
      if (auto done = noted(outcome, file, change.sku, fmt::format("image {}", placement)); !done) return done;
    }
  }
  return {};
}

/// Empty when Rithum has no such product.
Result<std::string> Removals::id_of(const std::string& site, const std::string& sku, std::stop_token stop) {
  const auto entry = store_.ledger().find(site, key_of(sku));
  if (!entry) return tl::unexpected(entry.error());
  if (*entry && !(*entry)->product_id.empty()) return (*entry)->product_id;
  std::string id;
  const auto take = [&](rithum::ShownProduct&& shown) -> Result<void> {
    if (key_of(shown.sku) == key_of(sku)) id = shown.id;
    return {};
  };
  const std::vector skus{sku};
  if (auto read = reader_.find(skus, {}, take, std::move(stop)); !read) return tl::unexpected(read.error());
  return id;
}

Result<void> Removals::noted(const Result<void>& outcome, const store::OutboxFile& file, const std::string& sku,
                             std::string_view what) {
  if (outcome) {
    log_.info("removal.done", fmt::format("The {} was taken off product {} in Rithum.", what, sku),
              {{"site", file.site}, {"sku", sku}});
    return {};
  }
  if (outcome.error().retry != Retry::never) return tl::unexpected(outcome.error());
  const auto message = fmt::format("The {} could not be taken off product {}: {} A bundle that is listed has to be "
                                   "withdrawn in Rithum first.",
                                   what, sku, outcome.error().message);
  log_.error("removal.refused", message, {{"site", file.site}, {"sku", sku}, {"code", outcome.error().code}});
  return store_.outbox().remark(file.id, key_of(sku), "removal.refused", message);
}

}  // namespace product_sync::sync
