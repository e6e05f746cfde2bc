#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "product_entity.hpp"

namespace rithum_simulator {

/// A parsed `$filter`: comparisons (eq ne gt ge lt le) joined by `and`, `or` and parentheses (rithum.md §5.3).
class Filter {
 public:
  /// Gives the value of a property of the product under test.
  using Values = std::function<nlohmann::json(const Property&)>;

  /// nullopt with `error` filled when the text is malformed or names an unknown property.
  [[nodiscard]] static std::optional<Filter> parse(std::string_view text, std::string& error);

  [[nodiscard]] bool matches(const Values& values) const { return matches(root_, values); }
  /// When only products with certain SKUs can match: those SKUs.
  [[nodiscard]] std::optional<std::vector<std::string>> skus() const { return skus(root_); }

 private:
  friend class FilterParser;
  enum class Operator : std::uint8_t { eq, ne, gt, ge, lt, le };
  enum class NodeKind : std::uint8_t { all_of, any_of, comparison };
  struct Node {
    NodeKind kind = NodeKind::comparison;
    std::vector<Node> children;
    const Property* property = nullptr;
    Operator op = Operator::eq;
    nlohmann::json literal;
    bool always = false;  // a date written in a form the service ignores
  };

  [[nodiscard]] static bool matches(const Node& node, const Values& values);
  [[nodiscard]] static bool compare(const Node& node, nlohmann::json value);
  [[nodiscard]] static std::optional<std::vector<std::string>> skus(const Node& node);

  Node root_;
};

}  // namespace rithum_simulator
