#include "schedule/jitter.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "base/digest.hpp"

namespace product_sync::schedule {

std::chrono::seconds jitter(std::string_view identity, Instant occurrence, std::chrono::seconds most) {
  if (most.count() <= 0) return std::chrono::seconds{0};
  const auto digest = sha256(fmt::format("{}@{}", identity, occurrence.time_since_epoch().count()));
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8U | digest[i];
  return std::chrono::seconds{static_cast<std::int64_t>(number % (static_cast<std::uint64_t>(most.count()) + 1))};
}

}  // namespace product_sync::schedule
