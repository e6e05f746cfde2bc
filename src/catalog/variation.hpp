#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "catalog/expression.hpp"
#include "catalog/item.hpp"
#include "catalog/reason.hpp"

namespace product_sync::catalog {

/// An attribute in which the products of a family differ.
struct VariationAttribute {
  std::string name;  ///< in Rithum, exactly as the relationship there has it (rithum.md §3.1)
  Sources sources;   ///< of a child's value
};

/// A variation relationship that is set up in Rithum, and the templates that use it.
struct Relationship {
  std::string name;
  std::vector<VariationAttribute> attributes;
  std::vector<std::string> templates;     ///< inventory IDs
  std::vector<std::string> item_classes;  ///< of templates that no relationship names
};

/// The two generations of headers by which Rithum learns of families (rithum.md §2.3).
enum class FamilyHeaders {
  classic,  ///< `Relationship Name`, `Variation Parent SKU`
  vary_by,  ///< `SKU Type`, `Vary By`, `Parent SKU`
};

/// What to do with a child that Rithum has under another parent: how a file changes that is not documented (rithum.md §3.1).
enum class MovedChild { park, send };

/// How templates and their matrix items become variation parents and children (M3).
struct VariationRules {
  std::vector<Relationship> relationships;
  FamilyHeaders headers = FamilyHeaders::classic;
  MovedChild moved = MovedChild::park;
  /// Columns that a child takes from its template where its own value is empty or zero (acumatica.md §2.7).
  std::vector<std::string> inherited{"Buy It Now Price", "Retail Price"};
};

/// The relationship of the family of `template_id`: the one that names the template, else the one that names the item
/// class; null when there is none. Compared trimmed and without case.
[[nodiscard]] const Relationship* find_relationship(const VariationRules& rules, std::string_view template_id,
                                                    std::string_view item_class);

/// A child's values of the relationship's attributes, in its order; or what is wrong with them: `variation.value_missing`
/// and the codes of make_value().
[[nodiscard]] std::variant<std::vector<std::string>, std::vector<Reason>> variation_values(
    const Item& item, const Relationship& relationship);

/// `Color=Red, Size=M`, for people and to tell children apart.
[[nodiscard]] std::string combination(const Relationship& relationship, const std::vector<std::string>& values);

}  // namespace product_sync::catalog
