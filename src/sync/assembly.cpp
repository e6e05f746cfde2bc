#include "sync/assembly.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/bytes.hpp"
#include "base/digest.hpp"

namespace product_sync::sync {
namespace {

using catalog::Fate;
using catalog::ProductKind;
using catalog::Standing;
using store::ProductState;

constexpr std::size_t kSettledAtOnce = 50;  // families or kits whose outcome is committed together
// Each round after the first one parks a family because of a kit in it, which is rare; what is not settled by then waits.
constexpr int kMostRounds = 10;

bool is_left_out(ProductState state) { return state == ProductState::not_exported || state == ProductState::withdrawn; }

bool stands_well(ProductState state) { return state != ProductState::parked && !is_left_out(state); }

std::string digest(const catalog::ComponentFacts& facts) {
  constexpr std::size_t kDigits = 16;
  return to_hex(sha256(encode(facts))).substr(0, kDigits);
}

catalog::ComponentFacts facts_of(const Draft& draft, const std::optional<Fate>& fate) {
  catalog::ComponentFacts facts{draft.subject.sku, draft.subject.kind, {}, draft.units};
  const auto& standing = fate ? *fate : draft.own;
  if (standing.standing != Standing::sound) {
    facts.missing = standing.reasons.empty() ? catalog::Reason{} : standing.reasons.front();
  }
  return facts;
}

}  // namespace

/// A child that this run did not read: it stands well in the ledger.
struct Assembly::Sibling {
  Subject subject;
  catalog::FamilyMember member;
};

struct Assembly::Family {
  std::string key;
  std::optional<Draft> parent;
  std::vector<Draft> children;  // of this run
  std::vector<Sibling> siblings;
};

Assembly::Assembly(const FeedPlan& plan, store::Store& store, bool reads_everything)
    : plan_(plan),
      store_(store),
      everything_(reads_everything),
      records_(store),
      admission_(plan.site, plan.mapping, store.kit_index()) {}

bool Assembly::in_family(const Draft& draft) const { return plan_.mapping.variations && !draft.template_id.empty(); }

Result<std::optional<Fate>> Assembly::fate(const Draft& draft) {
  if (in_family(draft)) return records_.fate(draft.subject.key);
  auto bundle = records_.bundle(draft.subject.key);
  if (!bundle) return tl::unexpected(std::move(bundle.error()));
  if (!*bundle) return std::optional<Fate>{};
  return std::optional(std::move((*bundle)->fate));
}

// --- What is wanted -------------------------------------------------------------------------------------------------

Assembly::Wanted Assembly::take_wanted() {
  auto wanted = std::exchange(wanted_, {});
  // What was wanted may have come with the selection meanwhile.
  std::erase_if(wanted.items, [&](const std::string& id) { return seen_.contains(key_of(id)); });
  return wanted;
}

void Assembly::seen(const std::string& inventory_id) {
  if (everything_) return;
  asked_.insert(key_of(inventory_id));
  seen_.insert(key_of(inventory_id));
}

void Assembly::want_item(const std::string& inventory_id) {
  if (everything_ || trim(inventory_id).empty()) return;
  if (asked_.insert(key_of(inventory_id)).second) wanted_.items.push_back(inventory_id);
}

Result<void> Assembly::want_relatives(const catalog::Item& item, const Draft& draft, const store::Known* before) {
  if (everything_) return {};
  if (draft.subject.kind == ProductKind::parent) return want_children(item, draft, before);
  want_item(draft.template_id);
  if (before != nullptr) want_item(before->told_parent);  // a family that may have lost a child
  if (draft.subject.kind == ProductKind::kit && asked_kits_.insert(draft.subject.key).second) {
    wanted_.kits.push_back(draft.subject.inventory_id);
  }
  return {};
}

Result<void> Assembly::want_children(const catalog::Item& item, const Draft& draft, const store::Known* before) {
  const auto relatives = store_.ledger().family(plan_.site, draft.subject.sku);
  if (!relatives) return tl::unexpected(relatives.error());
  bool whole = before == nullptr || !stands_well(before->state) || draft.own.standing != Standing::sound;
  if (!whole) {
    const auto product = product_of(draft);
    whole = !product || catalog::content_hash(*product, plan_.mapping) != before->content_hash;
  }
  whole |= std::ranges::any_of(*relatives, [](const auto& one) { return one.state == ProductState::parked; });

  std::map<std::string, std::string> ids;  // by key, what either side knows
  std::map<std::string, int> sides;
  for (const auto& row : item.detail("Matrix")) {
    const auto id = row.find("InventoryID");
    if (id == row.end()) continue;
    const auto key = key_of(id->second);
    ids[key] = trim(id->second);
    sides[key] |= 1;
  }
  for (const auto& one : *relatives) {
    ids.emplace(one.sku_key, one.inventory_id);
    sides[one.sku_key] |= 2;
  }
  for (const auto& [key, id] : ids) {
    if (whole || sides[key] != 3) want_item(id);
  }
  return {};
}

Result<void> Assembly::want_kits_of(const std::string& key, const catalog::ComponentFacts& facts) {
  if (everything_ || !plan_.mapping.bundles) return {};
  const auto uses = store_.kit_index().kits_of(plan_.site, key);
  if (!uses) return tl::unexpected(uses.error());
  const auto now = digest(facts);
  for (const auto& use : *uses) {
    if (use.facts != now) want_item(use.kit_id);
  }
  return {};
}

Result<void> Assembly::want_kits_of_drafts() {
  if (everything_ || !plan_.mapping.bundles) return {};
  return records_.for_each_draft([&](const std::string& key) -> Result<void> {
    const auto item = records_.draft(key);
    if (!item) return tl::unexpected(item.error());
    const auto judged = records_.fate(key);
    if (!judged) return tl::unexpected(judged.error());
    return want_kits_of(key, facts_of(**item, *judged));
  });
}

// --- What was read --------------------------------------------------------------------------------------------------

bool Assembly::concerns(const catalog::Item& item) const {
  const auto& mapping = plan_.mapping;
  if (item.entity == catalog::ItemEntity::template_item) return true;
  return (mapping.variations && !catalog::template_of(item).empty()) || (mapping.bundles && catalog::is_kit(item));
}

Result<bool> Assembly::is_component(const std::string& key) { return records_.is_component(key); }

Result<void> Assembly::add(const catalog::Item& item, const catalog::Decision& decision, const store::Known* before,
                           Instant read_at, const std::string& twin) {
  seen(item.inventory_id);
  auto made =
      make_draft(item, decision, plan_.mapping, before == nullptr ? std::string{} : before->told_parent, read_at);
  made.subject.twin = twin;
  if (auto kept = records_.add(made, in_family(made)); !kept) return kept;
  return want_relatives(item, made, before);
}

Result<void> Assembly::note(const catalog::Item& item, const std::optional<catalog::Reason>& missing,
                            const store::Known* before) {
  seen(item.inventory_id);
  if (before != nullptr && plan_.mapping.variations) want_item(before->told_parent);
  if (!plan_.mapping.bundles) return {};
  const auto key = key_of(item.inventory_id);
  if (everything_) {
    const auto component = is_component(key);
    if (!component) return tl::unexpected(component.error());
    if (!*component) return {};
  }
  const catalog::ComponentFacts facts{std::string(trim(item.inventory_id)), ProductKind::item, missing,
                                      catalog::units_of(item)};
  if (auto kept = records_.add(key, facts); !kept) return kept;
  return want_kits_of(key, facts);
}

Result<void> Assembly::add(const catalog::KitSpecification& kit) {
  if (!everything_) asked_kits_.insert(key_of(kit.kit_id));
  if (auto kept = records_.add(kit); !kept) return kept;
  for (const auto& component : kit.components) {
    if (kit.active) want_item(component.inventory_id);
  }
  return {};
}

Result<void> Assembly::gone(const std::string& inventory_id) {
  const auto key = key_of(inventory_id);
  const auto entry = store_.ledger().find(plan_.site, key);
  if (!entry) return tl::unexpected(entry.error());
  if (*entry && plan_.mapping.variations) {
    want_item((*entry)->parent);
    const auto children = store_.ledger().family(plan_.site, (*entry)->sku);
    if (!children) return tl::unexpected(children.error());
    for (const auto& child : *children) want_item(child.inventory_id);
  }
  return want_kits_of(key, {std::string(trim(inventory_id)), ProductKind::item, catalog::Reason{"item.missing", {}}, {}});
}

// --- Families -------------------------------------------------------------------------------------------------------

Result<Assembly::Family> Assembly::family(const std::string& template_key) {
  Family family;
  family.key = template_key;
  auto parent = records_.draft(template_key);
  if (!parent) return tl::unexpected(std::move(parent.error()));
  if (*parent && (*parent)->subject.kind == ProductKind::parent) family.parent = std::move(**parent);
  auto children = records_.children(template_key);
  if (!children) return tl::unexpected(std::move(children.error()));
  family.children = std::move(*children);
  if (everything_ || !family.parent) return family;
  if (auto added = add_siblings(family); !added) return tl::unexpected(added.error());
  return family;
}

Result<void> Assembly::add_siblings(Family& family) {
  const auto& parent = *family.parent;
  const auto relatives = store_.ledger().family(plan_.site, parent.subject.sku);
  if (!relatives) return tl::unexpected(relatives.error());
  for (const auto& one : *relatives) {
    if (asked_.contains(one.sku_key)) continue;  // read, gone, or elsewhere now
    Sibling sibling{{one.sku_key, one.sku, one.inventory_id, ProductKind::child, parent.subject.sku},
                    {one.inventory_id, {}, parent.relationship, {}}};
    if (is_left_out(one.state)) sibling.member.own.standing = Standing::not_exported;
    const auto told = store_.ledger().told(plan_.site, one.sku_key, std::nullopt);
    if (!told) return tl::unexpected(told.error());
    for (const auto& relationship : plan_.mapping.variations->relationships) {
      if (relationship.name != parent.relationship || !*told) continue;
      std::vector<std::string> values;
      for (const auto& attribute : relationship.attributes) {
        const auto value = (*told)->find("attribute:" + attribute.name);
        values.push_back(value == (*told)->end() ? std::string{} : value->second);
      }
      sibling.member.combination = catalog::combination(relationship, values);
    }
    family.siblings.push_back(std::move(sibling));
  }
  return {};
}

Result<void> Assembly::judge() {
  for (int round = 0; round < kMostRounds; ++round) {
    const auto families =
        records_.for_each_family([&](const std::string& key) -> Result<void> { return judge_family(key); });
    if (!families) return families;
    const auto changed = judge_kits();
    if (!changed) return tl::unexpected(changed.error());
    if (!*changed) break;
  }
  return want_kits_of_drafts();
}

Result<void> Assembly::judge_family(const std::string& template_key) {
  const auto all = family(template_key);
  if (!all) return tl::unexpected(all.error());
  std::vector<catalog::FamilyMember> members;
  for (const auto& child : all->children) {
    auto& member = members.emplace_back(member_of(child));
    if (child.subject.kind != ProductKind::kit || member.own.standing != Standing::sound) continue;
    const auto as_bundle = records_.bundle(child.subject.key);
    if (!as_bundle) return tl::unexpected(as_bundle.error());
    if (*as_bundle) member.own = (*as_bundle)->fate;
  }
  for (const auto& sibling : all->siblings) members.push_back(sibling.member);
  const auto parent = all->parent ? std::optional(member_of(*all->parent)) : std::nullopt;
  const auto template_id = all->parent           ? all->parent->subject.inventory_id
                           : all->children.empty() ? template_key
                                                   : all->children.front().template_id;
  const auto verdict = catalog::judge_family(template_id, parent ? &*parent : nullptr, members);

  if (all->parent) {
    if (auto kept = records_.set_fate(all->parent->subject.key, verdict.parent); !kept) return kept;
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto& key = i < all->children.size() ? all->children[i].subject.key
                                               : all->siblings[i - all->children.size()].subject.key;
    if (auto kept = records_.set_fate(key, verdict.children[i]); !kept) return kept;
  }
  return want_kits_of_siblings(*all, verdict);
}

/// Siblings that stood well and have to wait from now on take the bundles along that hold them.
Result<void> Assembly::want_kits_of_siblings(const Family& family, const catalog::FamilyVerdict& verdict) {
  for (std::size_t i = 0; i < family.siblings.size(); ++i) {
    const auto& fate = verdict.children[family.children.size() + i];
    if (fate.standing != Standing::parked) continue;
    const auto& subject = family.siblings[i].subject;
    const catalog::ComponentFacts facts{subject.sku, subject.kind, fate.reasons.front(), {}};
    if (auto wanted = want_kits_of(subject.key, facts); !wanted) return wanted;
  }
  return {};
}

// --- Bundles --------------------------------------------------------------------------------------------------------

/// Whether a kit that is in a family turned out otherwise than before: then its family has to be judged again.
Result<bool> Assembly::judge_kits() {
  bool changed = false;
  admission_.begin_again();
  const auto done = records_.for_each_kit([&](const std::string& key) -> Result<void> {
    const auto otherwise = judge_kit(key);
    if (!otherwise) return tl::unexpected(otherwise.error());
    changed |= *otherwise;
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return changed;
}

Result<bool> Assembly::judge_kit(const std::string& key) {
  const auto kit = records_.draft(key);
  if (!kit) return tl::unexpected(kit.error());
  const auto before = records_.bundle(key);
  if (!before) return tl::unexpected(before.error());
  const auto now = bundle(**kit);
  if (!now) return tl::unexpected(now.error());
  if (auto kept = records_.set_bundle(key, *now); !kept) return tl::unexpected(kept.error());
  const auto was = *before ? (*before)->fate.standing : Standing::sound;
  return in_family(**kit) && now->fate.standing != was;
}

Result<AssemblyRecords::Bundle> Assembly::bundle(const Draft& kit) {
  using Bundle = AssemblyRecords::Bundle;
  if (kit.own.standing != Standing::sound) return Bundle{kit.own, {}};
  const auto revisions = records_.revisions(kit.subject.key);
  if (!revisions) return tl::unexpected(revisions.error());
  const auto& rules = *plan_.mapping.bundles;
  const auto choice =
      catalog::choose_revision(kit.subject.inventory_id, *revisions, rules.revision, rules.revision_name);
  if (const auto* reason = std::get_if<catalog::Reason>(&choice)) return Bundle{{Standing::parked, {*reason}}, {}};
  const auto& revision = *std::get<const catalog::KitSpecification*>(choice);

  std::map<std::string, catalog::ComponentFacts> known;
  for (const auto& component : revision.components) {
    auto found = facts(component.inventory_id);
    if (!found) return tl::unexpected(std::move(found.error()));
    if (*found) known.emplace(component.inventory_id, std::move(**found));
  }
  auto made = catalog::bundle_components(revision, rules, [&](const std::string& id) {
    const auto found = known.find(id);
    return found == known.end() ? nullptr : &found->second;
  });
  if (auto* reasons = std::get_if<std::vector<catalog::Reason>>(&made)) {
    return Bundle{{Standing::parked, std::move(*reasons)}, {}};
  }
  auto components = std::get<std::string>(std::move(made));
  const auto scratch = records_.scratch();
  if (!scratch) return tl::unexpected(scratch.error());
  auto against = admission_.admit(kit.subject.inventory_id, components, **scratch);
  if (!against) return tl::unexpected(std::move(against.error()));
  if (!against->empty()) return Bundle{{Standing::parked, std::move(*against)}, {}};
  return Bundle{{}, std::move(components)};
}

Result<std::optional<catalog::ComponentFacts>> Assembly::facts(const std::string& inventory_id) {
  using Facts = std::optional<catalog::ComponentFacts>;
  const auto key = key_of(inventory_id);
  const auto item = records_.draft(key);
  if (!item) return tl::unexpected(item.error());
  if (!*item) return records_.facts(key);
  const auto judged = records_.fate(key);
  if (!judged) return tl::unexpected(judged.error());
  return Facts(facts_of(**item, *judged));
}

// --- What becomes of them -------------------------------------------------------------------------------------------

Result<std::vector<std::string>> Assembly::settle(Outcomes& outcomes) {
  std::vector<std::string> again;
  std::size_t settled = 0;
  const auto now_and_then = [&](Result<void> done) -> Result<void> {
    if (!done || ++settled % kSettledAtOnce != 0) return done;
    return outcomes.flush();
  };
  const auto families = records_.for_each_family([&](const std::string& key) -> Result<void> {
    return now_and_then(settle_family(key, outcomes, again));
  });
  if (!families) return tl::unexpected(families.error());
  const auto kits = records_.for_each_kit(
      [&](const std::string& key) -> Result<void> { return now_and_then(settle_kit(key, outcomes)); });
  if (!kits) return tl::unexpected(kits.error());
  if (auto flushed = outcomes.flush(); !flushed) return tl::unexpected(flushed.error());
  return again;
}

Result<void> Assembly::settle_family(const std::string& template_key, Outcomes& outcomes,
                                     std::vector<std::string>& again) {
  const auto all = family(template_key);
  if (!all) return tl::unexpected(all.error());
  if (!all->parent && unreadable_.contains(template_key)) {
    // Nothing can be said before the template has been read.
    for (const auto& child : all->children) again.push_back(child.subject.inventory_id);
    return {};
  }
  std::vector<std::string> keys{template_key};
  for (const auto& child : all->children) keys.push_back(child.subject.key);
  for (const auto& sibling : all->siblings) keys.push_back(sibling.subject.key);
  const auto known = outcomes.known(keys);
  if (!known) return tl::unexpected(known.error());

  std::optional<catalog::Product> parent;
  if (all->parent) {
    if (auto settled = settle_draft(*all->parent, nullptr, *known, outcomes); !settled) return settled;
    if (all->parent->own.standing == Standing::sound) {
      auto product = product_of(*all->parent);
      if (!product) return tl::unexpected(std::move(product.error()));
      parent = std::move(*product);
    }
  }
  for (const auto& child : all->children) {
    if (auto settled = settle_draft(child, parent ? &*parent : nullptr, *known, outcomes); !settled) return settled;
  }
  for (const auto& sibling : all->siblings) {
    const auto judged = records_.fate(sibling.subject.key);
    if (!judged) return tl::unexpected(judged.error());
    if (!*judged || (*judged)->standing != Standing::parked) continue;
    const auto before = known->find(sibling.subject.key);
    outcomes.park(sibling.subject, (*judged)->reasons, before == known->end() ? nullptr : &before->second);
  }
  return {};
}

Result<void> Assembly::settle_draft(const Draft& draft, const catalog::Product* parent,
                                    const Outcomes::Known& known, Outcomes& outcomes) {
  const auto& key = draft.subject.key;
  const auto found = known.find(key);
  const auto* before = found == known.end() ? nullptr : &found->second;
  const auto judged = fate(draft);
  if (!judged) return tl::unexpected(judged.error());
  const Fate& end = *judged ? **judged : draft.own;
  if (end.standing == Standing::not_exported) {
    return outcomes.leave_out(draft.subject, {end.reasons.front(), end.withdrawable}, draft.read_at, before);
  }
  if (end.standing == Standing::parked) {
    outcomes.park(draft.subject, end.reasons, before);
    return {};
  }
  auto product = product_of(draft);
  if (!product) return tl::unexpected(std::move(product.error()));
  if (parent != nullptr) catalog::inherit(*product, *parent, plan_.mapping);
  if (draft.subject.kind == ProductKind::kit) {
    const auto bundle = records_.bundle(key);
    if (!bundle) return tl::unexpected(bundle.error());
    catalog::make_bundle(*product, *bundle ? (*bundle)->components : std::string{}, plan_.mapping);
  }
  return outcomes.send(*product, draft.read_at, {}, before);
}

/// Kits in a family were settled with it.
Result<void> Assembly::settle_kit(const std::string& key, Outcomes& outcomes) {
  const auto kit = records_.draft(key);
  if (!kit) return tl::unexpected(kit.error());
  if (in_family(**kit)) return {};
  const auto known = outcomes.known(std::vector{key});
  if (!known) return tl::unexpected(known.error());
  return settle_draft(**kit, nullptr, *known, outcomes);
}

Result<void> Assembly::remember() {
  return records_.for_each_kit([&](const std::string& key) { return remember_kit(key); });
}

Result<void> Assembly::remember_kit(const std::string& key) {
  const auto kit = records_.draft(key);
  if (!kit) return tl::unexpected(kit.error());
  const auto revisions = records_.revisions(key);
  if (!revisions) return tl::unexpected(revisions.error());
  std::vector<store::KitIndex::Component> components;
  for (const auto& revision : *revisions) {
    for (const auto& component : revision.components) {
      const auto found = facts(component.inventory_id);
      if (!found) return tl::unexpected(found.error());
      components.push_back({key_of(component.inventory_id), *found ? digest(**found) : std::string{}});
    }
  }
  auto& index = store_.kit_index();
  const auto& id = (*kit)->subject.inventory_id;
  if (auto kept = index.record(plan_.site, id, components); !kept) return kept;

  const auto end = fate(**kit);
  if (!end) return tl::unexpected(end.error());
  if (!*end || (*end)->standing != Standing::sound) return {};  // Rithum has what it was told before
  const auto bundle = records_.bundle(key);
  if (!bundle) return tl::unexpected(bundle.error());
  return index.tell(plan_.site, id, catalog::component_keys(*bundle ? (*bundle)->components : std::string{}));
}

}  // namespace product_sync::sync
