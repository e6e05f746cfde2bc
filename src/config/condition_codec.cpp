#include <fmt/format.h>

#include <algorithm>

#include "config/codecs.hpp"
#include "config/expression_codec.hpp"
#include "config/near_miss.hpp"

namespace product_sync::config {
namespace {

using catalog::Condition;
using catalog::Group;
using catalog::OperatorForm;
using catalog::Test;

constexpr std::size_t kMostOperands = 1000;
constexpr std::string_view kForms =
    "a condition such as {source: attribute:COLOR, is: RED}, {all: […]}, {any: […]}, {not: …} or a list of conditions";

struct GroupName {
  std::string_view key;
  Group::Kind kind;
};
constexpr GroupName kGroups[] = {{"all", Group::Kind::all}, {"any", Group::Kind::any}, {"not", Group::Kind::none}};

const OperatorForm* find_operator(std::string_view name) {
  const auto forms = catalog::operator_forms();
  const auto found = std::ranges::find(forms, name, &OperatorForm::name);
  return found == forms.end() ? nullptr : &*found;
}

std::optional<std::vector<std::string>> read_operands(const Value& value, const OperatorForm& form) {
  using Operands = OperatorForm::Operands;
  constexpr std::string_view kExpected[] = {"a text or a list of texts", "a number or a date such as 2026-11-24",
                                            "true or false"};
  const auto expected = kExpected[static_cast<std::size_t>(form.operands)];
  const auto items = form.operands == Operands::texts ? value.items() : std::vector<Value>{value};
  if (items.empty() || items.size() > kMostOperands) {
    value.wrong(fmt::format("expected 1 to {} texts, found {}", kMostOperands, items.size()));
    return std::nullopt;
  }
  std::vector<std::string> operands;
  for (const auto& item : items) {
    auto text = item.text(expected);
    if (!text) return std::nullopt;
    const bool wrong = (form.operands == Operands::number_or_date && !catalog::is_number_or_date(*text)) ||
                       (form.operands == Operands::boolean && *text != "true" && *text != "false");
    if (wrong) {
      item.unexpected(expected);
      return std::nullopt;
    }
    operands.push_back(std::move(*text));
  }
  return operands;
}

std::optional<Condition> read_group(const Value& value, Group::Kind kind, const Surroundings& around) {
  const auto items = value.items();
  if (items.empty()) {
    value.wrong("expected at least one condition, found none");
    return std::nullopt;
  }
  Group group{kind, {}};
  for (const auto& item : items) {
    auto condition = read_condition(item, around);
    if (!condition) return std::nullopt;
    group.conditions.push_back(std::move(*condition));
  }
  return Condition{std::move(group)};
}

std::optional<Condition> read_test(const Value& value, const Surroundings& around) {
  const Entry* source = nullptr;
  const Entry* compared = nullptr;
  bool sound = true;
  for (const auto& entry : value.node().entries) {
    if (entry.key == "source") {
      source = &entry;
    } else if (find_operator(entry.key) != nullptr && compared == nullptr) {
      compared = &entry;
    } else {
      std::vector<std::string_view> known{"source", "all", "any", "not"};
      for (const auto& form : catalog::operator_forms()) known.push_back(form.name);
      const bool second = find_operator(entry.key) != nullptr;
      value.reading().problem(entry.at, join_path(value.path(), entry.key),
                              second ? "a condition compares once; write a list for several" : "unknown key",
                              second ? "" : nearest(entry.key, known));
      sound = false;
    }
  }
  if (!sound) return std::nullopt;
  if (source == nullptr || compared == nullptr) {
    value.unexpected(kForms);
    return std::nullopt;
  }
  auto read = read_source(value.entry(*source), around);
  const auto& form = *find_operator(compared->key);
  auto operands = read_operands(value.entry(*compared), form);
  if (!read || !operands) return std::nullopt;
  return Condition{Test{std::move(*read), form.op, std::move(*operands)}};
}

Node texts_node(const std::vector<std::string>& texts) {
  Node list;
  list.kind = Node::Kind::sequence;
  for (const auto& text : texts) list.items.push_back(escaped_text(text));
  return list.items.size() == 1 ? list.items.front() : list;
}

}  // namespace

std::optional<Condition> read_condition(const Value& value, const Surroundings& around) {
  if (value.node().kind == Node::Kind::sequence) return read_group(value, Group::Kind::all, around);
  if (value.node().kind != Node::Kind::map) {
    value.unexpected(kForms);
    return std::nullopt;
  }
  const auto& entries = value.node().entries;
  for (const auto& group : kGroups) {
    if (entries.size() == 1 && entries.front().key == group.key) {
      return read_group(value.entry(entries.front()), group.kind, around);
    }
  }
  return read_test(value, around);
}

Node condition_node(const Condition& condition) {
  Node node = group_node();
  if (const auto* test = std::get_if<Test>(&condition.form)) {
    add_entry(node, "source", escaped_text(catalog::to_text(test->source)));
    const auto& form = catalog::form_of(test->op);
    add_entry(node, form.name,
              form.operands == OperatorForm::Operands::boolean ? Node::scalar(test->operands.front())
                                                               : texts_node(test->operands));
    return node;
  }
  const auto& group = std::get<Group>(condition.form);
  Node list;
  list.kind = Node::Kind::sequence;
  for (const auto& part : group.conditions) list.items.push_back(condition_node(part));
  add_entry(node, std::ranges::find(kGroups, group.kind, &GroupName::kind)->key, std::move(list));
  return node;
}

}  // namespace product_sync::config
