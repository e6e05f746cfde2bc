#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace product_sync::sync {

/// The beginning of a body, at most `bytes` long, as it may be kept: `***` for the values of fields that carry secrets
/// (`password`, `access_token`, …; in JSON and in forms) and for the secrets themselves wherever they stand. What is not
/// UTF-8 is told by its size alone.
[[nodiscard]] std::string redacted_body(std::string_view body, std::span<const Secret> secrets, std::size_t bytes);

/// A text of ours, such as an error or a target, without these secrets.
[[nodiscard]] std::string without_secrets(std::string text, std::span<const Secret> secrets);

}  // namespace product_sync::sync
