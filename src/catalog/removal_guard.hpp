#pragma once

#include <chrono>
#include <cstdint>

namespace product_sync::catalog {

/// How many products may be withdrawn before a person has to look: a wrong filter, a right taken away or an emptied tenant
/// would otherwise take a shop off all channels.
struct RemovalGuard {
  std::uint64_t always_allowed = 10;  ///< so few are never held back, whatever share they are
  std::uint64_t most = 200;
  std::uint64_t most_percent = 10;  ///< of the products that Rithum was told of
  /// Withdrawals of so long before count too: what a mistake takes away may come in many small runs. 0: each run by itself.
  std::chrono::hours within{24};

  /// Whether so many withdrawals of `known` products have to be confirmed.
  [[nodiscard]] constexpr bool holds(std::uint64_t withdrawals, std::uint64_t known) const {
    if (withdrawals <= always_allowed) return false;
    return withdrawals > most || withdrawals * 100 > known * most_percent;
  }
};

}  // namespace product_sync::catalog
