#include "catalogue.hpp"

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <numeric>
#include <stdexcept>

namespace acumatica_sim {
namespace {

constexpr std::uint64_t kMostItems = 9'999'999;    // seven digits in the key
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
/// item itself did.
std::set<std::string, std::less<>> merge(const Item& before, const Edit& edit, Override& next, bool& own_row,
                                         std::uint64_t& rows_made) {
  std::set<std::string, std::less<>> touched;
  for (const auto& [field, cell] : edit.fields) {
    if (stock_item_fields()[field].read_only || same_value(stock_item_fields()[field].kind, before.cell(field), cell)) {
      continue;
    }
    next.fields[field] = cell;
    touched.emplace(stock_item_fields()[field].name);
    own_row = true;
  }
  for (const auto& [name, value] : edit.custom) {
    if (before.custom(name) == value) continue;
    next.custom[name] = value;
    touched.insert(name);
    own_row = true;
  }
  for (const auto& [detail, edits] : edit.details) {
    const DetailSpec& spec = stock_item_details()[detail];
    std::vector<Row> rows = before.rows(detail);
    bool changed = false;
    for (const RowEdit& each : edits) {
      changed |= edit_row(rows, each, spec, before.seeded().part_guid(kWrittenRows + rows_made++));
    }
    if (!changed) continue;
    next.details[detail] = std::move(rows);
    touched.emplace(spec.name);
  }
  return touched;
}

}  // namespace

std::string Item::key() const { return over_ && over_->scratch ? over_->key : seeded_.key(); }

Cell Item::cell(std::size_t field) const {
  if (!over_) return stock_item_fields()[field].generate(seeded_);
  switch (field) {
    case kInventoryID:
      return key();
    case kNoteID:
      return id();
    case kLastModified:
    case kLastModifiedDateTime:
      return offset_text(over_->last_modified, seeded_.options->utc_offset_minutes);
    default:
      break;
  }
  if (const auto found = over_->fields.find(field); found != over_->fields.end()) return found->second;
  return over_->scratch ? std::nullopt : stock_item_fields()[field].generate(seeded_);
}

std::vector<Row> Item::rows(std::size_t detail) const {
  if (over_) {
    if (const auto found = over_->details.find(detail); found != over_->details.end()) return found->second;
    if (over_->scratch) return {};
  }
  return (seeded_.*stock_item_details()[detail].generate)();
}

Cell Item::attribute(std::string_view id) const {
  for (const Row& row : rows(kAttributes)) {
    if (row.cells[kAttributeID] == id) return row.cells[kValue];
  }
  return std::nullopt;
}

std::optional<CustomValue> Item::custom(std::string_view name) const {
  if (over_) {
    if (const auto found = over_->custom.find(name); found != over_->custom.end()) return found->second;
  }
  for (const CustomSpec& spec : stock_item_custom_fields()) {
    if (spec.name != name) continue;
    return CustomValue{std::string(spec.type), over_ && over_->scratch ? std::nullopt : spec.generate(seeded_)};
  }
  return std::nullopt;
}

Catalogue::Catalogue(CatalogueOptions options, bool details_stamp)
    : options_(options), details_stamp_(details_stamp), touched_(options.items + 1), next_index_(options.items + 1) {
  if (options.items > kMostItems) throw std::invalid_argument("--items: at most 9999999");
  for (const CustomSpec& spec : stock_item_custom_fields()) declared_custom_.emplace(spec.name, spec.type);
  stride_ = options_.items * 5 / 8 + 1;
  while (options_.items > 1 && std::gcd(stride_, options_.items) != 1) ++stride_;
}

std::size_t Catalogue::size() const {
  const std::shared_lock lock(mutex_);
  return options_.items + inserted_.size() - deleted_;
}

std::optional<std::uint64_t> Catalogue::index_of(std::string_view key) const {
  if (const auto index = index_of_key(options_, trim_right(key))) return index;
  const auto found = inserted_.find(key);
  return found == inserted_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Item> Catalogue::at(std::uint64_t index) const {
  if (index <= options_.items && !touched_[index]) return Item({&options_, index}, nullptr);
  const auto found = overrides_.find(index);
  if (found == overrides_.end() || found->second->deleted) return std::nullopt;
  return Item({&options_, index}, found->second);
}

std::optional<Item> Catalogue::by_key(std::string_view key) const {
  const std::shared_lock lock(mutex_);
  const auto index = index_of(key);
  return index ? at(*index) : std::nullopt;
}

std::optional<Item> Catalogue::by_id(std::string_view guid) const {
  const std::shared_lock lock(mutex_);
  const auto index = index_of_guid(options_, guid, next_index_ - 1);
  return index ? at(*index) : std::nullopt;
}

Catalogue::Place Catalogue::start(Order order, const std::optional<std::string>& above) const {
  Place place;
  place.order = order;
  if (!above || order == Order::shuffled) return place;
  std::uint64_t low = 1;
  std::uint64_t high = options_.items + 1;  // the first generated index whose key is greater
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (collate(Seeded{&options_, middle}.key(), *above) > 0) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  place.step = low - 1;
  place.inserted_after = *above;
  place.any_inserted_passed = true;
  return place;
}

std::uint64_t Catalogue::shuffled(std::uint64_t step) const {
  return (step * stride_ + options_.seed) % options_.items + 1;
}

bool Catalogue::visit(Place& place, std::size_t most, const std::function<bool(const Item&)>& visit) const {
  const std::shared_lock lock(mutex_);
  for (std::size_t visited = 0; visited < most;) {
    auto inserted = place.any_inserted_passed ? inserted_.upper_bound(place.inserted_after) : inserted_.begin();
    const bool generated_left = place.step < options_.items;
    if (!generated_left && inserted == inserted_.end()) return false;
    std::uint64_t index = 0;
    if (generated_left) index = place.order == Order::shuffled ? shuffled(place.step) : place.step + 1;
    const bool take_inserted = inserted != inserted_.end() &&
                               (!generated_left || (place.order == Order::ascending &&
                                                    collate(inserted->first, Seeded{&options_, index}.key()) < 0));
    if (take_inserted) {
      index = inserted->second;
      place.inserted_after = inserted->first;
      place.any_inserted_passed = true;
    } else {
      ++place.step;
    }
    ++visited;
    const auto item = at(index);
    if (item && !visit(*item)) return true;
  }
  return true;
}

Millis Catalogue::next_stamp() {
  last_stamp_ = std::max({last_stamp_ + 1, now_millis(), options_.base_time + 1});
  return last_stamp_;
}

void Catalogue::publish(std::uint64_t index, Override next) {
  if (index <= options_.items) touched_[index] = true;
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
    if (!index) index = inserted_.emplace(std::string(trim_right(key)), next_index_++).first->second;
    if (const auto old = overrides_.find(*index); old != overrides_.end() && old->second->deleted) --deleted_;
    next.key = std::string(trim_right(key));
    next.scratch = true;
  } else if (const auto old = overrides_.find(*index); old != overrides_.end()) {
    next = *old->second;
  } else {
    next.last_modified = change.before->last_modified();
  }

  bool own_row = insert;
  const Item base = insert ? Item({&options_, *index}, std::make_shared<const Override>(next)) : *change.before;
  change.touched = merge(base, edit, next, own_row, rows_made_);
  if (insert) change.touched.emplace("InventoryID");
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
  Override gone;
  gone.deleted = true;
  gone.last_modified = next_stamp();
  if (*index > options_.items) {
    inserted_.erase(inserted_.find(key));
    overrides_.erase(*index);
  } else {
    ++deleted_;
    publish(*index, std::move(gone));
  }
  change.touched.emplace("InventoryID");
  return change;
}

std::map<std::string, std::string, std::less<>> Catalogue::custom_fields() const {
  const std::shared_lock lock(mutex_);
  return declared_custom_;
}

}  // namespace acumatica_sim
