#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace product_sync {

/// With the standard alphabet and padding.
[[nodiscard]] std::string to_base64(std::string_view bytes);

/// Reads the standard alphabet, padded or not. Nothing when it is anything else.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace product_sync
