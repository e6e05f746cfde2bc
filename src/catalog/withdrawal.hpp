#pragma once

#include <optional>

#include "catalog/comparison.hpp"

namespace product_sync::catalog {

/// The content hash of a product whose last row is a withdrawal: that of no product.
inline constexpr std::string_view kWithdrawnContent = "withdrawn";

/// Completes the mapping by the columns that its withdrawal rules need and nothing else fills.
void add_withdrawal_values(Mapping& mapping);

/// Whether the rules have something to say of such a product: a quantity says nothing of parents and bundles.
[[nodiscard]] bool can_withdraw(const WithdrawalRules& rules, ProductKind kind);

/// The row that withdraws a product: the columns of the rules, and blank cells, which change nothing, for all others.
/// None when there is nothing to say. `told` is what Rithum was told of it.
[[nodiscard]] std::optional<Difference> withdraw(const Sku& sku, ProductKind kind, const Mapping& mapping,
                                                 const ToldValues& told);

/// The row that brings a withdrawn product back: all of its values, and what takes the withdrawal back. What Rithum was
/// told is then what it would be had the product never been withdrawn; but for the quantity where the mapping has none:
/// that comes from whoever sends quantities.
[[nodiscard]] Difference reinstate(const Product& product, const Mapping& mapping, const ToldValues& told);

}  // namespace product_sync::catalog
