#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "base/time.hpp"

namespace product_sync {

/// An event that cuts a wait short. Set by any thread; consumed by the one that waits on it.
class Wake {
 public:
  void notify();

 private:
  friend class SystemClock;
  friend class SimulatedClock;
  std::mutex mutex_;
  std::condition_variable_any condition_;
  bool notified_ = false;
};

enum class WaitEnd { deadline, woken, stopped };

/// The time, as a parameter. Thread-safe. Programs use SystemClock, tests a SimulatedClock that they move by hand.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
  [[nodiscard]] virtual Monotonic monotonic() const = 0;

  /// Blocks until `deadline`, until `wake` is notified (also when that happened before the call), or until a stop is asked.
  virtual WaitEnd wait(Wake& wake, Monotonic deadline, std::stop_token stop) = 0;

  /// wait() that nobody can wake.
  WaitEnd sleep(std::chrono::nanoseconds duration, std::stop_token stop);
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
  [[nodiscard]] Monotonic monotonic() const override;
  WaitEnd wait(Wake& wake, Monotonic deadline, std::stop_token stop) override;
};

}  // namespace product_sync
