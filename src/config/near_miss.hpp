#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace product_sync::config {

/// The candidate that was probably meant by `wrong`: a few letters away, or with a word that is (`prefx` ->
/// `mode_prefix`), or the beginning of one (`warn` -> `warning`). Case, `-`, `_` and blanks do not count. Empty when
/// none is near.
[[nodiscard]] std::string nearest(std::string_view wrong, const std::vector<std::string_view>& candidates);

}  // namespace product_sync::config
