#include "catalog/family.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "base/bytes.hpp"
#include "catalog/decimal.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

constexpr std::string_view kParentWord = "Parent";  // rithum.md §3.1
constexpr std::size_t kNamedInReason = 3;

Fate parked(std::string code, std::string text) {
  return {Standing::parked, {{std::move(code), std::move(text)}}};
}

/// Children that cannot be told apart share a combination.
std::map<std::string, std::vector<std::string>> by_combination(std::span<const FamilyMember> children) {
  std::map<std::string, std::vector<std::string>> ids;
  for (const auto& child : children) {
    if (child.own.standing == Standing::sound) {
      ids[to_lower_ascii(child.combination)].push_back(excerpt(child.inventory_id));
    }
  }
  return ids;
}

/// What a child's own standing and those of the parent make of it, its siblings left aside.
Fate judge_child(const FamilyMember& child, const std::string& template_id, const FamilyMember* parent,
                 const std::map<std::string, std::vector<std::string>>& alike) {
  if (child.own.standing != Standing::sound) return child.own;
  const auto id = excerpt(child.inventory_id);
  const auto of = excerpt(template_id);
  if (parent == nullptr) {
    return parked("family.no_template",
                  fmt::format("Item {} is a variation of template {}, which Acumatica does not have.", id, of));
  }
  if (parent->own.standing == Standing::not_exported) {
    return {Standing::not_exported,
            {{"family.template_not_exported",
              fmt::format("Item {} is not exported because its template {} is not: {}", id, of,
                          parent->own.reasons.empty() ? "" : parent->own.reasons.front().text)}}};
  }
  if (parent->relationship.empty()) return child.own;  // the parent's own fault, for which all wait
  if (child.relationship != parent->relationship) {
    return parked("family.relationship_differs",
                  fmt::format("Item {} would vary by relationship {}, its template {} by {}: give both the same item "
                              "class, or name the template under mapping.variations.relationships.",
                              id, excerpt(child.relationship), of, excerpt(parent->relationship)));
  }
  const auto& same = alike.at(to_lower_ascii(child.combination));
  if (same.size() > 1) {
    return parked("variation.duplicate",
                  fmt::format("Items {} of template {} have the same variation values ({}): Rithum could not tell them "
                              "apart.",
                              fmt::join(same, ", "), of, child.combination));
  }
  return child.own;
}

Fate judge_parent(const FamilyMember& parent) {
  if (parent.own.standing != Standing::sound || !parent.relationship.empty()) return parent.own;
  return parked("family.no_relationship",
                fmt::format("No variation relationship is configured for template {} or its item class: add one under "
                            "mapping.variations.relationships.",
                            excerpt(parent.inventory_id)));
}

std::string name_faults(std::span<const FamilyMember> children, const std::vector<Fate>& fates) {
  std::string names;
  std::size_t faults = 0;
  for (std::size_t i = 0; i < fates.size(); ++i) {
    if (fates[i].standing != Standing::parked || ++faults > kNamedInReason) continue;
    names += fmt::format("{}{} ({})", names.empty() ? "" : "; ", excerpt(children[i].inventory_id),
                         fates[i].reasons.front().text);
  }
  if (faults > kNamedInReason) names += fmt::format("; and {} more", faults - kNamedInReason);
  return names;
}

void wait_for(Fate& fate, const Reason& reason) {
  if (fate.standing == Standing::sound) fate = {Standing::parked, {reason}};
}

bool lacks_value(const std::string& value) {
  if (value.empty()) return true;
  const auto number = Decimal::parse(value);
  return number && *number == Decimal{};
}

/// Sets the values that have this role, or this attribute's name.
void set_role(Product& product, const Mapping& mapping, ValueRole role, std::string_view text) {
  for (std::size_t i = 0; i < mapping.values.size(); ++i) {
    if (mapping.values[i].role == role) product.values[i] = text;
  }
}

void set_attribute(Product& product, const Mapping& mapping, std::string_view name, const std::string& text) {
  for (std::size_t i = 0; i < mapping.values.size(); ++i) {
    if (mapping.values[i].is_attribute && same_without_case(mapping.values[i].name, name)) product.values[i] = text;
  }
}

void set_relationship(Product& product, const Relationship& relationship, const Mapping& mapping) {
  set_role(product, mapping, ValueRole::relationship_name, relationship.name);
  std::vector<std::string> names;
  for (const auto& attribute : relationship.attributes) names.push_back(attribute.name);
  set_role(product, mapping, ValueRole::vary_by, fmt::format("{}", fmt::join(names, ",")));
}

}  // namespace

FamilyVerdict judge_family(const std::string& template_id, const FamilyMember* parent,
                           std::span<const FamilyMember> children) {
  FamilyVerdict verdict;
  const auto alike = by_combination(children);
  for (const auto& child : children) verdict.children.push_back(judge_child(child, template_id, parent, alike));
  if (parent == nullptr) return verdict;
  verdict.parent = judge_parent(*parent);

  const auto count = [&](Standing standing) { return std::ranges::count(verdict.children, standing, &Fate::standing); };
  const auto of = excerpt(template_id);
  if (verdict.parent.standing == Standing::parked) {
    const Reason reason{"family.template_parked",
                        fmt::format("Waits because its template {} is parked: {}", of,
                                    verdict.parent.reasons.front().text)};
    for (auto& fate : verdict.children) wait_for(fate, reason);
  } else if (count(Standing::parked) > 0) {
    const Reason reason{"family.child_parked",
                        fmt::format("The family of template {} waits because of {}", of,
                                    name_faults(children, verdict.children))};
    wait_for(verdict.parent, reason);
    for (auto& fate : verdict.children) wait_for(fate, reason);
  } else if (verdict.parent.standing == Standing::sound && count(Standing::sound) == 0) {
    verdict.parent = {Standing::not_exported,
                      {{"family.no_child",
                        fmt::format("Template {} is not exported because none of its matrix items is.", of)}}};
  }
  return verdict;
}

void make_parent(Product& product, const Relationship& relationship, const Mapping& mapping) {
  product.kind = ProductKind::parent;
  set_relationship(product, relationship, mapping);
  set_role(product, mapping, ValueRole::parent_sku, kParentWord);
  set_role(product, mapping, ValueRole::sku_type, "parent");
  for (const auto& attribute : relationship.attributes) set_attribute(product, mapping, attribute.name, {});
  leave_out_quantity(product, mapping);
}

void make_child(Product& product, std::string_view parent_sku, const Relationship& relationship,
                const std::vector<std::string>& values, const Mapping& mapping) {
  if (product.kind == ProductKind::item) product.kind = ProductKind::child;
  product.parent = parent_sku;
  set_relationship(product, relationship, mapping);
  set_role(product, mapping, ValueRole::parent_sku, parent_sku);
  set_role(product, mapping, ValueRole::sku_type, "child");
  for (std::size_t i = 0; i < values.size(); ++i) {
    set_attribute(product, mapping, relationship.attributes[i].name, values[i]);
  }
}

void inherit(Product& child, const Product& parent, const Mapping& mapping) {
  child.classification = parent.classification;  // rithum.md §3.1: the same in all of a family
  child.parent = parent.sku.text();
  set_role(child, mapping, ValueRole::parent_sku, parent.sku.text());
  for (std::size_t i = 0; i < mapping.values.size(); ++i) {
    const auto& value = mapping.values[i];
    const bool inherited = !value.is_attribute &&
                           std::ranges::any_of(mapping.variations->inherited, [&](const std::string& name) {
                             return same_without_case(name, value.name);
                           });
    if (inherited && lacks_value(child.values[i]) && !lacks_value(parent.values[i])) {
      child.values[i] = parent.values[i];
      std::erase(child.left_out, i);
    }
  }
}

void make_standalone(Product& product, const Mapping& mapping) {
  set_role(product, mapping, ValueRole::sku_type, product.kind == ProductKind::kit ? "bundle" : "standard");
}

std::optional<Reason> moved(const std::string& inventory_id, const std::string& parent,
                            const std::string& told_parent, const Mapping& mapping) {
  if (told_parent.empty() || same_without_case(parent, told_parent)) return std::nullopt;
  const auto id = excerpt(inventory_id);
  if (parent.empty()) {
    return Reason{"family.left",
                  fmt::format("Item {} stood under parent {} in Rithum and belongs to no template any more. How a file "
                              "takes a product out of a family is not documented: take it out in Rithum.",
                              id, excerpt(told_parent))};
  }
  if (mapping.variations && mapping.variations->moved == MovedChild::send) return std::nullopt;
  return Reason{"family.moved",
                fmt::format("Item {} stands under parent {} in Rithum and belongs to template {} now. How a file moves a "
                            "product is not documented: move it in Rithum, or set mapping.variations.moved_children to "
                            "send.",
                            id, excerpt(told_parent), excerpt(parent))};
}

}  // namespace product_sync::catalog
