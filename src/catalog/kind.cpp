#include "catalog/kind.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace product_sync::catalog {
namespace {

constexpr std::array kNames{
    std::pair{ProductKind::parent, std::string_view("parent")},
    std::pair{ProductKind::item, std::string_view("item")},
    std::pair{ProductKind::child, std::string_view("child")},
    std::pair{ProductKind::kit, std::string_view("kit")},
};

}  // namespace

std::string_view to_text(ProductKind kind) {
  return std::ranges::find(kNames, kind, [](const auto& name) { return name.first; })->second;
}

std::optional<ProductKind> parse_product_kind(std::string_view text) {
  const auto* const found = std::ranges::find(kNames, text, [](const auto& name) { return name.second; });
  if (found == kNames.end()) return std::nullopt;
  return found->first;
}

}  // namespace product_sync::catalog
