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
  if (policy == Policy::shorten) return can_shorten;
  return policy != Policy::send || can_send;
}

std::span<const Rule> rules() { return kRules; }

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
