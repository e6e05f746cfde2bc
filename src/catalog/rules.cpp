#include "catalog/rules.hpp"

#include <algorithm>

namespace product_sync::catalog {
namespace {

constexpr bool kShorten = true;
constexpr bool kSend = true;

constexpr Rule kRules[] = {
    {"value.too_long", kShorten, false, "texts keep within the longest that Rithum takes"},
    {"value.too_many", kShorten, false, "lists keep within the number that Rithum takes"},
    {"value.not_a_number", false, false, "numbers are digits with a decimal point"},
    {"value.not_an_integer", false, false, "quantities are whole"},
    {"value.negative", false, false, "prices, measures and quantities are not below zero"},
    {"value.not_a_boolean", false, false, "true, false, 1, 0, yes or no"},
    {"value.not_a_choice", false, false, "one of the values that Rithum knows"},
    {"value.not_an_identifier", false, kSend, "UPC, EAN, ISBN and ASIN have their length and characters"},
    {"value.check_digit", false, kSend, "the last digit of UPC, EAN and ISBN checks the others"},
    {"value.not_a_date", false, false, "dates are ISO 8601"},
    {"value.not_a_picture", false, false, "pictures are http(s) addresses or names of files"},
    {"value.not_https", false, kSend, "addresses of pictures begin with https://"},
    {"value.not_a_label", false, false, "labels are not empty and begin with no minus"},
    {"value.not_a_quantity", false, false, "quantities by distribution center are CODE=whole number"},
    {"value.unknown_reference", false, kSend, "suppliers and distribution centers are among those configured"},
    {"value.not_in_table", false, false, "a lookup table has the value, or says what holds otherwise"},
    {"value.unknown_unit", false, false, "units are of weight or length, as the conversion asks"},
    {"value.requirement", false, false, "what the mapping requires of the item holds"},
    {"value.not_utf8", false, false, "texts are valid UTF-8"},
    {"value.reserved", false, false, "no text is the marker that clears a field"},
    {"value.starts_with_quote", false, false, "no text begins with a quotation mark"},
    {kTooManyBundles, false, kSend, "an account holds at most `mapping.bundles.most_bundles`"},
    {kComponentInTooMany, false, kSend, "a component is in at most `mapping.bundles.most_with_component` bundles"},
};

constexpr FixedRule kFixedRules[] = {
    {"sku.empty", "the inventory ID is empty"},
    {"sku.characters", "the inventory ID holds what no feed can hold"},
    {"sku.too_long", "the inventory ID has more than 50 characters"},
    {"sku.duplicate", "two items have one SKU, trimmed and without regard to case; neither is sent"},
    {"status.unknown", "the item status is in neither list of statuses"},
    {"classification.unknown", "the classification is not among `references.classifications`"},
    {"title.missing", "Auction Title is mapped and empty"},
    {"quantity.no_type", "there is a Quantity, and its Quantity Update Type is empty"},
    {"family.no_template", "Acumatica has no such template"},
    {"family.no_relationship", "no relationship is configured for the template or its item class"},
    {"family.relationship_differs", "child and template would vary by different relationships"},
    {"family.template_parked", "the template is parked"},
    {"family.child_parked", "a child of the family is parked"},
    {"family.moved", "Rithum has the child under another parent; `variations.moved_children: send` sends it"},
    {"family.left", "Rithum has the item under a parent, and it belongs to no template any more"},
    {"variation.value_missing", "a child lacks the value of an attribute that its family varies by"},
    {"variation.duplicate", "two children have the same values"},
    {"kit.no_specification", "the kit has no specification"},
    {"kit.no_active_revision", "none of its revisions is active"},
    {"kit.several_active_revisions", "several are, and `bundles.revision` is `active`"},
    {"kit.no_such_revision", "it has no active revision of the configured name"},
    {"bundle.no_component", "the revision has no components"},
    {"bundle.too_many_components", "it has more than 10"},
    {"bundle.component_unknown", "a component was not found among the items that are read"},
    {"bundle.component_not_exported", "a component is not exported, or parked"},
    {"bundle.component_is_bundle", "a component is a kit itself"},
    {"bundle.component_is_parent", "a component is a template"},
    {"bundle.component_sku", "the SKU of a component holds a comma or an equals sign"},
    {"bundle.quantity", "the quantity of a component is no positive number"},
    {"unit.no_conversion", "the unit of a component cannot be converted into its sales unit"},
    {"unit.not_whole", "the quantity of a component is not a whole number of its sales units"},
};

}  // namespace

std::string_view to_text(Policy policy) {
  constexpr std::string_view kNames[] = {"park", "shorten", "drop", "send"};
  return kNames[static_cast<std::size_t>(policy)];
}

const Policy* find_policy(std::string_view name) {
  const auto* found = std::ranges::find_if(kPolicies, [&](Policy policy) { return to_text(policy) == name; });
  return found == std::end(kPolicies) ? nullptr : found;
}

bool Rule::allows(Policy policy) const {
  switch (policy) {
    case Policy::park:
      break;
    case Policy::shorten:
      return can_shorten;
    case Policy::drop:
      return is_of_a_value();
    case Policy::send:
      return can_send;
  }
  return true;
}

std::span<const Rule> rules() { return kRules; }

std::span<const FixedRule> fixed_rules() { return kFixedRules; }

const Rule* find_rule(std::string_view code_or_name) {
  const auto* found = std::ranges::find_if(
      kRules, [&](const Rule& rule) { return rule.code == code_or_name || rule.name() == code_or_name; });
  return found == std::end(kRules) ? nullptr : found;
}

Policy Judgement::policy(std::string_view code) const {
  const Rule* rule = find_rule(code);
  for (const Policies* policies : {own_, site_}) {
    if (rule == nullptr || policies == nullptr) continue;
    if (const auto found = policies->find(rule->name()); found != policies->end()) return found->second;
  }
  return Policy::park;
}

const Names* Judgement::names(Reference reference) const {
  if (references_ == nullptr || reference == Reference::none) return nullptr;
  const Names& names = reference == Reference::supplier ? references_->suppliers : references_->distribution_centers;
  return names.empty() ? nullptr : &names;
}

}  // namespace product_sync::catalog
