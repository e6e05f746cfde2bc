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

// Lists of the scratch.
constexpr std::string_view kDrafts = "draft";          // by key
constexpr std::string_view kFamilies = "family";       // by key of the template
constexpr std::string_view kMembers = "member";        // by key of the template and of the child
constexpr std::string_view kKits = "kit";              // by key
constexpr std::string_view kRevisions = "revision";    // by key of the kit and revision
constexpr std::string_view kComponents = "component";  // by key: items that are a component of some kit
constexpr std::string_view kFacts = "facts";           // by key: of components that do not wait themselves
constexpr std::string_view kFates = "fate";            // by key
constexpr std::string_view kBundleFates = "bundle";    // by key: of kits as bundles, their families left aside
constexpr std::string_view kBundleTexts = "bundle text";

constexpr char kJoint = '\x1F';
constexpr std::size_t kRecordsAtOnce = 500;
constexpr std::size_t kSettledAtOnce = 50;  // families or kits whose outcome is committed together
// Each round after the first one parks a family because of a kit in it, which is rare; what is not settled by then waits.
constexpr int kMostRounds = 10;

std::string joined(const std::string& a, const std::string& b) { return a + kJoint + b; }

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
      admission_(plan.site, plan.mapping, store.kit_index()) {}

Result<store::Scratch*> Assembly::scratch() {
  if (!scratch_) {
    auto made = store_.scratch();
    if (!made) return tl::unexpected(std::move(made.error()));
    scratch_ = std::move(*made);
  }
  return scratch_.get();
}

Result<std::optional<Draft>> Assembly::draft(const std::string& key) {
  const auto bytes = scratch_->get(kDrafts, key);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  auto found = decode_draft(**bytes);
  if (!found) return tl::unexpected(std::move(found.error()));
  return std::optional(std::move(*found));
}

Result<std::optional<Fate>> Assembly::fate(std::string_view list, const std::string& key) {
  const auto bytes = scratch_->get(list, key);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  auto found = decode_fate(**bytes);
  if (!found) return tl::unexpected(std::move(found.error()));
  return std::optional(std::move(*found));
}

bool Assembly::in_family(const Draft& draft) const { return plan_.mapping.variations && !draft.template_id.empty(); }

/// The list in which its last word stands.
std::string_view Assembly::fates_of(const Draft& draft) const { return in_family(draft) ? kFates : kBundleFates; }

/// Calls `visit` with each key of the list.
template <class Visit>
Result<void> Assembly::for_each(std::string_view list, const Visit& visit) {
  if (!scratch_) return {};
  std::string after;
  while (true) {
    const auto records = scratch_->next(list, "", after, kRecordsAtOnce);
    if (!records) return tl::unexpected(records.error());
    for (const auto& record : *records) {
      if (auto done = visit(record.key); !done) return done;
    }
    if (records->size() < kRecordsAtOnce) return {};
    after = records->back().key;
  }
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
  return for_each(kDrafts, [&](const std::string& key) -> Result<void> {
    const auto item = draft(key);
    if (!item) return tl::unexpected(item.error());
    const auto judged = fate(kFates, key);
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

Result<bool> Assembly::is_component(const std::string& key) {
  if (!scratch_) return false;  // no kit has been read
  const auto component = scratch_->get(kComponents, key);
  if (!component) return tl::unexpected(component.error());
  return component->has_value();
}

Result<void> Assembly::add(const catalog::Item& item, const catalog::Decision& decision, const store::Known* before,
                           Instant read_at, const std::string& twin) {
  auto scratch = this->scratch();
  if (!scratch) return tl::unexpected(scratch.error());
  seen(item.inventory_id);
  auto made =
      make_draft(item, decision, plan_.mapping, before == nullptr ? std::string{} : before->told_parent, read_at);
  made.subject.twin = twin;
  const auto& key = made.subject.key;
  const auto put = [&](std::string_view list, const std::string& at, const std::string& bytes) -> Result<void> {
    return (*scratch)->put(list, at, bytes);
  };
  if (auto kept = put(kDrafts, key, encode(made)); !kept) return kept;
  if (in_family(made)) {
    const auto family = key_of(made.template_id);
    if (auto kept = put(kFamilies, family, {}); !kept) return kept;
    if (made.subject.kind != ProductKind::parent) {
      if (auto kept = put(kMembers, joined(family, key), {}); !kept) return kept;
    }
  }
  if (made.subject.kind == ProductKind::kit) {
    if (auto kept = put(kKits, key, {}); !kept) return kept;
  }
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
  auto scratch = this->scratch();
  if (!scratch) return tl::unexpected(scratch.error());
  const catalog::ComponentFacts facts{std::string(trim(item.inventory_id)), ProductKind::item, missing,
                                      catalog::units_of(item)};
  if (auto kept = (*scratch)->put(kFacts, key, encode(facts)); !kept) return kept;
  return want_kits_of(key, facts);
}

Result<void> Assembly::add(const catalog::KitSpecification& kit) {
  auto scratch = this->scratch();
  if (!scratch) return tl::unexpected(scratch.error());
  const auto key = key_of(kit.kit_id);
  if (!everything_) asked_kits_.insert(key);
  if (auto kept = (*scratch)->put(kRevisions, joined(key, kit.revision), encode(kit)); !kept) return kept;
  for (const auto& component : kit.components) {
    if (auto kept = (*scratch)->put(kComponents, key_of(component.inventory_id), {}); !kept) return kept;
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
  auto parent = draft(template_key);
  if (!parent) return tl::unexpected(std::move(parent.error()));
  if (*parent && (*parent)->subject.kind == ProductKind::parent) family.parent = std::move(**parent);

  const auto prefix = joined(template_key, {});
  std::string after;
  while (true) {
    const auto members = scratch_->next(kMembers, prefix, after, kRecordsAtOnce);
    if (!members) return tl::unexpected(members.error());
    for (const auto& member : *members) {
      auto child = draft(member.key.substr(prefix.size()));
      if (!child) return tl::unexpected(std::move(child.error()));
      if (*child) family.children.push_back(std::move(**child));
    }
    if (members->size() < kRecordsAtOnce) break;
    after = members->back().key;
  }
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
        for_each(kFamilies, [&](const std::string& key) -> Result<void> { return judge_family(key); });
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
    const auto as_bundle = fate(kBundleFates, child.subject.key);
    if (!as_bundle) return tl::unexpected(as_bundle.error());
    if (*as_bundle) member.own = **as_bundle;
  }
  for (const auto& sibling : all->siblings) members.push_back(sibling.member);
  const auto parent = all->parent ? std::optional(member_of(*all->parent)) : std::nullopt;
  const auto template_id = all->parent           ? all->parent->subject.inventory_id
                           : all->children.empty() ? template_key
                                                   : all->children.front().template_id;
  const auto verdict = catalog::judge_family(template_id, parent ? &*parent : nullptr, members);

  if (all->parent) {
    if (auto kept = scratch_->put(kFates, all->parent->subject.key, encode(verdict.parent)); !kept) return kept;
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto& key = i < all->children.size() ? all->children[i].subject.key
                                               : all->siblings[i - all->children.size()].subject.key;
    if (auto kept = scratch_->put(kFates, key, encode(verdict.children[i])); !kept) return kept;
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
  const auto done = for_each(kKits, [&](const std::string& key) -> Result<void> {
    const auto otherwise = judge_kit(key);
    if (!otherwise) return tl::unexpected(otherwise.error());
    changed |= *otherwise;
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return changed;
}

Result<bool> Assembly::judge_kit(const std::string& key) {
  const auto kit = draft(key);
  if (!kit) return tl::unexpected(kit.error());
  const auto before = fate(kBundleFates, key);
  if (!before) return tl::unexpected(before.error());
  std::string components;
  const auto now = bundle(**kit, components);
  if (!now) return tl::unexpected(now.error());
  if (auto kept = scratch_->put(kBundleFates, key, encode(*now)); !kept) return tl::unexpected(kept.error());
  if (auto kept = scratch_->put(kBundleTexts, key, components); !kept) return tl::unexpected(kept.error());
  const auto was = *before ? (*before)->standing : Standing::sound;
  return in_family(**kit) && now->standing != was;
}

Result<Fate> Assembly::bundle(const Draft& kit, std::string& components) {
  if (kit.own.standing != Standing::sound) return kit.own;
  std::vector<catalog::KitSpecification> revisions;
  const auto records = scratch_->next(kRevisions, joined(kit.subject.key, {}), {}, kRecordsAtOnce);
  if (!records) return tl::unexpected(records.error());
  for (const auto& record : *records) {
    auto revision = decode_kit(record.bytes);
    if (!revision) return tl::unexpected(std::move(revision.error()));
    revisions.push_back(std::move(*revision));
  }
  const auto& rules = *plan_.mapping.bundles;
  const auto choice =
      catalog::choose_revision(kit.subject.inventory_id, revisions, rules.revision, rules.revision_name);
  if (const auto* reason = std::get_if<catalog::Reason>(&choice)) return Fate{Standing::parked, {*reason}};
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
    return Fate{Standing::parked, std::move(*reasons)};
  }
  components = std::get<std::string>(std::move(made));
  auto against = admission_.admit(kit.subject.inventory_id, components, *scratch_);
  if (!against) return tl::unexpected(std::move(against.error()));
  return against->empty() ? Fate{} : Fate{Standing::parked, std::move(*against)};
}

Result<std::optional<catalog::ComponentFacts>> Assembly::facts(const std::string& inventory_id) {
  using Facts = std::optional<catalog::ComponentFacts>;
  const auto key = key_of(inventory_id);
  const auto item = draft(key);
  if (!item) return tl::unexpected(item.error());
  if (*item) {
    const auto judged = fate(kFates, key);
    if (!judged) return tl::unexpected(judged.error());
    return Facts(facts_of(**item, *judged));
  }
  const auto bytes = scratch_->get(kFacts, key);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return Facts{};
  auto found = decode_facts(**bytes);
  if (!found) return tl::unexpected(std::move(found.error()));
  return Facts(std::move(*found));
}

// --- What becomes of them -------------------------------------------------------------------------------------------

Result<std::vector<std::string>> Assembly::settle(Outcomes& outcomes) {
  std::vector<std::string> again;
  std::size_t settled = 0;
  const auto now_and_then = [&](Result<void> done) -> Result<void> {
    if (!done || ++settled % kSettledAtOnce != 0) return done;
    return outcomes.flush();
  };
  const auto families = for_each(kFamilies, [&](const std::string& key) -> Result<void> {
    return now_and_then(settle_family(key, outcomes, again));
  });
  if (!families) return tl::unexpected(families.error());
  const auto kits = for_each(
      kKits, [&](const std::string& key) -> Result<void> { return now_and_then(settle_kit(key, outcomes)); });
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
    const auto judged = fate(kFates, sibling.subject.key);
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
  const auto judged = fate(fates_of(draft), key);
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
    const auto components = scratch_->get(kBundleTexts, key);
    if (!components) return tl::unexpected(components.error());
    catalog::make_bundle(*product, components->value_or(""), plan_.mapping);
  }
  return outcomes.send(*product, draft.read_at, {}, before);
}

/// Kits in a family were settled with it.
Result<void> Assembly::settle_kit(const std::string& key, Outcomes& outcomes) {
  const auto kit = draft(key);
  if (!kit) return tl::unexpected(kit.error());
  if (in_family(**kit)) return {};
  const auto known = outcomes.known(std::vector{key});
  if (!known) return tl::unexpected(known.error());
  return settle_draft(**kit, nullptr, *known, outcomes);
}

Result<void> Assembly::remember() {
  return for_each(kKits, [&](const std::string& key) -> Result<void> {
    const auto kit = draft(key);
    if (!kit) return tl::unexpected(kit.error());
    const auto records = scratch_->next(kRevisions, joined(key, {}), {}, kRecordsAtOnce);
    if (!records) return tl::unexpected(records.error());
    std::vector<store::KitIndex::Component> components;
    for (const auto& record : *records) {
      const auto revision = decode_kit(record.bytes);
      if (!revision) return tl::unexpected(revision.error());
      for (const auto& component : revision->components) {
        const auto found = facts(component.inventory_id);
        if (!found) return tl::unexpected(found.error());
        components.push_back({key_of(component.inventory_id), *found ? digest(**found) : std::string{}});
      }
    }
    const auto& id = (*kit)->subject.inventory_id;
    if (auto kept = store_.kit_index().record(plan_.site, id, components); !kept) return kept;
    const auto end = fate(fates_of(**kit), key);
    if (!end) return tl::unexpected(end.error());
    if (!*end || (*end)->standing != Standing::sound) return {};
    const auto told = scratch_->get(kBundleTexts, key);
    if (!told) return tl::unexpected(told.error());
    return store_.kit_index().tell(plan_.site, id, catalog::component_keys(told->value_or("")));
  });
}

}  // namespace product_sync::sync
