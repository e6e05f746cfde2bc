#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

namespace product_sync::testing {

/// The seed of a random test: a new one each time, or PRODUCT_SYNC_TEST_SEED to repeat a failure. Print it:
/// `CAPTURE(seed)`.
inline std::uint64_t random_seed() {
  if (const char* const wanted = std::getenv("PRODUCT_SYNC_TEST_SEED")) return std::stoull(wanted);
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

}  // namespace product_sync::testing
