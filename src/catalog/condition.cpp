#include "catalog/condition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <compare>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "catalog/decimal.hpp"
#include "catalog/text.hpp"
#include "catalog/value.hpp"

namespace product_sync::catalog {
namespace {

using Operands = OperatorForm::Operands;

constexpr OperatorForm kForms[] = {
    {Operator::is, "is", Operands::texts, "be"},
    {Operator::is_not, "is_not", Operands::texts, "be anything but"},
    {Operator::contains, "contains", Operands::texts, "contain"},
    {Operator::starts_with, "starts_with", Operands::texts, "start with"},
    {Operator::ends_with, "ends_with", Operands::texts, "end with"},
    {Operator::above, "above", Operands::number_or_date, "be above"},
    {Operator::at_least, "at_least", Operands::number_or_date, "be at least"},
    {Operator::below, "below", Operands::number_or_date, "be below"},
    {Operator::at_most, "at_most", Operands::number_or_date, "be at most"},
    {Operator::empty, "empty", Operands::boolean, "be empty"},
    {Operator::ticked, "ticked", Operands::boolean, "be ticked"},
};

// Numbers as numbers, dates as dates; none when the two are not of one kind.
std::optional<std::strong_ordering> compare(std::string_view a, std::string_view b) {
  const auto number_a = Decimal::parse(a);
  const auto number_b = Decimal::parse(b);
  if (number_a && number_b) return *number_a <=> *number_b;
  const auto date_a = parse_iso8601(a);
  const auto date_b = parse_iso8601(b);
  if (date_a && date_b) return *date_a <=> *date_b;
  return std::nullopt;
}

bool passes(std::string_view text, Operator op, std::string_view operand) {
  switch (op) {
    case Operator::is:
    case Operator::is_not:
      return same_without_case(text, operand);
    case Operator::contains:
      return to_lower_ascii(text).find(to_lower_ascii(operand)) != std::string::npos;
    case Operator::starts_with:
      return text.size() >= operand.size() && same_without_case(text.substr(0, operand.size()), operand);
    case Operator::ends_with:
      return text.size() >= operand.size() && same_without_case(text.substr(text.size() - operand.size()), operand);
    case Operator::empty:
      return text.empty() == (operand == "true");
    case Operator::ticked:
      return parse_boolean(text).value_or(false) == (operand == "true");
    default:
      break;
  }
  const auto order = compare(text, operand);
  if (!order) return false;
  if (op == Operator::above) return *order > 0;
  if (op == Operator::at_least) return *order >= 0;
  return op == Operator::below ? *order < 0 : *order <= 0;
}

bool holds(const Test& test, const Scope& scope) {
  const std::string_view text = trim(view(test.source, scope));
  const bool any = std::ranges::any_of(
      test.operands, [&](const std::string& operand) { return passes(text, test.op, trim(operand)); });
  return test.op == Operator::is_not ? !any : any;
}

bool holds(const Group& group, const Scope& scope) {
  const auto one = [&](const Condition& condition) { return catalog::holds(condition, scope); };
  switch (group.kind) {
    case Group::Kind::all:
      return std::ranges::all_of(group.conditions, one);
    case Group::Kind::any:
      return std::ranges::any_of(group.conditions, one);
    case Group::Kind::none:
      break;
  }
  return std::ranges::none_of(group.conditions, one);
}

std::string listed(const std::vector<std::string>& operands) {
  std::string text;
  for (const std::string& operand : operands) text += (text.empty() ? "" : " or ") + excerpt(operand);
  return text;
}

// `contain "A" or "B"`
std::string asked(const Test& test) {
  const OperatorForm& form = form_of(test.op);
  if (form.operands != Operands::boolean) return fmt::format("{} {}", form.must, listed(test.operands));
  return fmt::format("{}{}", test.operands.front() == "true" ? "" : "not ", form.must);
}

std::string found(const Test& test, const Scope& scope) {
  const std::string_view text = trim(view(test.source, scope));
  return text.empty() ? "it is empty" : "it is " + excerpt(text);
}

std::string why_not(const Test& test, const Scope& scope) {
  return fmt::format("{} must {}, and {}", to_text(test.source), asked(test), found(test, scope));
}

std::string why_not(const Group& group, const Scope& scope) {
  if (group.kind == Group::Kind::none) {
    const auto held = std::ranges::find_if(group.conditions, [&](const Condition& c) { return holds(c, scope); });
    return "this must not hold: " + to_text(*held);
  }
  std::string reasons;
  for (const Condition& condition : group.conditions) {
    auto reason = catalog::why_not(condition, scope);
    if (!reason) continue;
    if (group.kind == Group::Kind::all) return std::move(*reason);
    reasons += (reasons.empty() ? "" : "; ") + *reason;
  }
  return group.conditions.size() > 1 ? "none of these holds: " + reasons : reasons;
}

}  // namespace

std::span<const OperatorForm> operator_forms() { return kForms; }

const OperatorForm& form_of(Operator op) { return *std::ranges::find(kForms, op, &OperatorForm::op); }

bool is_number_or_date(std::string_view text) { return compare(trim(text), trim(text)).has_value(); }

bool holds(const Condition& condition, const Scope& scope) {
  return std::visit([&](const auto& form) { return holds(form, scope); }, condition.form);
}

std::optional<std::string> why_not(const Condition& condition, const Scope& scope) {
  if (holds(condition, scope)) return std::nullopt;
  return std::visit([&](const auto& form) { return why_not(form, scope); }, condition.form);
}

std::string to_text(const Condition& condition) {
  if (const auto* test = std::get_if<Test>(&condition.form)) {
    std::string operands;
    for (const std::string& operand : test->operands) operands += (operands.empty() ? "" : ", ") + json_quote(operand);
    return fmt::format("{} {} [{}]", json_quote(to_text(test->source)), form_of(test->op).name, operands);
  }
  const auto& group = std::get<Group>(condition.form);
  std::string parts;
  for (const Condition& part : group.conditions) parts += (parts.empty() ? "" : ", ") + to_text(part);
  constexpr std::string_view kNames[] = {"all", "any", "not"};
  return fmt::format("{} ({})", kNames[static_cast<std::size_t>(group.kind)], parts);
}

void add_needs(const Condition& condition, Needs& needs) {
  if (const auto* test = std::get_if<Test>(&condition.form)) return add_needs(test->source, needs);
  for (const Condition& part : std::get<Group>(condition.form).conditions) add_needs(part, needs);
}

}  // namespace product_sync::catalog
