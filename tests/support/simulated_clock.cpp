#include "support/simulated_clock.hpp"

namespace product_sync {

SimulatedClock::SimulatedClock(Instant start) : start_(start) {}

Instant SimulatedClock::now() const {
  return start_ + std::chrono::duration_cast<std::chrono::microseconds>(elapsed_.load());
}

Monotonic SimulatedClock::monotonic() const {
  return Monotonic{std::chrono::duration_cast<Monotonic::duration>(elapsed_.load())};
}

WaitEnd SimulatedClock::wait(Wake& wake, Monotonic deadline, std::stop_token stop) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.insert(&wake);
  }
  changed_.notify_all();
  WaitEnd end = WaitEnd::stopped;
  {
    std::unique_lock lock(wake.mutex_);
    wake.condition_.wait(lock, stop, [&] { return wake.notified_ || monotonic() >= deadline; });
    if (!stop.stop_requested()) end = wake.notified_ ? WaitEnd::woken : WaitEnd::deadline;
    if (end == WaitEnd::woken) wake.notified_ = false;
  }
  const std::lock_guard lock(mutex_);
  waiting_.erase(waiting_.find(&wake));
  return end;
}

void SimulatedClock::advance(std::chrono::nanoseconds by) {
  const std::lock_guard lock(mutex_);
  elapsed_ = elapsed_.load() + by;
  for (Wake* wake : waiting_) {
    {
      const std::lock_guard waiter(wake->mutex_);
    }  // a waiter is either before its check or blocked: no wake-up is lost
    wake->condition_.notify_all();
  }
}

void SimulatedClock::await_waiters(std::size_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_.size() >= count; });
}

}  // namespace product_sync
