#include <fmt/format.h>

#include "catalog/column.hpp"
#include "catalog/rules.hpp"
#include "config/config.hpp"

/// What the tables of columns and rules write: docs/columns.md.
namespace product_sync::config {
namespace {

using catalog::Column;
using catalog::Policy;

constexpr std::string_view kIntroduction = R"(# Columns

<!-- Written from the column table, src/catalog/column.cpp, and the rules, src/catalog/rules.cpp; a test compares. Do not edit by hand. -->

Every column of Rithum's standard spreadsheet that a mapping may fill. Nothing is mapped by default: *usual source* is what the word `default` stands for in a
mapping. *Clearable* columns may be emptied in Rithum, where their mapping says `clearable: true`; others keep their last value. Sections are those of the
facts collected about Rithum's files; *header* means that only the column's name is documented.

The feed fills by itself: `Inventory Number` (the key, at most 50 characters), `Classification`, the columns of families and bundles, and a pair
`AttributeNName`, `AttributeNValue` for each mapped attribute. Headers that an account maps in a template of its own have their rules in the configuration:
[mapping.md](mapping.md#columns-of-the-account).

| column | type | limit | usual source | clearable | rule and its source |
|---|---|---|---|---|---|
)";

constexpr std::string_view kRules = R"(
## Rules

A value that breaks a rule parks its product, with the code, the value, the limit and the remedy. `mapping.violations` names another policy for a rule, and
`violations` of one column for that column. `shorten` ends a text with an ellipsis at a word and keeps the first entries of a list; `drop` leaves the value out,
and of a list the entry; `send` sends it all the same.

| code | policies | what it asks |
|---|---|---|
)";

constexpr std::string_view kFixedRules = R"(
## Rules without a policy

These park a product whatever the configuration says: sent all the same, it would be refused, or harm another one.

| code | what is wrong |
|---|---|
)";

std::string_view to_text(catalog::ColumnType type) {
  constexpr std::string_view kNames[] = {
      "text",    "HTML", "money", "decimal", "whole number", "boolean",           "choice",
      "UPC/EAN", "ISBN", "ASIN",  "labels",  "pictures",     "quantities by code"};
  return kNames[static_cast<std::size_t>(type)];
}

std::string limit_of(const Column& column) {
  if (!column.choices.empty()) return fmt::format("{}", fmt::join(column.choices, ", "));
  if (column.longest > 0) return fmt::format("{} characters", column.longest);
  return "";
}

std::string code(std::string_view text) { return text.empty() ? "" : fmt::format("`{}`", text); }

}  // namespace

std::string columns_page() {
  std::string page(kIntroduction);
  for (const Column& column : catalog::columns()) {
    page += fmt::format("| {}{} | {} | {} | {} | {} | {} |\n", column.name, column.is_repeatable ? " (repeatable)" : "",
                        to_text(column.type), limit_of(column), code(column.usual_source),
                        column.clearable ? "yes" : "no", column.rule);
  }
  const Column& attribute = catalog::attribute_column();
  page += fmt::format("| any attribute | {} | {} | | yes | {} |\n", to_text(attribute.type), limit_of(attribute),
                      attribute.rule);
  page += kRules;
  for (const auto& rule : catalog::rules()) {
    std::string policies;
    for (const Policy policy : catalog::kPolicies) {
      if (rule.allows(policy))
        policies += fmt::format("{}`{}`", policies.empty() ? "" : ", ", catalog::to_text(policy));
    }
    page += fmt::format("| `{}` | {} | {} |\n", rule.code, policies, rule.help);
  }
  page += kFixedRules;
  for (const auto& rule : catalog::fixed_rules()) page += fmt::format("| `{}` | {} |\n", rule.code, rule.help);
  return page;
}

}  // namespace product_sync::config
