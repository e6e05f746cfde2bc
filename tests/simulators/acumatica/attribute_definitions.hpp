#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acumatica_sim {

/// An attribute definition (CS205000). Definitions are fixed: a client cannot change a label.
struct AttributeDefinition {
  enum class Control { text, combo, multi, checkbox };
  struct Choice {
    std::string_view id;
    std::string_view label;
  };
  std::string_view id;
  std::string_view description;
  Control control;
  std::vector<Choice> choices;
};
[[nodiscard]] const std::vector<AttributeDefinition>& attribute_definitions();

/// Finds a definition by its id or its name: both are accepted on write (acumatica.md §2.7).
[[nodiscard]] const AttributeDefinition* find_attribute(std::string_view id_or_description);

/// The internal value and the label for what a client wrote (either of them); none = not among the choices.
struct AttributeValue {
  std::string value;
  std::string label;
};
[[nodiscard]] std::optional<AttributeValue> attribute_value(const AttributeDefinition& definition,
                                                            std::string_view written);

}  // namespace acumatica_sim
