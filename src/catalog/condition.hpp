#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "catalog/needs.hpp"
#include "catalog/source.hpp"

namespace product_sync::catalog {

/// How a test compares the text of its source. Texts are compared trimmed and without case; several operands mean any
/// of them.
enum class Operator : std::uint8_t {
  is,
  is_not,
  contains,
  starts_with,
  ends_with,
  above,  ///< this and the next three compare numbers or dates; what is neither does not pass
  at_least,
  below,
  at_most,
  empty,   ///< operand `true` or `false`
  ticked,  ///< operand `true` or `false`; what is no check box counts as not ticked
};

/// What an operator is called in the configuration, and what stands behind it.
struct OperatorForm {
  enum class Operands : std::uint8_t { texts, number_or_date, boolean };
  Operator op;
  std::string_view name;  ///< `at_least`
  Operands operands;
  std::string_view must;  ///< `be at least`, to follow "must"
};
[[nodiscard]] std::span<const OperatorForm> operator_forms();
[[nodiscard]] const OperatorForm& form_of(Operator op);

/// Whether `text` can stand behind `above` and its kind: a decimal number or an ISO 8601 date.
[[nodiscard]] bool is_number_or_date(std::string_view text);

struct Condition;

/// `{source: attribute:COLOR, is: [RED, BLUE]}`
struct Test {
  Source source;
  Operator op = Operator::is;
  std::vector<std::string> operands;
};

/// `{all: […]}`, `{any: […]}`, `{not: …}`
struct Group {
  enum class Kind : std::uint8_t { all, any, none };
  Kind kind = Kind::all;
  std::vector<Condition> conditions;
};

/// Something that holds for an item or does not.
struct Condition {
  std::variant<Test, Group> form;
};

[[nodiscard]] bool holds(const Condition& condition, const Scope& scope);

/// Why the condition does not hold, to follow "because": `attribute:COLOR must be "RED" or "BLUE", and it is "GREEN"`.
/// None when it holds.
[[nodiscard]] std::optional<std::string> why_not(const Condition& condition, const Scope& scope);

/// The condition in one line; two conditions of the same text are the same.
[[nodiscard]] std::string to_text(const Condition& condition);

void add_needs(const Condition& condition, Needs& needs);

}  // namespace product_sync::catalog
