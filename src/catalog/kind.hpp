#pragma once

#include <optional>
#include <string_view>

namespace product_sync::catalog {

/// What a product is to Rithum (rithum.md §3.1, §3.2), in the order of a feed: whatever a row refers to stands before it.
enum class ProductKind {
  parent,  ///< a variation parent, made of a template item: cannot be bought itself
  item,    ///< stands alone
  child,   ///< a variation of a parent
  kit,     ///< a bundle of other products; may be a variation too
};

/// `parent`, `item`, `child`, `kit`.
[[nodiscard]] std::string_view to_text(ProductKind kind);
[[nodiscard]] std::optional<ProductKind> parse_product_kind(std::string_view text);

/// Rows of a lower rank come first in a feed, and in an earlier file when it is split.
[[nodiscard]] constexpr int feed_rank(ProductKind kind) { return static_cast<int>(kind); }

/// Whether Rithum works out the quantity itself, so that a row must leave it blank: a parent has none, a bundle's follows
/// from its components (rithum.md §2.5, §3.1).
[[nodiscard]] constexpr bool has_no_quantity(ProductKind kind) {
  return kind == ProductKind::parent || kind == ProductKind::kit;
}

}  // namespace product_sync::catalog
