#include "net/rate_limiter.hpp"

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "support/simulated_clock.hpp"

using namespace product_sync;
using namespace product_sync::net;
using namespace std::chrono_literals;

namespace {

/// A thread that takes a permit, counts, and gives it back at once.
std::jthread taker(RateLimiter& limiter, std::atomic<int>& taken) {
  return std::jthread([&](std::stop_token stop) {
    if (limiter.acquire(stop)) ++taken;
  });
}

}  // namespace

TEST_CASE("after the burst, requests come at the rate") {
  SimulatedClock clock;
  RateLimiter limiter({60.0, 2, 10}, clock);
  CHECK(limiter.acquire({}));
  CHECK(limiter.acquire({}));

  std::atomic<int> taken = 0;
  auto third = taker(limiter, taken);
  clock.await_waiters(1);
  clock.advance(999ms);
  CHECK(taken == 0);
  clock.advance(1ms);
  third.join();
  CHECK(taken == 1);
}

TEST_CASE("a quiet hour saves up no more than the burst") {
  SimulatedClock clock;
  RateLimiter limiter({60.0, 3, 10}, clock);
  clock.advance(1h);
  for (int i = 0; i < 3; ++i) CHECK(limiter.acquire({}));

  std::atomic<int> taken = 0;
  auto fourth = taker(limiter, taken);
  clock.await_waiters(1);
  CHECK(taken == 0);
  clock.advance(1s);
  fourth.join();
}

TEST_CASE("no more permits are out than the concurrency allows") {
  SimulatedClock clock;
  RateLimiter limiter({0.0, 1, 2}, clock);
  auto first = limiter.acquire({});
  std::optional<Result<Permit>> second(limiter.acquire({}));

  std::atomic<int> taken = 0;
  auto third = taker(limiter, taken);
  clock.await_waiters(1);
  CHECK(taken == 0);
  second.reset();
  third.join();
  CHECK(taken == 1);
}

TEST_CASE("permits are given in the order in which they were asked for") {
  SimulatedClock clock;
  RateLimiter limiter({60.0, 1, 10}, clock);
  CHECK(limiter.acquire({}));
  std::mutex mutex;
  std::vector<int> order;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 5; ++i) {
    threads.emplace_back([&, i](std::stop_token stop) {
      const auto permit = limiter.acquire(stop);
      const std::lock_guard lock(mutex);
      order.push_back(i);
    });
    clock.await_waiters(static_cast<std::size_t>(i) + 1);  // the next asks only when this one waits
  }
  for (std::size_t left = 5; left > 0; --left) {
    clock.await_waiters(left);
    clock.advance(1s);
    threads[5 - left].join();
  }
  CHECK(order == std::vector<int>{0, 1, 2, 3, 4});
}

TEST_CASE("a stop request ends the wait and leaves the turn to the next") {
  SimulatedClock clock;
  RateLimiter limiter({0.0, 1, 1}, clock);
  std::optional<Result<Permit>> held(limiter.acquire({}));
  std::string code;
  std::jthread stopped([&](std::stop_token stop) { code = limiter.acquire(stop).error().code; });
  clock.await_waiters(1);
  std::atomic<int> taken = 0;
  auto next = taker(limiter, taken);
  clock.await_waiters(2);

  stopped.request_stop();
  stopped.join();
  CHECK(code == "cancelled");
  held.reset();
  next.join();
  CHECK(taken == 1);
}

TEST_CASE("a pause lets nobody through before its end, then one, then the rate") {
  SimulatedClock clock;
  RateLimiter limiter({60.0, 10, 10}, clock);
  limiter.pause_for(30s);
  std::atomic<int> taken = 0;
  auto first = taker(limiter, taken);
  clock.await_waiters(1);
  clock.advance(29s);
  CHECK(taken == 0);
  clock.advance(1s);
  first.join();
  CHECK(taken == 1);

  auto second = taker(limiter, taken);
  clock.await_waiters(1);
  CHECK(taken == 1);
  clock.advance(1s);
  second.join();
}
