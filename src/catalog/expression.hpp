#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "catalog/condition.hpp"
#include "catalog/date_pattern.hpp"
#include "catalog/decimal.hpp"
#include "catalog/detail_rows.hpp"
#include "catalog/lookup.hpp"
#include "catalog/measure.hpp"
#include "catalog/needs.hpp"
#include "catalog/source.hpp"
#include "catalog/text_template.hpp"

/// The mapping language as a tree of values: what docs/mapping.md describes and config/expression_codec.cpp reads.
namespace product_sync::catalog {

struct Expression;

/// Several expressions in order of preference: the first that gives more than white space counts.
using Sources = std::vector<Expression>;

/// The parts that are not empty, with the separator between. Of a detail or cross reference, each text is a part.
struct Join {
  Sources parts;
  std::string separator;
};

/// A list inside of another expression.
struct First {
  Sources options;
};

/// `NAME=VALUE` for each row of a detail that has both, separated by commas.
struct Pairs {
  DetailRows rows;
  Sources name;
  Sources value;
};

/// Replaces the text by what the table has for it.
struct Lookup {
  enum class Otherwise : std::uint8_t { fail, keep, other };
  LookupTable table;
  Otherwise otherwise = Otherwise::fail;  ///< for a text that is not in the table
  Sources other;                          ///< for Otherwise::other; none gives nothing
};

/// Brings a number from one unit to another, to kPlaces digits behind the point.
struct MeasureConversion {
  static constexpr int kPlaces = 12;
  std::variant<const Measure*, Source> from;  ///< a unit, or where its name stands
  const Measure* to = nullptr;
  LookupTable names;  ///< what the ERP calls units, beyond Measure::aliases
};

struct NumberFormat {
  std::optional<Decimal> times;
  int places = 2;
  Rounding rounding = Rounding::half_up;
  bool pad = true;  ///< with zeros to `places`
};

/// The item is at fault where a value is there and this does not hold.
struct Requirement {
  Condition condition;
};

using Step = std::variant<Requirement, Lookup, MeasureConversion, NumberFormat, DatePattern>;
using Origin = std::variant<Source, TextTemplate, Join, First, Pairs>;

/// How a text is made of an item: from its origin by the steps in their order, or nothing where `when` does not hold.
/// Steps are only taken with a text that is more than white space.
struct Expression {
  explicit Expression(Origin from) : origin(std::move(from)) {}
  Expression(Source source) : origin(std::move(source)) {}  // NOLINT(google-explicit-constructor): the simplest one

  Origin origin;
  std::optional<Condition> when;
  std::vector<Step> steps;
};

/// The expression in one line; two expressions of the same text are the same.
[[nodiscard]] std::string to_text(const Expression& expression);
[[nodiscard]] std::string to_text(const Sources& sources);

/// The constants among the sources that give a value just as they are.
[[nodiscard]] std::vector<std::string_view> constants(const Sources& sources);

void add_needs(const Expression& expression, Needs& needs);
void add_needs(const Sources& sources, Needs& needs);

}  // namespace product_sync::catalog
