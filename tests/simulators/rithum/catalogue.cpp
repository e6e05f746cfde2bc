#include "catalogue.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "columns.hpp"
#include "value_lists.hpp"

namespace rithum_simulator {
namespace {

constexpr std::size_t kHeadBytes = 2 * sizeof(std::uint32_t);

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

void append_number(std::string& bytes, std::uint32_t number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

}  // namespace

std::optional<PackedValues::Place> PackedValues::place_of(std::uint32_t key) const {
  for (std::size_t at = 0; at < bytes_.size();) {
    const std::size_t value = at + kHeadBytes;
    const std::size_t end = value + number_at(bytes_, at + sizeof(std::uint32_t));
    if (number_at(bytes_, at) == key) return Place{at, value, end};
    at = end;
  }
  return std::nullopt;
}

std::optional<std::string_view> PackedValues::find(std::uint32_t key) const {
  const auto place = place_of(key);
  if (!place) return std::nullopt;
  return std::string_view(bytes_).substr(place->value, place->end - place->value);
}

void PackedValues::set(std::uint32_t key, std::string_view value) {
  erase(key);
  append_number(bytes_, key);
  append_number(bytes_, static_cast<std::uint32_t>(value.size()));
  bytes_.append(value);
}

void PackedValues::erase(std::uint32_t key) {
  if (const auto place = place_of(key)) bytes_.erase(place->start, place->end - place->start);
}

void PackedValues::for_each(const std::function<void(std::uint32_t, std::string_view)>& visit) const {
  for (std::size_t at = 0; at < bytes_.size();) {
    const std::size_t value = at + kHeadBytes;
    const std::size_t length = number_at(bytes_, at + sizeof(std::uint32_t));
    visit(number_at(bytes_, at), std::string_view(bytes_).substr(value, length));
    at = value + length;
  }
}

void PackedValues::compact() {
  if (bytes_.capacity() > bytes_.size() + bytes_.size() / 4) bytes_.shrink_to_fit();
}

const Product* Catalogue::find(std::string_view sku) const {
  const auto found = by_sku_.find(lower(sku));
  return found == by_sku_.end() ? nullptr : &products_[found->second];
}

Product* Catalogue::find(std::string_view sku) {
  const auto found = by_sku_.find(lower(sku));
  return found == by_sku_.end() ? nullptr : &products_[found->second];
}

Product& Catalogue::create(std::string_view sku, std::int64_t now) {
  const auto index = static_cast<std::uint32_t>(products_.size());
  by_sku_.emplace(lower(sku), index);
  Product& product = products_.emplace_back();
  product.sku = sku;
  product.id = next_id_++;
  product.created_at = now;
  return product;
}

void Catalogue::clear() {
  products_.clear();
  products_.shrink_to_fit();
  by_sku_.clear();
  bundles_with_.clear();
  bundles_ = 0;
  next_id_ = kFirstId;
}

const Product* Catalogue::find_id(std::int64_t id) const {
  const auto found = std::ranges::lower_bound(products_, id, {}, [](const Product& p) { return std::int64_t{p.id}; });
  return found == products_.end() || found->id != id ? nullptr : &*found;
}

Product* Catalogue::find_id(std::int64_t id) { return const_cast<Product*>(std::as_const(*this).find_id(id)); }

void Catalogue::index_from(std::size_t first) {
  for (std::size_t i = first; i < products_.size(); ++i) {
    by_sku_[lower(products_[i].sku)] = static_cast<std::uint32_t>(i);
  }
}

bool Catalogue::remove(std::string_view sku) {
  const auto found = by_sku_.find(lower(sku));
  if (found == by_sku_.end()) return false;
  const std::size_t index = found->second;
  recount_components(value_of(products_[index], kComponentsColumn), {});
  by_sku_.erase(found);
  products_.erase(products_.begin() + static_cast<std::ptrdiff_t>(index));
  index_from(index);
  return true;
}

bool Catalogue::give_new_id(std::string_view sku) {
  const auto found = by_sku_.find(lower(sku));
  if (found == by_sku_.end()) return false;
  const auto place = products_.begin() + static_cast<std::ptrdiff_t>(found->second);
  place->id = next_id_++;
  const std::size_t index = found->second;
  std::rotate(place, place + 1, products_.end());  // stays in ascending order
  index_from(index);
  return true;
}

std::uint32_t Catalogue::bundles_with(std::string_view component) const {
  const auto found = bundles_with_.find(lower(component));
  return found == bundles_with_.end() ? 0 : found->second;
}

void Catalogue::recount_components(std::string_view before, std::string_view after) {
  for (const auto& [sku, quantity] : parse_quantities(before).value_or(Quantities{})) --bundles_with_[lower(sku)];
  for (const auto& [sku, quantity] : parse_quantities(after).value_or(Quantities{})) ++bundles_with_[lower(sku)];
  if (!before.empty()) --bundles_;
  if (!after.empty()) ++bundles_;
}

std::uint32_t Catalogue::attribute_key(std::string_view name) {
  const auto next = static_cast<std::uint32_t>(columns().size() + attribute_names_.size());
  const auto [entry, is_new] = attribute_keys_.try_emplace(std::string(name), next);
  if (is_new) attribute_names_.emplace_back(name);
  return entry->second;
}

std::string_view Catalogue::attribute_name(std::uint32_t key) const {
  return key < columns().size() ? std::string_view{} : attribute_names_.at(key - columns().size());
}

std::string_view value_of(const Product& product, std::string_view header) {
  const auto index = column_index(header);
  return index ? product.values.find(static_cast<std::uint32_t>(*index)).value_or("") : std::string_view{};
}

}  // namespace rithum_simulator
