#pragma once

#include <string>
#include <string_view>

namespace acumatica_sim {

/// Text as the simulated database compares it: ASCII letters without case, trailing blanks without weight, the rest by
/// byte. It differs from byte order on purpose: a client must take the server's last row, never compute a maximum
/// (acumatica.md §2.5).
[[nodiscard]] int collate(std::string_view left, std::string_view right);

struct CollationLess {
  using is_transparent = void;
  bool operator()(std::string_view left, std::string_view right) const { return collate(left, right) < 0; }
};

[[nodiscard]] std::string_view trim_right(std::string_view text);
[[nodiscard]] std::string folded(std::string_view text);

}  // namespace acumatica_sim
