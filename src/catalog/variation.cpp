#include "catalog/variation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.hpp"
#include "catalog/column.hpp"
#include "catalog/evaluation.hpp"
#include "catalog/text.hpp"
#include "catalog/value.hpp"

namespace product_sync::catalog {
namespace {

bool names(const std::vector<std::string>& list, std::string_view wanted) {
  return std::ranges::any_of(list, [&](const std::string& one) { return same_without_case(trim(one), trim(wanted)); });
}

}  // namespace

const Relationship* find_relationship(const VariationRules& rules, std::string_view template_id,
                                      std::string_view item_class) {
  for (const auto& one : rules.relationships) {
    if (names(one.templates, template_id)) return &one;
  }
  for (const auto& one : rules.relationships) {
    if (names(one.item_classes, item_class)) return &one;
  }
  return nullptr;
}

std::variant<std::vector<std::string>, std::vector<Reason>> variation_values(const Item& item,
                                                                             const Relationship& relationship) {
  std::vector<std::string> values;
  std::vector<Reason> reasons;
  for (const auto& attribute : relationship.attributes) {
    const auto text = evaluate(attribute.sources, item);
    auto value = text ? make_value(attribute_column(), text->view()) : Result<std::string>(tl::unexpected(text.error()));
    if (!value) {
      reasons.push_back({value.error().code,
                         fmt::format("Item {}, variation attribute {}: {}", excerpt(item.inventory_id),
                                     excerpt(attribute.name), value.error().text())});
    } else if (value->empty()) {
      reasons.push_back({"variation.value_missing",
                         fmt::format("Item {} has no value for {}, in which the products of relationship {} differ: enter "
                                     "it in Acumatica.",
                                     excerpt(item.inventory_id), excerpt(attribute.name),
                                     excerpt(relationship.name))});
    }
    values.push_back(value ? std::move(*value) : std::string{});
  }
  if (!reasons.empty()) return reasons;
  return values;
}

std::string combination(const Relationship& relationship, const std::vector<std::string>& values) {
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i) {
    text += fmt::format("{}{}={}", i == 0 ? "" : ", ", relationship.attributes[i].name, values[i]);
  }
  return text;
}

}  // namespace product_sync::catalog
