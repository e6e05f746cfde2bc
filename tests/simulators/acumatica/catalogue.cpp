#include "catalogue.hpp"

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <numeric>

#include "tenant.hpp"

namespace acumatica_sim {
namespace {

constexpr std::uint64_t kWrittenRows = 1'000'000;  // GUID parts of rows that clients added

/// 10.5 and 10.500000 are the same decimal.
bool same_value(Kind kind, const Cell& left, const Cell& right) {
  if (left == right) return true;
  if (kind != Kind::decimal || !left || !right) return false;
  return std::strtold(left->c_str(), nullptr) == std::strtold(right->c_str(), nullptr);
}

bool same_row(const Row& row, const RowEdit& edit, const DetailSpec& detail) {
  if (!edit.id.empty()) return row.id == edit.id;
  bool any_key = false;
  for (std::size_t i = 0; i < detail.columns.size(); ++i) {
    if (!detail.columns[i].key) continue;
    const auto wanted = edit.cells.find(i);
    if (wanted == edit.cells.end()) continue;
    any_key = true;
    if (collate(row.cells[i].value_or(""), wanted->second.value_or("")) != 0) return false;
  }
  return any_key;
}

/// Applies one row edit; true when something changed.
bool edit_row(std::vector<Row>& rows, const RowEdit& edit, const DetailSpec& detail, const std::string& new_id) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return same_row(row, edit, detail); });
  if (edit.remove) {
    if (found == rows.end()) return false;
    rows.erase(found);
    return true;
  }
  if (found == rows.end()) {
    Row row{std::vector<Cell>(detail.columns.size()), new_id};
    for (const auto& [column, cell] : edit.cells) row.cells[column] = cell;
    rows.push_back(std::move(row));
    return true;
  }
  bool changed = false;
  for (const auto& [column, cell] : edit.cells) {
    if (detail.columns[column].key || same_value(detail.columns[column].kind, found->cells[column], cell)) continue;
    found->cells[column] = cell;
    changed = true;
  }
  return changed;
}

/// Merges `edit` into `next` (the override of `before`) and names what changed. `own_row` is set when a field of the
/// record itself did.
std::set<std::string, std::less<>> merge(const Item& before, const Edit& edit, Override& next, bool& own_row,
                                         std::uint64_t& rows_made) {
  const EntitySpec& spec = before.spec();
  std::set<std::string, std::less<>> touched;
  for (const auto& [field, cell] : edit.fields) {
    const FieldSpec& its = spec.fields[field];
    if (its.read_only() || its.role == Role::key || same_value(its.kind, before.cell(field), cell)) continue;
    next.fields[field] = cell;
    touched.emplace(its.name);
    own_row = true;
  }
  for (const auto& [name, value] : edit.custom) {
    if (before.custom(name) == value) continue;
    next.custom[name] = value;
    touched.insert(name);
    own_row = true;
  }
  for (const auto& [detail, edits] : edit.details) {
    if (spec.details[detail].derive) continue;
    std::vector<Row> rows = before.rows(detail);
    bool changed = false;
    for (const RowEdit& each : edits) {
      changed |= edit_row(rows, each, spec.details[detail], before.seeded().part_guid(kWrittenRows + rows_made++));
    }
    if (!changed) continue;
    next.details[detail] = std::move(rows);
    touched.emplace(spec.details[detail].name);
  }
  return touched;
}

}  // namespace

const EntitySpec& Item::spec() const { return home_->spec(); }

std::string Item::key() const { return over_ && !over_->key.empty() ? over_->key : spec().generated_key(seeded_); }

Cell Item::stored(std::size_t field) const {
  if (over_) {
    if (const auto found = over_->fields.find(field); found != over_->fields.end()) return found->second;
    if (over_->scratch) return std::nullopt;
  }
  return spec().fields[field].generate(seeded_);
}

Cell Item::cell(std::size_t field) const {
  switch (spec().fields[field].role) {
    case Role::none:
      return stored(field);
    case Role::key: {
      const auto& keys = spec().keys;
      const auto part = static_cast<std::size_t>(std::find(keys.begin(), keys.end(), field) - keys.begin());
      return EntitySpec::key_part(key(), part);
    }
    case Role::note_id:
      return id();
    case Role::modified:
      return offset_text(last_modified(), seeded_.options().utc_offset_minutes);
    case Role::inventory: {
      const Cell original = stored(field);
      return original ? Cell(home_->tenant().renames().now(*original)) : original;
    }
  }
  return std::nullopt;
}

Cell Item::field(std::string_view name) const {
  const auto position = spec().field(name);
  return position ? cell(*position) : std::nullopt;
}

std::vector<Row> Item::rows(std::size_t detail) const {
  const DetailSpec& wanted = spec().details[detail];
  if (wanted.derive) return wanted.derive(home_->tenant(), *this);
  std::vector<Row> rows;
  const bool changed = over_ && over_->details.contains(detail);
  if (changed) rows = over_->details.find(detail)->second;
  if (!changed && !(over_ && over_->scratch)) rows = wanted.generate(seeded_);
  for (std::size_t i = 0; i < wanted.columns.size(); ++i) {
    if (wanted.columns[i].role != Role::inventory) continue;
    for (Row& row : rows) {
      if (row.cells[i]) row.cells[i] = home_->tenant().renames().now(*row.cells[i]);
    }
  }
  return rows;
}

Cell Item::attribute(std::string_view id) const {
  if (!spec().attributes) return std::nullopt;
  for (const Row& row : rows(*spec().attributes)) {
    if (row.cells[kAttributeID] == id) return row.cells[kValue];
  }
  return std::nullopt;
}

std::optional<CustomValue> Item::custom(std::string_view name) const {
  if (over_) {
    if (const auto found = over_->custom.find(name); found != over_->custom.end()) return found->second;
  }
  const CustomSpec* custom = spec().custom_field(name);
  if (!custom) return std::nullopt;
  return CustomValue{std::string(custom->type), over_ && over_->scratch ? std::nullopt : custom->generate(seeded_)};
}

std::vector<std::string> Item::files() const {
  return spec().files && !(over_ && over_->scratch) ? spec().files(seeded_) : std::vector<std::string>{};
}

Cell Item::french() const {
  return spec().french && !(over_ && over_->scratch) ? spec().french(seeded_) : std::nullopt;
}

Catalogue::Catalogue(const Tenant& tenant, const EntitySpec& spec, bool details_stamp)
    : tenant_(tenant),
      spec_(spec),
      details_stamp_(details_stamp),
      generated_(tenant.population().size(spec.table)),
      touched_(generated_ + 1),
      next_index_(generated_ + 1) {
  for (const CustomSpec& each : spec.custom) declared_custom_.emplace(each.name, each.type);
  stride_ = generated_ * 5 / 8 + 1;
  while (generated_ > 1 && std::gcd(stride_, generated_) != 1) ++stride_;
}

std::size_t Catalogue::size() const {
  const std::shared_lock lock(mutex_);
  return generated_ + inserted_.size() - hidden_;
}

Seeded Catalogue::seeded(std::uint64_t index) const { return {&tenant_.population(), spec_.table, index}; }

std::uint64_t Catalogue::bound(std::string_view key, bool or_equal) const {
  std::uint64_t low = 1;
  std::uint64_t high = generated_ + 1;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const int order = collate(generated_key(middle), key);
    if (order > 0 || (or_equal && order == 0)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

Catalogue::OverridePtr Catalogue::override_of(std::uint64_t index) const {
  if (index <= generated_ && !touched_[index]) return nullptr;
  const auto found = overrides_.find(index);
  return found == overrides_.end() ? nullptr : found->second;
}

std::optional<std::uint64_t> Catalogue::index_of(std::string_view key) const {
  if (const auto found = inserted_.find(key); found != inserted_.end()) return found->second;
  const std::uint64_t index = bound(key, true);
  if (index > generated_ || collate(generated_key(index), key) != 0) return std::nullopt;
  const OverridePtr over = override_of(index);
  return over && !over->key.empty() ? std::nullopt : std::optional(index);
}

std::optional<Item> Catalogue::at(std::uint64_t index) const {
  OverridePtr over = override_of(index);
  if (over ? over->deleted : index > generated_) return std::nullopt;
  return Item(*this, seeded(index), std::move(over));
}

std::optional<Item> Catalogue::by_key(std::string_view key) const {
  const std::shared_lock lock(mutex_);
  const auto index = index_of(key);
  return index ? at(*index) : std::nullopt;
}

std::optional<Item> Catalogue::by_id(std::string_view guid) const {
  const std::shared_lock lock(mutex_);
  const auto index = hidden_index(tenant_.options(), guid, next_index_ - 1);
  return index && collate(seeded(*index).guid(), guid) == 0 ? at(*index) : std::nullopt;
}

std::optional<Item> Catalogue::by_index(std::uint64_t index) const {
  const std::shared_lock lock(mutex_);
  return at(index);
}

std::vector<Item> Catalogue::of_template(std::string_view template_key, IndexRange generated) const {
  std::vector<Item> children;
  const std::shared_lock lock(mutex_);
  const auto add = [&](std::uint64_t index) {
    auto item = at(index);
    if (item && collate(item->cell(*spec_.parent).value_or(""), template_key) == 0) {
      children.push_back(std::move(*item));
    }
  };
  const auto moved = moved_to_.find(template_key);
  static const std::set<std::uint64_t> kNone;
  const std::set<std::uint64_t>& others = moved == moved_to_.end() ? kNone : moved->second;
  for (std::uint64_t i = 0; i < generated.count; ++i) {
    if (!others.contains(generated.first + i)) add(generated.first + i);
  }
  for (const std::uint64_t index : others) add(index);
  std::sort(children.begin(), children.end(),
            [](const Item& a, const Item& b) { return collate(a.key(), b.key()) < 0; });
  return children;
}

Catalogue::Place Catalogue::start(Order order, const std::optional<std::string>& above) const {
  Place place;
  place.order = order;
  if (!above || order == Order::shuffled) return place;
  place.step = bound(*above, false) - 1;
  place.inserted_after = *above;
  place.any_inserted_passed = true;
  return place;
}

std::uint64_t Catalogue::shuffled(std::uint64_t step) const {
  return (step * stride_ + tenant_.options().seed) % generated_ + 1;
}

bool Catalogue::visit(Place& place, std::size_t most, const std::function<bool(const Item&)>& visit) const {
  const std::shared_lock lock(mutex_);
  for (std::size_t visited = 0; visited < most;) {
    auto inserted = place.any_inserted_passed ? inserted_.upper_bound(place.inserted_after) : inserted_.begin();
    const bool generated_left = place.step < generated_;
    if (!generated_left && inserted == inserted_.end()) return false;
    std::uint64_t index = 0;
    if (generated_left) index = place.order == Order::shuffled ? shuffled(place.step) : place.step + 1;
    const bool take_inserted =
        inserted != inserted_.end() &&
        (!generated_left || (place.order == Order::ascending && collate(inserted->first, generated_key(index)) < 0));
    if (take_inserted) {
      index = inserted->second;
      place.inserted_after = inserted->first;
      place.any_inserted_passed = true;
    } else {
      ++place.step;
    }
    ++visited;
    if (const OverridePtr over = override_of(index); !take_inserted && over && !over->key.empty()) continue;
    const auto item = at(index);
    if (item && !visit(*item)) return true;
  }
  return true;
}

Millis Catalogue::next_stamp() {
  last_stamp_ = std::max({last_stamp_ + 1, now_millis(), tenant_.options().base_time + 1});
  return last_stamp_;
}

void Catalogue::publish(std::uint64_t index, Override next) {
  if (index <= generated_) touched_[index] = true;
  if (spec_.parent) {
    const auto head = next.fields.find(*spec_.parent);
    if (head != next.fields.end() && head->second) moved_to_[*head->second].insert(index);
  }
  overrides_[index] = std::make_shared<const Override>(std::move(next));
}

Change Catalogue::apply(std::string_view key, const Edit& edit, Presence presence) {
  const std::unique_lock lock(mutex_);
  Change change;
  auto index = index_of(key);
  change.before = index ? at(*index) : std::nullopt;
  if ((change.before && presence == Presence::must_not_exist) || (!change.before && presence == Presence::must_exist)) {
    change.refused = true;
    return change;
  }
  const bool insert = !change.before;
  Override next;
  if (insert) {
    next.scratch = true;
    if (index) {
      --hidden_;  // was deleted
    } else {
      next.key = std::string(trim_right(key));
      index = inserted_.emplace(next.key, next_index_++).first->second;
    }
  } else if (const OverridePtr old = override_of(*index)) {
    next = *old;
  } else {
    next.last_modified = change.before->last_modified();
  }

  bool own_row = insert;
  const Item base = insert ? Item(*this, seeded(*index), std::make_shared<const Override>(next)) : *change.before;
  change.touched = merge(base, edit, next, own_row, rows_made_);
  if (insert) change.touched.emplace(spec_.fields[spec_.keys.front()].name);
  if (change.touched.empty()) {
    change.after = change.before;
    return change;
  }
  for (const auto& [name, value] : edit.custom) declared_custom_.emplace(name, value.type);
  if (own_row || details_stamp_) next.last_modified = next_stamp();
  publish(*index, std::move(next));
  change.after = at(*index);
  return change;
}

Change Catalogue::remove(std::string_view key) {
  const std::unique_lock lock(mutex_);
  Change change;
  const auto index = index_of(key);
  change.before = index ? at(*index) : std::nullopt;
  if (!change.before) return change;
  const bool renamed = inserted_.erase(std::string(trim_right(key))) > 0;
  if (*index > generated_) {
    overrides_.erase(*index);
  } else {
    if (!renamed) ++hidden_;
    Override gone;
    gone.deleted = true;
    gone.last_modified = next_stamp();
    publish(*index, std::move(gone));
  }
  change.touched.emplace(spec_.fields[spec_.keys.front()].name);
  return change;
}

Change Catalogue::rename(std::string_view key, std::string_view to) {
  const std::unique_lock lock(mutex_);
  Change change;
  const auto index = index_of(key);
  change.before = index ? at(*index) : std::nullopt;
  const auto taken = index_of(to);
  change.refused = !change.before || trim_right(to).empty() || (taken && at(*taken));
  if (change.refused) return change;
  Override next;
  if (const OverridePtr old = override_of(*index)) next = *old;
  const bool was_generated = next.key.empty();
  next.key = std::string(trim_right(to));
  next.last_modified = next_stamp();
  if (was_generated) ++hidden_;
  inserted_.erase(std::string(trim_right(key)));
  inserted_[next.key] = *index;
  publish(*index, std::move(next));
  change.after = at(*index);
  change.touched.emplace(spec_.fields[spec_.keys.front()].name);
  return change;
}

void Catalogue::touch(std::string_view key) {
  const std::unique_lock lock(mutex_);
  const auto index = index_of(key);
  if (!index || !at(*index)) return;
  Override next;
  if (const OverridePtr old = override_of(*index)) next = *old;
  next.last_modified = next_stamp();
  publish(*index, std::move(next));
}

std::map<std::string, std::string, std::less<>> Catalogue::custom_fields() const {
  const std::shared_lock lock(mutex_);
  return declared_custom_;
}

}  // namespace acumatica_sim
