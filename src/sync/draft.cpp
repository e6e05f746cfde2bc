#include "sync/draft.hpp"

#include <cstdint>
#include <cstring>
#include <utility>

namespace product_sync::sync {
namespace {

/// Writes numbers and texts one behind the other.
class Packer {
 public:
  Packer& number(std::int64_t value) {
    char raw[sizeof value];
    std::memcpy(raw, &value, sizeof value);
    bytes_.append(raw, sizeof value);
    return *this;
  }
  Packer& text(std::string_view value) {
    number(static_cast<std::int64_t>(value.size()));
    bytes_ += value;
    return *this;
  }
  template <class List, class Pack>
  Packer& list(const List& values, const Pack& pack) {
    number(static_cast<std::int64_t>(values.size()));
    for (const auto& value : values) pack(value);
    return *this;
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads them back. What is too short gives zeros and empty texts, and sound() is false.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

  std::int64_t number() {
    std::int64_t value = 0;
    const auto raw = take(sizeof value);
    if (raw.size() == sizeof value) std::memcpy(&value, raw.data(), sizeof value);
    return value;
  }
  std::string text() {
    const auto size = number();
    return std::string(take(size < 0 ? rest_.size() + 1 : static_cast<std::size_t>(size)));
  }
  template <class Read>
  auto list(const Read& read) {
    std::vector<decltype(read())> values;
    for (auto left = number(); left > 0 && sound_; --left) values.push_back(read());
    return values;
  }
  template <class Value>
  Result<Value> finish(Value value) const {
    if (sound_ && rest_.empty()) return value;
    return fail("sync.damaged_scratch", "What this run kept on disk is not what was written.",
                "Check the health of the disk, and start the sync again.", Retry::later);
  }

 private:
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) {
      sound_ = false;
      rest_ = {};
      return {};
    }
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
  bool sound_ = true;
};

void pack(Packer& packer, const std::vector<catalog::Reason>& reasons) {
  packer.list(reasons, [&](const auto& reason) { packer.text(reason.code).text(reason.text); });
}

std::vector<catalog::Reason> unpack_reasons(Unpacker& unpacker) {
  return unpacker.list([&] {
    auto code = unpacker.text();
    return catalog::Reason{std::move(code), unpacker.text()};
  });
}

void pack(Packer& packer, const catalog::Fate& fate) {
  packer.number(static_cast<int>(fate.standing)).number(fate.withdrawable ? 1 : 0);
  pack(packer, fate.reasons);
}

catalog::Fate unpack_fate(Unpacker& unpacker) {
  catalog::Fate fate;
  fate.standing = static_cast<catalog::Standing>(unpacker.number());
  fate.withdrawable = unpacker.number() != 0;
  fate.reasons = unpack_reasons(unpacker);
  return fate;
}

void pack(Packer& packer, const catalog::Units& units) {
  packer.text(units.base).text(units.sales);
  packer.list(units.conversions, [&](const auto& one) {
    packer.text(one.from).text(one.to).number(one.multiplies ? 1 : 0).text(one.factor.text());
  });
}

catalog::Units unpack_units(Unpacker& unpacker) {
  catalog::Units units;
  units.base = unpacker.text();
  units.sales = unpacker.text();
  units.conversions = unpacker.list([&] {
    catalog::UnitConversion one;
    one.from = unpacker.text();
    one.to = unpacker.text();
    one.multiplies = unpacker.number() != 0;
    one.factor = catalog::Decimal::parse(unpacker.text()).value_or(catalog::Decimal{});
    return one;
  });
  return units;
}

Instant instant(std::int64_t microseconds) { return Instant{std::chrono::microseconds(microseconds)}; }

catalog::ProductKind kind_of(const catalog::Item& item) {
  if (item.entity == catalog::ItemEntity::template_item) return catalog::ProductKind::parent;
  return catalog::is_kit(item) ? catalog::ProductKind::kit : catalog::ProductKind::child;
}

/// Fills in what the item is in its family. Returns what stands against it.
std::vector<catalog::Reason> join_family(const catalog::Item& item, const catalog::Mapping& mapping, Draft& draft,
                                         catalog::Product& product) {
  const auto* relationship =
      catalog::find_relationship(*mapping.variations, draft.template_id, item.field("ItemClass"));
  if (relationship == nullptr) return {};  // judge_family() says so
  draft.relationship = relationship->name;
  if (draft.subject.kind == catalog::ProductKind::parent) {
    catalog::make_parent(product, *relationship, mapping);
    return {};
  }
  const auto values = catalog::variation_values(item, *relationship);
  if (const auto* reasons = std::get_if<std::vector<catalog::Reason>>(&values)) return *reasons;
  const auto& found = std::get<std::vector<std::string>>(values);
  draft.combination = catalog::combination(*relationship, found);
  catalog::make_child(product, draft.subject.parent, *relationship, found, mapping);
  return {};
}

}  // namespace

Draft make_draft(const catalog::Item& item, const catalog::Decision& decision, const catalog::Mapping& mapping,
                 const std::string& told_parent, Instant read_at) {
  Draft draft;
  const auto kind = kind_of(item);
  const bool is_template = kind == catalog::ProductKind::parent;
  draft.template_id = is_template ? item.inventory_id : std::string(catalog::template_of(item));
  draft.subject = {key_of(item.inventory_id), item.inventory_id, item.inventory_id, kind,
                   is_template ? std::string{} : draft.template_id};
  draft.read_at = read_at;
  draft.units = catalog::units_of(item);
  if (const auto* left_out = std::get_if<catalog::NotExported>(&decision)) {
    draft.own = {catalog::Standing::not_exported, {left_out->reason}, left_out->withdrawable};
    return draft;
  }
  if (const auto* parked = std::get_if<catalog::Parked>(&decision)) {
    draft.own = {catalog::Standing::parked, parked->reasons};
    return draft;
  }
  auto product = std::get<catalog::Product>(decision);
  std::vector<catalog::Reason> reasons;
  if (draft.template_id.empty()) {
    catalog::make_standalone(product, mapping);
  } else {
    reasons = join_family(item, mapping, draft, product);
  }
  if (const auto elsewhere = catalog::moved(item.inventory_id, draft.subject.parent, told_parent, mapping)) {
    reasons.push_back(*elsewhere);
  }
  if (!reasons.empty()) draft.own = {catalog::Standing::parked, std::move(reasons)};
  draft.subject.sku = product.sku.text();
  draft.classification = std::move(product.classification);
  draft.values = std::move(product.values);
  draft.left_out = std::move(product.left_out);
  draft.notes = std::move(product.notes);
  return draft;
}

catalog::FamilyMember member_of(const Draft& draft) {
  return {draft.subject.inventory_id, draft.own, draft.relationship, draft.combination};
}

Result<catalog::Product> product_of(const Draft& draft) {
  auto sku = catalog::Sku::parse(draft.subject.sku);
  if (!sku) return tl::unexpected(std::move(sku.error()));
  return catalog::Product{std::move(*sku), draft.subject.inventory_id, draft.classification, draft.values,
                          draft.left_out,  draft.notes,                draft.subject.kind,   draft.subject.parent};
}

std::string encode(const Draft& draft) {
  Packer packer;
  const auto& subject = draft.subject;
  packer.text(subject.key).text(subject.sku).text(subject.inventory_id).number(static_cast<int>(subject.kind));
  packer.text(subject.parent).text(subject.twin).text(draft.template_id);
  pack(packer, draft.own);
  packer.text(draft.relationship).text(draft.combination).text(draft.classification);
  packer.list(draft.values, [&](const auto& value) { packer.text(value); });
  packer.list(draft.left_out, [&](const auto& place) { packer.number(static_cast<std::int64_t>(place)); });
  pack(packer, draft.notes);
  pack(packer, draft.units);
  return packer.number(draft.read_at.time_since_epoch().count()).take();
}

Result<Draft> decode_draft(std::string_view bytes) {
  Unpacker unpacker(bytes);
  Draft draft;
  auto& subject = draft.subject;
  subject.key = unpacker.text();
  subject.sku = unpacker.text();
  subject.inventory_id = unpacker.text();
  subject.kind = static_cast<catalog::ProductKind>(unpacker.number());
  subject.parent = unpacker.text();
  subject.twin = unpacker.text();
  draft.template_id = unpacker.text();
  draft.own = unpack_fate(unpacker);
  draft.relationship = unpacker.text();
  draft.combination = unpacker.text();
  draft.classification = unpacker.text();
  draft.values = unpacker.list([&] { return unpacker.text(); });
  draft.left_out = unpacker.list([&] { return static_cast<std::size_t>(unpacker.number()); });
  draft.notes = unpack_reasons(unpacker);
  draft.units = unpack_units(unpacker);
  draft.read_at = instant(unpacker.number());
  return unpacker.finish(std::move(draft));
}

std::string encode(const catalog::Fate& fate) {
  Packer packer;
  pack(packer, fate);
  return packer.take();
}

Result<catalog::Fate> decode_fate(std::string_view bytes) {
  Unpacker unpacker(bytes);
  auto fate = unpack_fate(unpacker);
  return unpacker.finish(std::move(fate));
}

std::string encode(const catalog::ComponentFacts& facts) {
  Packer packer;
  packer.text(facts.sku).number(static_cast<int>(facts.kind)).number(facts.missing ? 1 : 0);
  if (facts.missing) packer.text(facts.missing->code).text(facts.missing->text);
  pack(packer, facts.units);
  return packer.take();
}

Result<catalog::ComponentFacts> decode_facts(std::string_view bytes) {
  Unpacker unpacker(bytes);
  catalog::ComponentFacts facts;
  facts.sku = unpacker.text();
  facts.kind = static_cast<catalog::ProductKind>(unpacker.number());
  if (unpacker.number() != 0) {
    auto code = unpacker.text();
    facts.missing = catalog::Reason{std::move(code), unpacker.text()};
  }
  facts.units = unpack_units(unpacker);
  return unpacker.finish(std::move(facts));
}

std::string encode(const catalog::KitSpecification& kit) {
  Packer packer;
  packer.text(kit.kit_id).text(kit.revision).number(kit.active ? 1 : 0);
  packer.number(kit.modified ? 1 : 0).number(kit.modified.value_or(Instant{}).time_since_epoch().count());
  packer.list(kit.components, [&](const auto& one) {
    packer.text(one.inventory_id).text(one.unit).text(one.quantity).number(one.stock ? 1 : 0);
  });
  return packer.take();
}

Result<catalog::KitSpecification> decode_kit(std::string_view bytes) {
  Unpacker unpacker(bytes);
  catalog::KitSpecification kit;
  kit.kit_id = unpacker.text();
  kit.revision = unpacker.text();
  kit.active = unpacker.number() != 0;
  const bool stamped = unpacker.number() != 0;
  const auto modified = instant(unpacker.number());
  if (stamped) kit.modified = modified;
  kit.components = unpacker.list([&] {
    catalog::KitComponent one;
    one.inventory_id = unpacker.text();
    one.unit = unpacker.text();
    one.quantity = unpacker.text();
    one.stock = unpacker.number() != 0;
    return one;
  });
  return unpacker.finish(std::move(kit));
}

}  // namespace product_sync::sync
