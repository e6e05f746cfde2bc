#include "net/rate_limiter.hpp"

#include <algorithm>
#include <utility>

namespace product_sync::net {
namespace {

/// How long a waiter sleeps that only others can let in.
constexpr std::chrono::hours kUntilWoken{1};

/// A token that is short of whole by less than this is whole: clocks count whole nanoseconds, tokens are fractions.
constexpr double kTokenTolerance = 1e-6;

}  // namespace

struct RateLimiter::Waiter {
  Wake wake;
};

Permit::~Permit() {
  if (limiter_ != nullptr) limiter_->release();
}

RateLimiter::RateLimiter(const Limits& limits, Clock& clock)
    : limits_{limits.requests_per_minute, std::max(limits.burst, 1), std::max(limits.concurrent, 1)},
      clock_(clock),
      tokens_(limits_.burst),
      refilled_(clock.monotonic()),
      paused_until_(refilled_) {}

Result<Permit> RateLimiter::acquire(std::stop_token stop) {
  Waiter self;
  std::unique_lock lock(mutex_);
  queue_.push_back(&self);
  for (;;) {
    if (stop.stop_requested()) {
      leave(self);
      return cancelled("Waiting for the rate limit");
    }
    const Monotonic now = clock_.monotonic();
    if (take_turn(self, now)) return Permit(*this);
    const Monotonic deadline = next_look(self, now);
    lock.unlock();
    clock_.wait(self.wake, deadline, stop);
    lock.lock();
  }
}

void RateLimiter::pause_for(std::chrono::nanoseconds duration) {
  const std::lock_guard lock(mutex_);
  paused_until_ =
      std::max(paused_until_, clock_.monotonic() + std::chrono::duration_cast<Monotonic::duration>(duration));
  refill(clock_.monotonic());
  tokens_ = std::min(tokens_, 1.0);
  refilled_ = paused_until_;
}

void RateLimiter::release() {
  const std::lock_guard lock(mutex_);
  --in_flight_;
  if (!queue_.empty()) queue_.front()->wake.notify();
}

void RateLimiter::refill(Monotonic now) {
  if (now <= refilled_) return;
  const double minutes = std::chrono::duration<double, std::ratio<60>>(now - refilled_).count();
  tokens_ = std::min(static_cast<double>(limits_.burst), tokens_ + minutes * limits_.requests_per_minute);
  refilled_ = now;
}

bool RateLimiter::take_turn(const Waiter& waiter, Monotonic now) {
  if (queue_.front() != &waiter || in_flight_ >= limits_.concurrent || now < paused_until_) return false;
  if (limits_.requests_per_minute > 0.0) {
    refill(now);
    if (tokens_ < 1.0 - kTokenTolerance) return false;
    tokens_ -= 1.0;
  }
  ++in_flight_;
  leave(waiter);
  return true;
}

Monotonic RateLimiter::next_look(const Waiter& waiter, Monotonic now) const {
  if (queue_.front() != &waiter || in_flight_ >= limits_.concurrent) return now + kUntilWoken;
  if (now < paused_until_) return paused_until_;
  const std::chrono::duration<double, std::ratio<60>> shortage{(1.0 - tokens_) / limits_.requests_per_minute};
  return now + std::chrono::ceil<Monotonic::duration>(shortage);
}

void RateLimiter::leave(const Waiter& waiter) {
  const bool was_front = queue_.front() == &waiter;
  queue_.erase(std::find(queue_.begin(), queue_.end(), &waiter));
  if (was_front && !queue_.empty()) queue_.front()->wake.notify();
}

}  // namespace product_sync::net
