#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "catalog/column.hpp"
#include "catalog/condition.hpp"
#include "catalog/expression.hpp"
#include "config/reading.hpp"

/// The mapping language in YAML; docs/mapping.md describes it. Whatever is read without problem is written back in a
/// form that reads as the same.
namespace product_sync::config {

/// Where an expression stands.
struct Surroundings {
  const catalog::Column* column = nullptr;  ///< whose usual source `default` names; null: there is none
  bool of_rows = false;                     ///< rows of a detail are walked, so that `row:` has a meaning
};

/// Each is absent after a problem.
[[nodiscard]] std::optional<catalog::Source> read_source(const Value& value, const Surroundings& around);
[[nodiscard]] std::optional<catalog::Condition> read_condition(const Value& value, const Surroundings& around);
[[nodiscard]] std::optional<catalog::Expression> read_expression(const Value& value, const Surroundings& around);
/// One expression, or a list in order of preference.
[[nodiscard]] std::optional<catalog::Sources> read_sources(const Value& value, const Surroundings& around);

/// An expression in its long form, a group of keys, of which the caller reads `others` by itself.
[[nodiscard]] std::optional<catalog::Expression> read_long_form(const Value& value, const Surroundings& around,
                                                                const std::vector<std::string_view>& others);

[[nodiscard]] Node condition_node(const catalog::Condition& condition);
[[nodiscard]] Node expression_node(const catalog::Expression& expression);
[[nodiscard]] Node sources_node(const catalog::Sources& sources);

/// A group of keys with texts behind them.
[[nodiscard]] Node group_node();
void add_entry(Node& group, std::string_view key, Node value);

/// Texts by name, compared without case; at least one. Absent after a problem.
[[nodiscard]] std::optional<catalog::LookupTable> read_table(const Value& value, std::string_view expected);
[[nodiscard]] Node table_node(const catalog::LookupTable& table);

}  // namespace product_sync::config
