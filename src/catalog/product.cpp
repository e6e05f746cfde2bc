#include "catalog/product.hpp"

#include <fmt/format.h>

#include <optional>

#include "base/bytes.hpp"
#include "catalog/text.hpp"
#include "catalog/value.hpp"

namespace product_sync::catalog {
namespace {

constexpr std::size_t kLongestSku = 50;  // rithum.md §2.5

bool is_ticked(std::string_view box) { return parse_boolean(box).value_or(false); }

// Not exported because of what kind of item it is; none for a simple stock item.
std::optional<Reason> unsupported_kind(const Item& item) {
  const std::string name = excerpt(item.inventory_id);
  if (is_ticked(item.field("IsAKit"))) {
    return Reason{"kind.kit",
                  fmt::format("Item {} is not a simple stock item but a kit; bundles are not exported yet.", name)};
  }
  const std::string_view parent = trim(item.field("TemplateItemID"));
  if (!parent.empty()) {
    return Reason{"kind.variation_child",
                  fmt::format("Item {} is not a simple stock item but a variation of template {}; variations are not "
                              "exported yet.",
                              name, excerpt(parent))};
  }
  return std::nullopt;
}

// M5: the item class is mapped and the box is ticked.
std::optional<Reason> not_exported(const Item& item, const ExportConditions& conditions) {
  const std::string name = excerpt(item.inventory_id);
  const std::string_view item_class = trim(item.field("ItemClass"));
  if (item_class.empty()) {
    return Reason{"class.unmapped", fmt::format("Item {} is not exported because it has no item class.", name)};
  }
  if (!conditions.classifications.contains(item_class)) {
    return Reason{"class.unmapped", fmt::format("Item {} is not exported because item class {} is not mapped to a "
                                                "Rithum classification.",
                                                name, excerpt(item_class))};
  }
  const std::string_view box = view_first(conditions.active, item);
  if (is_ticked(box)) return unsupported_kind(item);
  return Reason{"box.not_ticked",
                fmt::format("Item {} is not exported because its \"Active on Rithum\" box is not ticked ({}).", name,
                            box.empty() ? "it is empty" : "it holds " + excerpt(box))};
}

// The first source counts that makes a value. Only the value tells: what an editor leaves behind of an emptied
// description is markup, but shows nothing.
Result<std::string> first_value(const ValueMapping& mapping, const Item& item) {
  for (const Source& source : mapping.sources) {
    auto made = make_value(*mapping.column, view(source, item));
    if (!made || !made->empty()) return made;
  }
  return std::string{};
}

std::string value_name(const ValueMapping& mapping) {
  return fmt::format("{} \"{}\"", mapping.is_attribute ? "attribute" : "column", mapping.name);
}

// Rules that look at several values of a product.
void check_together(const Product& product, const Mapping& mapping, std::vector<Reason>& reasons) {
  static const Column* const kTitle = find_column("Auction Title");
  static const Column* const kQuantity = find_column("Quantity");
  static const Column* const kQuantityType = find_column("Quantity Update Type");
  bool title_missing = false;
  bool has_quantity = false;
  bool has_type = false;
  for (std::size_t i = 0; i < mapping.values.size(); ++i) {
    const Column* column = mapping.values[i].column;
    const bool empty = product.values[i].empty();
    if (column == kTitle) title_missing = empty;
    if (column == kQuantity) has_quantity = !empty;
    if (column == kQuantityType) has_type = !empty;
  }
  if (title_missing) {
    reasons.push_back({"title.missing",
                       fmt::format("Item {}, column \"Auction Title\": the title is empty, and Rithum needs one. Enter "
                                   "it in Acumatica, or map another source.",
                                   excerpt(product.inventory_id))});
  }
  if (has_quantity && !has_type) {
    reasons.push_back({"quantity.no_type",
                       fmt::format("Item {}, column \"Quantity Update Type\": it is empty though a quantity is sent; "
                                   "Rithum would take UNSHIPPED. Map a source that is never empty.",
                                   excerpt(product.inventory_id))});
  }
}

}  // namespace

Result<Sku> Sku::parse(std::string_view text) {
  const std::string_view trimmed = trim(text);
  if (trimmed.empty()) return fail("sku.empty", "The inventory ID is empty; Rithum's key of a product cannot be.");
  if (const auto fault = cell_fault(trimmed)) {
    return fail("sku.characters", fmt::format("The inventory ID {} {}.", excerpt(trimmed), *fault),
                "Change the ID in Acumatica.");
  }
  const std::size_t length = utf16_length(trimmed);
  if (length > kLongestSku) {
    return fail("sku.too_long",
                fmt::format("The inventory ID {} has {} characters; Rithum's SKUs have at most {}.", excerpt(trimmed),
                            length, kLongestSku),
                "Change the ID in Acumatica.");
  }
  return Sku(std::string(trimmed), to_lower_ascii(trimmed));
}

Decision decide(const Item& item, const Mapping& mapping) {
  if (auto reason = not_exported(item, mapping.conditions)) return NotExported{std::move(*reason)};

  std::vector<Reason> reasons;
  auto sku = Sku::parse(item.inventory_id);
  if (!sku) reasons.push_back({sku.error().code, sku.error().text()});

  std::vector<std::string> values(mapping.values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const ValueMapping& value = mapping.values[i];
    auto made = first_value(value, item);
    if (made) {
      values[i] = std::move(*made);
    } else {
      values[i] = "?";  // refused, which is not the same as missing; no product comes of it
      reasons.push_back({made.error().code, fmt::format("Item {}, {}: {}", excerpt(item.inventory_id),
                                                        value_name(value), made.error().text())});
    }
  }
  if (!sku) return Parked{std::move(reasons)};

  const auto classification = mapping.conditions.classifications.find(trim(item.field("ItemClass")));
  Product product{std::move(*sku), item.inventory_id, classification->second, std::move(values)};
  check_together(product, mapping, reasons);
  if (!reasons.empty()) return Parked{std::move(reasons)};
  return product;
}

}  // namespace product_sync::catalog
