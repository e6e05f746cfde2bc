#include "catalog/product.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/bytes.hpp"
#include "catalog/evaluation.hpp"
#include "catalog/list_value.hpp"
#include "catalog/text.hpp"
#include "catalog/value.hpp"

namespace product_sync::catalog {
namespace {

constexpr std::size_t kLongestSku = 50;  // rithum.md §2.5

// Not exported because this site does not export such items at all; none where it does.
std::optional<Reason> unsupported_kind(const Item& item, const Mapping& mapping) {
  const std::string name = excerpt(item.inventory_id);
  if (is_kit(item) && !mapping.bundles) {
    return Reason{"kind.kit", fmt::format("Item {} is a kit, and kits are not exported: see mapping.bundles.", name)};
  }
  if (!template_of(item).empty() && !mapping.variations) {
    return Reason{"kind.variation_child",
                  fmt::format("Item {} is a variation of template {}, and variations are not exported: see "
                              "mapping.variations.",
                              name, excerpt(template_of(item)))};
  }
  return std::nullopt;
}

Result<Value> make(const ValueMapping& mapping, const Expression& source, const Item& item,
                   const Judgement& judgement) {
  if (is_list(mapping.column->type)) {
    auto entries = evaluate_all(source, item);
    if (!entries) return tl::unexpected(std::move(entries.error()));
    return make_list(*mapping.column, *entries, mapping.pictures, judgement);
  }
  const auto text = evaluate(source, item);
  if (!text) return tl::unexpected(text.error());
  return make_value(*mapping.column, text->view(), judgement);
}

// The first source counts that makes a value. Only the value tells: what an editor leaves behind of an emptied
// description is markup, but shows nothing.
Result<Value> first_value(const ValueMapping& mapping, const Item& item, const Judgement& judgement) {
  for (const Expression& source : mapping.sources) {
    auto made = make(mapping, source, item, judgement);
    if (!made && judgement.policy(made.error().code) == Policy::drop) {
      return Value{{}, true, {std::move(made.error())}};  // what the expression itself refused
    }
    if (!made || made->dropped || !made->text.empty()) return made;
  }
  return Value{};
}

std::string value_name(const ValueMapping& mapping) {
  return fmt::format("{} \"{}\"", mapping.is_attribute ? "attribute" : "column", mapping.name);
}

Reason to_reason(const Error& error, const ValueMapping& value, const Item& item) {
  return {error.code, fmt::format("Item {}, {}: {}", excerpt(item.inventory_id), value_name(value), error.text())};
}

/// What the mapping made of an item; see Product.
struct MappedValues {
  std::vector<std::string> values;
  std::vector<std::size_t> left_out;
  std::vector<Reason> notes;
};

// Adds a reason for each value that cannot be sent.
MappedValues map_values(const Item& item, const Mapping& mapping, std::vector<Reason>& reasons) {
  MappedValues mapped;
  mapped.values.resize(mapping.values.size());
  for (std::size_t i = 0; i < mapping.values.size(); ++i) {
    const ValueMapping& value = mapping.values[i];
    auto made = first_value(value, item, {value.policies, mapping.policies, mapping.references});
    if (!made) {
      mapped.values[i].assign(1, '?');  // refused, which is not the same as missing; no product comes of it
      reasons.push_back(to_reason(made.error(), value, item));
      continue;
    }
    mapped.values[i] = std::move(made->text);
    if (made->dropped) mapped.left_out.push_back(i);
    for (const Error& note : made->notes) mapped.notes.push_back(to_reason(note, value, item));
  }
  return mapped;
}

void check_classification(const Item& item, const std::string& classification, const References& references,
                          std::vector<Reason>& reasons) {
  const Names& known = references.classifications;
  if (known.empty() || known.contains(classification)) return;
  reasons.push_back({"classification.unknown",
                     fmt::format("Item {}: the classification {} is not among mapping.references.classifications. Make "
                                 "it known in Rithum and add it there, or map the item class to another.",
                                 excerpt(item.inventory_id), excerpt(classification))});
}

std::string* column_value(Product& product, const Mapping& mapping, std::string_view header) {
  for (std::size_t i = 0; i < mapping.values.size(); ++i) {
    if (!mapping.values[i].is_attribute && mapping.values[i].name == header) return &product.values[i];
  }
  return nullptr;
}

// `completedclist` alone would say that all the distribution centers there are have been listed: none.
void leave_out_lonely_types(Product& product, const Mapping& mapping) {
  for (const auto& columns : quantity_columns()) {
    const auto* quantity = column_value(product, mapping, columns.quantity);
    auto* type = column_value(product, mapping, columns.type);
    if (quantity != nullptr && quantity->empty() && type != nullptr) type->clear();
  }
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

bool is_kit(const Item& item) { return parse_boolean(item.field("IsAKit")).value_or(false); }

std::string_view template_of(const Item& item) { return trim(item.field("TemplateItemID")); }

void leave_out_quantity(Product& product, const Mapping& mapping) {
  for (const auto& columns : quantity_columns()) {
    for (const auto header : {columns.quantity, columns.type}) {
      if (auto* value = column_value(product, mapping, header)) value->clear();
    }
  }
}

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
  const auto eligibility = judge(item, mapping.conditions);
  if (const auto* lost = std::get_if<NotExported>(&eligibility)) return *lost;
  if (const auto* unknown = std::get_if<StatusUnknown>(&eligibility)) return Parked{{unknown->reason}};
  if (auto reason = unsupported_kind(item, mapping)) return NotExported{std::move(*reason), false};

  std::vector<Reason> reasons;
  auto sku = Sku::parse(item.inventory_id);
  if (!sku) reasons.push_back({sku.error().code, sku.error().text()});
  auto mapped = map_values(item, mapping, reasons);
  const std::string& classification = mapping.conditions.classifications.find(trim(item.field("ItemClass")))->second;
  check_classification(item, classification, mapping.references, reasons);
  if (!sku) return Parked{std::move(reasons)};

  Product product{std::move(*sku), item.inventory_id, classification, std::move(mapped.values)};
  product.left_out = std::move(mapped.left_out);
  product.notes = std::move(mapped.notes);
  if (is_kit(item)) product.kind = ProductKind::kit;
  leave_out_lonely_types(product, mapping);
  check_together(product, mapping, reasons);
  if (!reasons.empty()) return Parked{std::move(reasons)};
  return product;
}

}  // namespace product_sync::catalog
