#include "base/log_sampler.hpp"

#include <utility>

namespace product_sync {

std::optional<std::uint64_t> LogSampler::take(std::string_view kind, Monotonic now) {
  const std::lock_guard lock(mutex_);
  const auto found = kinds_.find(kind);
  if (found == kinds_.end()) {
    kinds_.emplace(kind, Kind{now + interval_, 0});
    return 0;
  }
  auto& [next, held_back] = found->second;
  if (now < next) {
    ++held_back;
    return std::nullopt;
  }
  next = now + interval_;
  return std::exchange(held_back, 0);
}

}  // namespace product_sync
