#pragma once

#include <string>
#include <string_view>

namespace product_sync::rithum {

/// What Rithum says of a row, for a person: its beginning, in one line of valid UTF-8. No encoding of its answers is
/// documented; what is no UTF-8 loses the bytes beyond ASCII.
[[nodiscard]] std::string row_reason(std::string_view text);

}  // namespace product_sync::rithum
