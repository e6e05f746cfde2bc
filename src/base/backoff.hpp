#pragma once

#include <chrono>

namespace product_sync {

/// Exponential backoff with jitter.
struct Backoff {
  std::chrono::milliseconds first{500};
  std::chrono::milliseconds longest{60'000};
  double factor = 2.0;
  double jitter = 0.2;  ///< share of the delay that is random, both ways
};

/// The pause before attempt `attempt` + 1, `attempt` counting the failed ones from 1. `random` is uniform in [0, 1).
[[nodiscard]] std::chrono::milliseconds delay_after(const Backoff& backoff, int attempt, double random);

/// A uniform number in [0, 1), for the callers of delay_after.
[[nodiscard]] double random_unit();

}  // namespace product_sync
