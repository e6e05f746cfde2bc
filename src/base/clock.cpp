#include "base/clock.hpp"

#include <utility>

namespace product_sync {

void Wake::notify() {
  {
    const std::lock_guard lock(mutex_);
    notified_ = true;
  }
  condition_.notify_all();
}

WaitEnd Clock::sleep(std::chrono::nanoseconds duration, std::stop_token stop) {
  Wake nobody;
  return wait(nobody, monotonic() + std::chrono::duration_cast<Monotonic::duration>(duration), std::move(stop));
}

Instant SystemClock::now() const {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

Monotonic SystemClock::monotonic() const { return std::chrono::steady_clock::now(); }

WaitEnd SystemClock::wait(Wake& wake, Monotonic deadline, std::stop_token stop) {
  std::unique_lock lock(wake.mutex_);
  const bool woken = wake.condition_.wait_until(lock, stop, deadline, [&] { return wake.notified_; });
  if (stop.stop_requested()) return WaitEnd::stopped;
  if (!woken) return WaitEnd::deadline;
  wake.notified_ = false;
  return WaitEnd::woken;
}

}  // namespace product_sync
