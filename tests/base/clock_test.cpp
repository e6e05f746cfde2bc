#include "base/clock.hpp"

#include <thread>

#include "catch.hpp"
#include "support/simulated_clock.hpp"

using namespace product_sync;
using namespace std::chrono_literals;

TEST_CASE("a wait on the simulated clock ends when its hands pass the deadline") {
  SimulatedClock clock;
  WaitEnd end = WaitEnd::stopped;
  std::jthread waiter([&](std::stop_token stop) { end = clock.sleep(10s, stop); });
  clock.await_waiters(1);
  clock.advance(10s);
  waiter.join();
  CHECK(end == WaitEnd::deadline);
}

TEST_CASE("a wake before the wait is not lost, and serves once") {
  SystemClock clock;
  Wake wake;
  wake.notify();
  CHECK(clock.wait(wake, clock.monotonic() + 1h, {}) == WaitEnd::woken);
  CHECK(clock.wait(wake, clock.monotonic(), {}) == WaitEnd::deadline);
}

TEST_CASE("a stop request ends a wait") {
  SystemClock clock;
  WaitEnd end = WaitEnd::deadline;
  {
    std::jthread waiter([&](std::stop_token stop) { end = clock.sleep(1h, stop); });
  }
  CHECK(end == WaitEnd::stopped);
}
