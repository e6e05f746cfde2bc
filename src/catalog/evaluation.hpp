#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "catalog/expression.hpp"

/// What expressions give for an item. Pure: the same expression and item always give the same.
namespace product_sync::catalog {

/// A text that is lent by an item or a mapping, or that was made. Most values need no copy.
class Text {
 public:
  Text() = default;
  explicit Text(std::string_view lent) : text_(lent) {}
  explicit Text(std::string made) : text_(std::move(made)) {}

  [[nodiscard]] std::string_view view() const {
    const auto* made = std::get_if<std::string>(&text_);
    return made == nullptr ? std::get<std::string_view>(text_) : std::string_view(*made);
  }

 private:
  std::variant<std::string_view, std::string> text_;
};

/// The text, as valid as item, row and expression; empty or white space when there is none. Error codes
/// `value.not_in_table`, `value.unknown_unit`, `value.not_a_number`, `value.not_a_date`, `value.requirement`.
[[nodiscard]] Result<Text> evaluate(const Expression& expression, const Scope& scope);

/// Of the first that gives more than white space.
[[nodiscard]] Result<Text> evaluate(const Sources& sources, const Scope& scope);

/// The same for what may hold several values: each text of a detail or cross reference, each part of a join, each of
/// the pairs. None is blank.
[[nodiscard]] Result<std::vector<std::string>> evaluate_all(const Expression& expression, const Scope& scope);

}  // namespace product_sync::catalog
