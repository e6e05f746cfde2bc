#pragma once

#include <chrono>
#include <deque>
#include <mutex>
#include <stop_token>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace product_sync::net {

class RateLimiter;

/// The right to make one request; gives its place back when it goes.
class Permit {
 public:
  explicit Permit(RateLimiter& limiter) : limiter_(&limiter) {}
  ~Permit();
  Permit(Permit&& other) noexcept : limiter_(other.limiter_) { other.limiter_ = nullptr; }
  Permit& operator=(Permit&&) = delete;
  Permit(const Permit&) = delete;
  Permit& operator=(const Permit&) = delete;

 private:
  RateLimiter* limiter_;
};

/// Keeps requests within a rate (a bucket of `burst` tokens that refills at `requests_per_minute`) and within a number
/// at the same time. First come, first served. Thread-safe; outlives its permits.
class RateLimiter {
 public:
  struct Limits {
    double requests_per_minute = 0.0;  ///< 0 = any rate
    int burst = 1;                     ///< requests at once after a quiet time; at least 1
    int concurrent = 1;                ///< permits held at once; at least 1
  };

  RateLimiter(const Limits& limits, Clock& clock);

  /// Waits for its turn. The only error is `cancelled`.
  [[nodiscard]] Result<Permit> acquire(std::stop_token stop);

  /// The other side asked for quiet: no new permit before `duration` is over, then one at a time at the rate.
  void pause_for(std::chrono::nanoseconds duration);

 private:
  friend class Permit;
  struct Waiter;

  void release();
  void refill(Monotonic now);
  bool take_turn(const Waiter& waiter, Monotonic now);
  Monotonic next_look(const Waiter& waiter, Monotonic now) const;
  void leave(const Waiter& waiter);

  const Limits limits_;
  Clock& clock_;
  std::mutex mutex_;  // guards all below; a Wake is notified under it, so a waiter cannot go away meanwhile
  std::deque<Waiter*> queue_;
  double tokens_;
  Monotonic refilled_;
  Monotonic paused_until_;
  int in_flight_ = 0;
};

}  // namespace product_sync::net
