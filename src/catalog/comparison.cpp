#include "catalog/comparison.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

const std::string kClassification = "Classification";

// What Rithum was told under `key`; empty when nothing.
std::string_view told_before(const ToldValues* told, const std::string& key) {
  if (told == nullptr) return {};
  const auto found = told->find(key);
  return found == told->end() ? std::string_view{} : std::string_view(found->second);
}

// What takes all entries away that Rithum was told; empty where no file can.
std::string list_removal(const ValueMapping& value, std::string_view before) {
  return is_list(value.column->type) ? list_change(*value.column, value.pictures, before, {}) : std::string{};
}

}  // namespace

Difference compare(const Product& product, const Mapping& mapping, const ToldValues* told) {
  Difference difference{{}, {product.sku, product.classification, {}, false, product.kind}, {}};
  if (told != nullptr) difference.told = *told;
  const auto tell = [&](const std::string& key, const std::string& text) {
    const std::string_view before = told_before(told, key);
    if (before == text) return;
    difference.changes.push_back({key, std::string(before), text});
    difference.told.insert_or_assign(key, text);
  };

  tell(kClassification, product.classification);
  difference.row.cells.reserve(mapping.values.size());
  for (std::size_t i = 0; i < mapping.values.size(); ++i) {
    const ValueMapping& value = mapping.values[i];
    const std::string key = value.key();
    const std::string& text = product.values[i];
    const std::string_view before = told_before(told, key);
    if (!text.empty()) {
      std::string cell = is_list(value.column->type) ? list_change(*value.column, value.pictures, before, text) : text;
      tell(key, text);
      difference.row.cells.push_back({CellKind::set, std::move(cell)});
      continue;
    }
    const bool left_out = std::ranges::binary_search(product.left_out, i);
    if (before.empty() || left_out) {
      const bool cleared = value.clearable && !left_out && difference.told.contains(key);
      difference.row.cells.push_back({cleared ? CellKind::clear : CellKind::unchanged, {}});
      continue;
    }
    const std::string removal = list_removal(value, before);
    if (!value.clearable && removal.empty()) {
      difference.row.cells.push_back({});
      continue;
    }
    difference.changes.push_back({key, std::string(before), {}});
    if (removal.empty()) {
      difference.told.insert_or_assign(key, std::string{});
      difference.row.cells.push_back({CellKind::clear, {}});
    } else {
      difference.told.erase(key);  // what took the entries away cannot be repeated without them
      difference.row.cells.push_back({CellKind::set, removal});
    }
  }
  return difference;
}

std::string content_hash(const Product& product, const Mapping& mapping) {
  std::string bytes;
  append_counted(bytes, product.sku.key());
  append_counted(bytes, product.classification);
  for (std::size_t i = 0; i < mapping.values.size(); ++i) {
    const ValueMapping& value = mapping.values[i];
    if (value.role == ValueRole::withdrawal) continue;  // no value of a product
    append_counted(bytes, value.key());
    // An empty value that has become clearable is new to compare() although the product is the same.
    const bool left_out = std::ranges::binary_search(product.left_out, i);
    const bool removed = value.pictures.removed == PictureForm::Removed::empty;
    append_counted(bytes, product.values[i].empty() && !left_out && (value.clearable || removed) ? "clear" : "");
    append_counted(bytes, product.values[i]);
  }
  return to_hex(sha256(bytes));
}

}  // namespace product_sync::catalog
