#pragma once

#include <mutex>
#include <vector>

#include "base/clock.hpp"

namespace product_sync {

/// A clock on which every wait is over at once, and moves the hands by what it would have taken. For code that waits
/// alone, such as between attempts; it knows nothing of Wake.
class AdvancingClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override {
    return kStart + std::chrono::duration_cast<std::chrono::microseconds>(monotonic().time_since_epoch());
  }
  [[nodiscard]] Monotonic monotonic() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  WaitEnd wait(Wake&, Monotonic deadline, std::stop_token stop) override {
    if (stop.stop_requested()) return WaitEnd::stopped;
    const std::lock_guard lock(mutex_);
    if (deadline > now_) {
      waits_.push_back(std::chrono::ceil<std::chrono::milliseconds>(deadline - now_));
      now_ = deadline;
    }
    return WaitEnd::deadline;
  }

  void advance(std::chrono::nanoseconds by) {
    const std::lock_guard lock(mutex_);
    now_ += std::chrono::duration_cast<Monotonic::duration>(by);
  }

  /// How long each wait so far would have taken.
  [[nodiscard]] std::vector<std::chrono::milliseconds> waits() const {
    const std::lock_guard lock(mutex_);
    return waits_;
  }

 private:
  static constexpr Instant kStart{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};
  mutable std::mutex mutex_;
  Monotonic now_{};
  std::vector<std::chrono::milliseconds> waits_;
};

}  // namespace product_sync
