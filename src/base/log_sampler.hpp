#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace product_sync {

/// Keeps events that strangers can cause from filling the log: lets one of a kind through in each interval, with the
/// number of those that were held back since the last one. Kinds must be few. Thread-safe.
class LogSampler {
 public:
  explicit LogSampler(std::chrono::milliseconds interval = std::chrono::seconds{10}) : interval_(interval) {}

  /// Absent: do not log this one.
  [[nodiscard]] std::optional<std::uint64_t> take(std::string_view kind, Monotonic now);

 private:
  struct Kind {
    Monotonic next;
    std::uint64_t held_back = 0;
  };
  const std::chrono::milliseconds interval_;
  std::mutex mutex_;
  std::map<std::string, Kind, std::less<>> kinds_;  // guarded by mutex_
};

}  // namespace product_sync
