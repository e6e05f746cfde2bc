#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace rithum_simulator {

/// One character at the front of a text.
struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
};

/// The first character of `text`; none when it is not well-formed UTF-8 (overlong forms, surrogates and cut characters
/// are not) or empty.
[[nodiscard]] std::optional<Character> first_character(std::string_view text);

/// Length in UTF-16 units of a well-formed text.
[[nodiscard]] std::size_t utf16_length(std::string_view text);

}  // namespace rithum_simulator
