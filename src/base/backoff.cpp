#include "base/backoff.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace product_sync {

std::chrono::milliseconds delay_after(const Backoff& backoff, int attempt, double random) {
  const double longest = static_cast<double>(backoff.longest.count());
  const double plain = static_cast<double>(backoff.first.count()) * std::pow(backoff.factor, std::max(attempt, 1) - 1);
  const double spread = 1.0 + backoff.jitter * (2.0 * random - 1.0);
  return std::chrono::milliseconds{static_cast<std::int64_t>(std::min(plain, longest) * spread)};
}

double random_unit() {
  thread_local std::mt19937_64 engine{std::random_device{}()};
  return std::uniform_real_distribution<double>{0.0, 1.0}(engine);
}

}  // namespace product_sync
