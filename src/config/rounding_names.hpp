#pragma once

#include <string_view>

#include "catalog/expression.hpp"

namespace product_sync::config {

/// How the file names the ways to round.
struct RoundingName {
  std::string_view name;
  catalog::Rounding rounding;
};
inline constexpr RoundingName kRoundings[] = {{"half_up", catalog::Rounding::half_up},
                                              {"half_even", catalog::Rounding::half_even},
                                              {"up", catalog::Rounding::up},
                                              {"down", catalog::Rounding::down}};

}  // namespace product_sync::config
