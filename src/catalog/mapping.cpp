#include "catalog/mapping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <set>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "catalog/assembly_values.hpp"
#include "catalog/text.hpp"
#include "catalog/value.hpp"
#include "catalog/withdrawal.hpp"

namespace product_sync::catalog {
namespace {

// Counts changes of the rules in code by which a mapped value becomes a cell: a new number lets every product be
// compared anew.
constexpr std::string_view kRulesVersion = "2";

// By which decide() tells what kind of item it has.
constexpr std::string_view kKindFields[] = {"InventoryID", "IsAKit", "TemplateItemID"};

void append(std::string& bytes, const Policies& policies) {
  append_counted(bytes, std::to_string(policies.size()));
  for (const auto& [rule, policy] : policies) {
    append_counted(bytes, rule);
    append_counted(bytes, to_text(policy));
  }
}

void append(std::string& bytes, const Names& names) {
  append_counted(bytes, std::to_string(names.size()));
  for (const std::string& name : names) append_counted(bytes, name);
}

void append(std::string& bytes, const ExportConditions& conditions) {
  append_counted(bytes, std::to_string(conditions.classifications.size()));
  for (const auto& [item_class, classification] : conditions.classifications) {
    append_counted(bytes, item_class);
    append_counted(bytes, classification);
  }
  append_counted(bytes, to_text(conditions.active));
  append(bytes, conditions.exported_statuses);
  append(bytes, conditions.withdrawn_statuses);
  append_counted(bytes, conditions.when ? to_text(*conditions.when) : "");
}

void append(std::string& bytes, const ValueMapping& value) {
  append_counted(bytes, value.key());
  append_counted(bytes, value.clearable ? "clearable" : "");
  append_counted(bytes, to_text(value.sources));
  append(bytes, value.policies);
  append_counted(bytes, value.pictures.placement);
  append_counted(bytes, value.pictures.removed == PictureForm::Removed::empty ? "empty" : "");
  if (value.own) append_counted(bytes, fmt::format("{} {}", static_cast<int>(value.own->type), value.own->longest));
}

void append_list(std::string& bytes, const std::vector<std::string>& texts) {
  append_counted(bytes, std::to_string(texts.size()));
  for (const std::string& text : texts) append_counted(bytes, text);
}

void append_rules(std::string& bytes, const VariationRules& rules) {
  append_counted(bytes, "variations");
  append_list(bytes, rules.inherited);
  append_counted(bytes, rules.moved == MovedChild::send ? "send" : "park");
  for (const Relationship& relationship : rules.relationships) {
    append_counted(bytes, relationship.name);
    append_list(bytes, relationship.templates);
    append_list(bytes, relationship.item_classes);
    for (const VariationAttribute& attribute : relationship.attributes) {
      append_counted(bytes, attribute.name);
      append_counted(bytes, to_text(attribute.sources));
    }
  }
}

void append_rules(std::string& bytes, const BundleRules& rules) {
  append_counted(bytes, "bundles");
  append_counted(bytes, std::to_string(static_cast<int>(rules.revision)));
  append_counted(bytes, rules.revision_name);
  append_counted(bytes, rules.with_non_stock_components ? "with" : "without");
  append_counted(bytes, fmt::format("{} {}", rules.most_bundles, rules.most_with_component));
}

void append_rules(std::string& bytes, const WithdrawalRules& rules) {
  append_counted(bytes, "withdrawal");
  for (const WithdrawalStep step : rules.steps) append_counted(bytes, to_text(step));
  for (const auto& text : {rules.quantity_type, rules.label, rules.blocked_column}) append_counted(bytes, text);
}

// Columns in the order of the table; then each repetition of the shipping group; then the account's own; then those of
// families, bundles and withdrawals; then attributes.
std::pair<int, std::size_t> place(const ValueMapping& value) {
  if (value.is_attribute || value.column == nullptr) return {kMostRepetitions + 3, 0};
  if (value.role != ValueRole::mapped) return {kMostRepetitions + 2, 0};
  if (value.own) return {kMostRepetitions + 1, 0};
  return {value.repetition, static_cast<std::size_t>(value.column - columns().data())};
}

Error problem(std::string code, std::string message, std::string remedy) {
  return fail(std::move(code), std::move(message), std::move(remedy)).value();
}

void check_conditions(const ExportConditions& conditions, const Names& known, std::vector<Error>& errors) {
  if (conditions.classifications.empty()) {
    errors.push_back(problem("mapping.no_classification", "No item class is mapped to a Rithum classification.",
                             "Map at least one: without it nothing is exported."));
  }
  for (const auto& [item_class, classification] : conditions.classifications) {
    if (!known.empty() && !known.contains(classification)) {
      // Not quoted: configured texts may come from the environment, and messages do not show that.
      errors.push_back(problem("mapping.classification",
                               fmt::format("The classification of item class {} is not among references.classifications.",
                                           excerpt(item_class)),
                               "Write the name of a classification that exists in Rithum, or add it there."));
    }
    const auto fault = trim(classification).empty() ? "is empty" : cell_fault(classification);
    if (!fault) continue;
    errors.push_back(problem(
        "mapping.classification",
        fmt::format("The classification {} of item class {} {}.", excerpt(classification), excerpt(item_class), *fault),
        "Write the name of a classification that exists in Rithum."));
  }
  if (conditions.active.empty()) {
    errors.push_back(problem("mapping.no_active_box", "The mapping does not say where the \"Active on Rithum\" box is.",
                             "Name its source, such as custom:ItemSettings.UsrActiveOnRithum."));
  }
}

void check_relationship(const Relationship& relationship, const Names& known, std::vector<Error>& errors) {
  const std::string name = excerpt(relationship.name);
  const auto check = [&](bool fine, const char* fault, const char* remedy) {
    if (!fine) errors.push_back(problem("mapping.relationship", fmt::format("Relationship {} {}.", name, fault), remedy));
  };
  check(!trim(relationship.name).empty() && !cell_fault(relationship.name) && utf16_length(relationship.name) <= 50,
        "has no name that a feed can hold", "Write the name as Rithum shows it, at most 50 characters.");
  check(known.empty() || known.contains(relationship.name), "is not among references.relationships",
        "Add it there once it is set up in Rithum, or correct its name.");
  check(!relationship.attributes.empty(), "has no attributes", "Name those in which its products differ.");
  check(!relationship.templates.empty() || !relationship.item_classes.empty(), "is used by no template",
        "Name item classes or templates.");
  for (const VariationAttribute& attribute : relationship.attributes) {
    check(!attribute.sources.empty() && attribute.name.find(',') == std::string::npos,
          "has an attribute without a source, or with a comma in its name", "Correct the attribute.");
  }
}

void check_variations(const VariationRules& rules, const Names& known, std::vector<Error>& errors) {
  if (rules.relationships.empty()) {
    errors.push_back(problem("mapping.no_relationship", "Variations are mapped without any relationship.",
                             "Add one under relationships."));
  }
  for (const Relationship& relationship : rules.relationships) check_relationship(relationship, known, errors);
  for (const std::string& name : rules.inherited) {
    if (find_column(name) != nullptr) continue;
    errors.push_back(problem("mapping.inherited", fmt::format("{} is no column that can be inherited.", excerpt(name)),
                             "Name a column of Rithum's standard spreadsheet."));
  }
}

void check_name(const ValueMapping& value, std::vector<Error>& errors) {
  if (value.is_attribute) {
    const auto fault = trim(value.name).empty() ? "is empty" : cell_fault(value.name);
    if (!fault) return;
    errors.push_back(problem("mapping.attribute_name",
                             fmt::format("The attribute name {} {}.", excerpt(value.name), *fault),
                             "Write the attribute's name as Rithum shows it."));
  } else if (value.own && !may_be_own_header(value.name)) {
    errors.push_back(problem("mapping.own_column",
                             fmt::format("{} cannot be the header of an account's own column.", excerpt(value.name)),
                             "Write the header as the account's template maps it; standard columns stand under columns."));
  } else if (is_written_by_feed(value.name)) {
    errors.push_back(problem("mapping.column",
                             fmt::format("The column {} is written by the feed itself.", excerpt(value.name)),
                             "Remove it from the mapping."));
  } else if (value.column == nullptr || value.column->name != value.name) {
    errors.push_back(problem("mapping.column",
                             fmt::format("{} is not a column of Rithum's standard spreadsheet.", excerpt(value.name)),
                             "Use one of its headers, or map an attribute."));
  }
}

void check_value(const ValueMapping& value, const Policies& site, std::vector<Error>& errors) {
  if (value.role != ValueRole::mapped) return;
  check_name(value, errors);
  if (value.column == nullptr) return;
  if (value.clearable && !value.column->clearable) {
    errors.push_back(problem("mapping.not_clearable",
                             fmt::format("The column {} cannot be cleared by a file.", excerpt(value.name)),
                             "Remove its clear policy."));
  }
  if (value.repetition < 1 || value.repetition > (value.column->is_repeatable ? kMostRepetitions : 1)) {
    errors.push_back(
        problem("mapping.repetition",
                fmt::format("The column {} cannot stand {} times in a row.", excerpt(value.name), value.repetition),
                fmt::format("The shipping group may be repeated, up to {} times.", kMostRepetitions)));
  }
  if (value.sources.empty()) {
    errors.push_back(
        problem("mapping.no_source", fmt::format("{} has no source.", excerpt(value.name)), "Name at least one."));
  }
  for (const std::string_view constant : constants(value.sources)) {
    const auto made = make_value(*value.column, constant);
    const bool parks = !made && Judgement(value.policies, site, {}).policy(made.error().code) == Policy::park;
    if (!parks) continue;
    errors.push_back(problem("mapping.constant",
                             fmt::format("The constant of {}: {}", excerpt(value.name), made.error().message),
                             made.error().remedy));
  }
}

}  // namespace

std::string ValueMapping::key() const {
  if (is_attribute) return "attribute:" + name;
  return repetition == 1 ? name : fmt::format("{} ({})", name, repetition);
}

Needs Mapping::needs() const {
  Needs needs;
  needs.fields.assign(std::begin(kKindFields), std::end(kKindFields));
  add_needs(conditions, needs);
  for (const ValueMapping& value : values) add_needs(value.sources, needs);
  if (variations) {
    for (const Relationship& relationship : variations->relationships) {
      for (const VariationAttribute& attribute : relationship.attributes) add_needs(attribute.sources, needs);
    }
  }
  if (bundles) {
    for (const auto* unit : {"BaseUOM", "SalesUOM"}) needs.add_field(unit);
    needs.details["UOMConversions"].insert({"FromUOM", "MultiplyOrDivide", "ConversionFactor", "ToUOM"});
  }
  std::ranges::sort(needs.fields);
  std::ranges::sort(needs.custom_fields);
  return needs;
}

std::string Mapping::fingerprint() const {
  std::string bytes;
  append_counted(bytes, kRulesVersion);
  append(bytes, conditions);
  append(bytes, policies);
  for (const Names* names : {&references.classifications, &references.suppliers, &references.relationships,
                             &references.distribution_centers}) {
    append(bytes, *names);
  }
  for (const ValueMapping& value : values) append(bytes, value);
  if (variations) append_rules(bytes, *variations);
  if (bundles) append_rules(bytes, *bundles);
  if (!withdrawal.steps.empty()) append_rules(bytes, withdrawal);
  if (non_stock_items) append_counted(bytes, "non-stock items");
  return to_hex(sha256(bytes));
}

void Mapping::arrange() {
  add_assembly_values(*this);
  add_withdrawal_values(*this);
  std::ranges::stable_sort(values, {}, place);
}

std::vector<Error> Mapping::check() const {
  std::vector<Error> errors;
  check_conditions(conditions, references.classifications, errors);
  if (variations) check_variations(*variations, references.relationships, errors);
  std::set<std::string> seen;
  for (const ValueMapping& value : values) {
    check_value(value, policies, errors);
    if (seen.insert(to_lower_ascii(value.key())).second) continue;
    errors.push_back(problem("mapping.twice", fmt::format("{} is mapped twice.", excerpt(value.name)),
                             "Give one mapping several sources instead; the first that is not empty counts."));
  }
  for (const auto& [quantity, type, because] : quantity_columns()) {
    if (!seen.contains(to_lower_ascii(quantity)) || seen.contains(to_lower_ascii(type))) continue;
    errors.push_back(problem("mapping.no_update_type",
                             fmt::format("The column \"{}\" is mapped without \"{}\": {}.", quantity, type, because),
                             "Map both or neither."));
  }
  if (!std::ranges::is_sorted(values, {}, place)) {
    errors.push_back(problem("mapping.order", "The values are not in feed order.", "Call arrange() first."));
  }
  return errors;
}

}  // namespace product_sync::catalog
