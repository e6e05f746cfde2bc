#include "sync/assembly_records.hpp"

#include <utility>

namespace product_sync::sync {
namespace {

// Lists of the scratch.
constexpr std::string_view kDrafts = "draft";
constexpr std::string_view kFamilies = "family";
constexpr std::string_view kMembers = "member";      // by key of the template and of the child
constexpr std::string_view kKits = "kit";
constexpr std::string_view kRevisions = "revision";  // by key of the kit and revision
constexpr std::string_view kComponents = "component";
constexpr std::string_view kFacts = "facts";
constexpr std::string_view kFates = "fate";
constexpr std::string_view kBundleFates = "bundle";
constexpr std::string_view kBundleTexts = "bundle text";

constexpr char kJoint = '\x1F';
constexpr std::size_t kRecordsAtOnce = 500;

std::string joined(const std::string& a, const std::string& b) { return a + kJoint + b; }

/// What `decode` makes of a record, when there is one.
template <class Decode>
auto decoded(const Result<std::optional<std::string>>& bytes, const Decode& decode)
    -> Result<std::optional<typename decltype(decode(std::string_view()))::value_type>> {
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  auto found = decode(**bytes);
  if (!found) return tl::unexpected(std::move(found.error()));
  return std::optional(std::move(*found));
}

}  // namespace

Result<store::Scratch*> AssemblyRecords::scratch() {
  if (!scratch_) {
    auto made = store_.scratch();
    if (!made) return tl::unexpected(std::move(made.error()));
    scratch_ = std::move(*made);
  }
  return scratch_.get();
}

Result<void> AssemblyRecords::put(std::string_view list, std::string_view key, std::string_view bytes) {
  const auto there = scratch();
  if (!there) return tl::unexpected(there.error());
  return (*there)->put(list, key, bytes);
}

Result<std::optional<std::string>> AssemblyRecords::get(std::string_view list, std::string_view key) {
  if (!scratch_) return std::optional<std::string>{};
  return scratch_->get(list, key);
}

Result<void> AssemblyRecords::for_each(std::string_view list, const std::string& prefix,
                                       const std::function<Result<void>(const store::Scratch::Record&)>& visit) {
  if (!scratch_) return {};
  std::string after;
  while (true) {
    const auto records = scratch_->next(list, prefix, after, kRecordsAtOnce);
    if (!records) return tl::unexpected(records.error());
    for (const auto& record : *records) {
      if (auto done = visit(record); !done) return done;
    }
    if (records->size() < kRecordsAtOnce) return {};
    after = records->back().key;
  }
}

Result<void> AssemblyRecords::for_each_key(std::string_view list, const Visit& visit) {
  return for_each(list, {}, [&](const auto& record) { return visit(record.key); });
}

Result<void> AssemblyRecords::for_each_draft(const Visit& visit) { return for_each_key(kDrafts, visit); }
Result<void> AssemblyRecords::for_each_family(const Visit& visit) { return for_each_key(kFamilies, visit); }
Result<void> AssemblyRecords::for_each_kit(const Visit& visit) { return for_each_key(kKits, visit); }

Result<void> AssemblyRecords::add(const Draft& draft, bool in_family) {
  const auto& key = draft.subject.key;
  if (auto kept = put(kDrafts, key, encode(draft)); !kept) return kept;
  if (in_family) {
    const auto family = key_of(draft.template_id);
    if (auto kept = put(kFamilies, family, {}); !kept) return kept;
    if (draft.subject.kind != catalog::ProductKind::parent) {
      if (auto kept = put(kMembers, joined(family, key), {}); !kept) return kept;
    }
  }
  return draft.subject.kind == catalog::ProductKind::kit ? put(kKits, key, {}) : Result<void>{};
}

Result<void> AssemblyRecords::add(const catalog::KitSpecification& kit) {
  if (auto kept = put(kRevisions, joined(key_of(kit.kit_id), kit.revision), encode(kit)); !kept) return kept;
  for (const auto& component : kit.components) {
    if (auto kept = put(kComponents, key_of(component.inventory_id), {}); !kept) return kept;
  }
  return {};
}

Result<void> AssemblyRecords::add(const std::string& key, const catalog::ComponentFacts& facts) {
  return put(kFacts, key, encode(facts));
}

Result<std::optional<Draft>> AssemblyRecords::draft(const std::string& key) {
  return decoded(get(kDrafts, key), decode_draft);
}

Result<std::optional<catalog::ComponentFacts>> AssemblyRecords::facts(const std::string& key) {
  return decoded(get(kFacts, key), decode_facts);
}

Result<std::vector<catalog::KitSpecification>> AssemblyRecords::revisions(const std::string& kit_key) {
  std::vector<catalog::KitSpecification> revisions;
  const auto done = for_each(kRevisions, joined(kit_key, {}), [&](const auto& record) -> Result<void> {
    auto revision = decode_kit(record.bytes);
    if (!revision) return tl::unexpected(std::move(revision.error()));
    revisions.push_back(std::move(*revision));
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return revisions;
}

Result<std::vector<Draft>> AssemblyRecords::children(const std::string& template_key) {
  std::vector<Draft> children;
  const auto prefix = joined(template_key, {});
  const auto done = for_each(kMembers, prefix, [&](const auto& member) -> Result<void> {
    auto child = draft(member.key.substr(prefix.size()));
    if (!child) return tl::unexpected(std::move(child.error()));
    if (*child) children.push_back(std::move(**child));
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return children;
}

Result<bool> AssemblyRecords::is_component(const std::string& key) {
  const auto component = get(kComponents, key);
  if (!component) return tl::unexpected(component.error());
  return component->has_value();
}

Result<void> AssemblyRecords::set_bundle(const std::string& kit_key, const Bundle& bundle) {
  if (auto kept = put(kBundleFates, kit_key, encode(bundle.fate)); !kept) return kept;
  return put(kBundleTexts, kit_key, bundle.components);
}

Result<std::optional<AssemblyRecords::Bundle>> AssemblyRecords::bundle(const std::string& kit_key) {
  auto fate = decoded(get(kBundleFates, kit_key), decode_fate);
  if (!fate) return tl::unexpected(std::move(fate.error()));
  if (!*fate) return std::optional<Bundle>{};
  auto components = get(kBundleTexts, kit_key);
  if (!components) return tl::unexpected(std::move(components.error()));
  return std::optional(Bundle{std::move(**fate), components->value_or("")});
}

Result<void> AssemblyRecords::set_fate(const std::string& key, const catalog::Fate& fate) {
  return put(kFates, key, encode(fate));
}

Result<std::optional<catalog::Fate>> AssemblyRecords::fate(const std::string& key) {
  return decoded(get(kFates, key), decode_fate);
}

}  // namespace product_sync::sync
