#include "tenant.hpp"

#include <algorithm>
#include <mutex>

namespace acumatica_sim {

void Renames::add(const std::string& from, const std::string& to) {
  const std::unique_lock lock(mutex_);
  bool known = false;
  for (auto& [original, now] : now_) {
    if (collate(now, from) != 0) continue;
    now = to;
    known = true;
  }
  if (!known) now_[from] = to;
  any_ = true;
}

std::string Renames::now(const std::string& original) const {
  if (!any_) return original;
  const std::shared_lock lock(mutex_);
  const auto found = now_.find(original);
  return found == now_.end() ? original : found->second;
}

Tenant::Tenant(const CatalogueOptions& options, StampRules rules) : population_(options), rules_(rules) {
  for (const EntitySpec& spec : entity_schemas()) {
    tables_[static_cast<std::size_t>(spec.table)] = std::make_unique<Catalogue>(*this, spec, !rules.details_keep_stamp);
  }
}

std::vector<Item> Tenant::children(Table table, std::string_view template_key) const {
  const auto head = (*this)[Table::templates].by_key(template_key);
  const std::uint64_t family = head ? head->seeded().index : 0;
  return (*this)[table].of_template(template_key, population_.children(table, family));
}

std::vector<Item> Tenant::children(const Item& head) const {
  std::vector<Item> all;  // does not look the template up: whoever lists templates has locked their table
  for (const Table table : {Table::stock_items, Table::non_stock_items}) {
    auto some = (*this)[table].of_template(head.key(), population_.children(table, head.seeded().index));
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  std::sort(all.begin(), all.end(), [](const Item& a, const Item& b) { return collate(a.key(), b.key()) < 0; });
  return all;
}

Change Tenant::apply(Table table, std::string_view key, const Edit& edit, Presence presence) {
  Change change = (*this)[table].apply(key, edit, presence);
  if (!rules_.children_stamp_template || change.touched.empty() || !schema_of(table).parent) return change;
  for (const auto& item : {change.before, change.after}) {
    if (const Cell head = item ? item->cell(*schema_of(table).parent) : Cell()) (*this)[Table::templates].touch(*head);
  }
  return change;
}

Change Tenant::rename(Table table, std::string_view key, std::string_view to) {
  Change change = (*this)[table].rename(key, to);
  if (change.touched.empty() || schema_of(table).keys.size() > 1) return change;
  const std::string from = change.before->key();
  renames_.add(from, change.after->key());
  Catalogue& kits = (*this)[Table::kit_specifications];
  std::vector<std::string> revisions;
  auto place = kits.start(Catalogue::Order::ascending, from);
  kits.visit(place, kits.size() + 1, [&](const Item& specification) {
    const std::string id = EntitySpec::key_part(specification.key(), 0);
    if (collate(id, from) == 0) revisions.push_back(specification.key());
    return collate(id, from) <= 0;
  });
  for (const std::string& revision : revisions) {
    kits.rename(revision, change.after->key() + kKeyJoint + EntitySpec::key_part(revision, 1));
  }
  return change;
}

}  // namespace acumatica_sim
