#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "catalog/eligibility.hpp"
#include "catalog/item.hpp"
#include "catalog/kind.hpp"
#include "catalog/mapping.hpp"
#include "catalog/reason.hpp"

namespace product_sync::catalog {

/// Rithum's key of a product, `Inventory Number`: the trimmed inventory ID, 1 to 50 characters, one line of UTF-8.
/// Compared without case, as Rithum does (rithum.md §5.3).
class Sku {
 public:
  /// Error codes `sku.empty`, `sku.too_long`, `sku.characters`.
  [[nodiscard]] static Result<Sku> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  /// The form under which two spellings of one SKU are equal.
  [[nodiscard]] const std::string& key() const { return key_; }

  friend bool operator==(const Sku& a, const Sku& b) { return a.key_ == b.key_; }

 private:
  Sku(std::string text, std::string key) : text_(std::move(text)), key_(std::move(key)) {}
  std::string text_;
  std::string key_;
};

/// What Rithum should hold for one item: a text for each ValueMapping, in the mapping's order; empty = no value.
struct Product {
  Sku sku;
  std::string inventory_id;
  std::string classification;
  std::vector<std::string> values;
  /// Places in `values` of what a policy left out: Rithum keeps what it has. In ascending order.
  std::vector<std::size_t> left_out = {};
  std::vector<Reason> notes = {};  ///< violations that policies settled
  ProductKind kind = ProductKind::item;
  std::string parent = {};  ///< SKU of the variation parent; empty: none
};

/// Should be exported and cannot be: parked until the item or the mapping changes.
struct Parked {
  std::vector<Reason> reasons;
};

using Decision = std::variant<Product, NotExported, Parked>;

/// The whole judgement on one item by itself: eligible? mapped, validated. Of a kit that is exported the product's kind is
/// `kit`; what families and bundles add is not filled in yet.
[[nodiscard]] Decision decide(const Item& item, const Mapping& mapping);

/// Whether the item is a kit.
[[nodiscard]] bool is_kit(const Item& item);
/// The template that the item is a matrix item of; empty: none.
[[nodiscard]] std::string_view template_of(const Item& item);

/// Empties what a mapping may say of the quantity; see has_no_quantity().
void leave_out_quantity(Product& product, const Mapping& mapping);

}  // namespace product_sync::catalog
