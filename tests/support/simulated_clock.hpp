#pragma once

#include <atomic>
#include <set>

#include "base/clock.hpp"

namespace product_sync {

/// A clock that stands still until a test moves it. Waits end when the hands pass their deadline.
class SimulatedClock final : public Clock {
 public:
  explicit SimulatedClock(Instant start = Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}});

  [[nodiscard]] Instant now() const override;
  [[nodiscard]] Monotonic monotonic() const override;
  WaitEnd wait(Wake& wake, Monotonic deadline, std::stop_token stop) override;

  void advance(std::chrono::nanoseconds by);

  /// Blocks until `count` threads are waiting on this clock: the point at which moving it is deterministic.
  void await_waiters(std::size_t count);

 private:
  const Instant start_;
  std::atomic<std::chrono::nanoseconds> elapsed_{std::chrono::nanoseconds{0}};
  std::mutex mutex_;  // guards waiting_; never taken while a Wake's mutex is held
  std::condition_variable_any changed_;
  std::multiset<Wake*> waiting_;
};

}  // namespace product_sync
