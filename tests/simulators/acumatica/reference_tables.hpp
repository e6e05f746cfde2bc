#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "seeded.hpp"

// Item classes and sales categories: what items refer to.

namespace acumatica_sim {

using Words = std::array<std::string_view, 8>;

struct ItemClass {
  std::string_view id;
  std::string_view description;
  Words nouns;  ///< what items of the class are called
};
[[nodiscard]] std::span<const ItemClass> item_classes();

/// Sales categories have the ids 10 to 99; those that end in 0 are roots, the others lie below the root of their ten.
constexpr std::uint64_t kCategories = 90;
[[nodiscard]] constexpr std::uint64_t category_id(std::uint64_t index) { return index + 9; }
[[nodiscard]] std::string category_name(std::uint64_t id);

}  // namespace acumatica_sim
