#pragma once

#include <cstddef>
#include <string_view>

namespace product_sync {

/// Letters to insert, remove, replace or swap with their neighbour to make one text of the other.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace product_sync
