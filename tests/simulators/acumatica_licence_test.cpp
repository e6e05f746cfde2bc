#include <future>
#include <thread>

#include "acumatica/licence.hpp"
#include "catch.hpp"

using namespace acumatica_sim;
using namespace std::chrono_literals;

TEST_CASE("requests are delayed from half the licence's rate on, as the vendor's formula says") {
  // M, already processed in the minute, age of the first, delay
  const auto [limit, processed, age, delay] = GENERATE(table<std::uint32_t, std::uint32_t, int, int>({
      {50, 25, 40'000, 800},  // the reference's own example: 20 s / 25
      {50, 24, 40'000, 0},
      {50, 0, 0, 0},
      {50, 26, 40'000, 833},
      {50, 49, 40'000, 20'000},
      {50, 50, 40'000, 20'000},  // nothing left: until the first leaves the window
      {50, 60, 59'000, 1'000},
      {50, 25, 70'000, 0},
      {51, 25, 0, 0},
      {51, 26, 0, 2'400},
      {0, 1'000, 0, 0},  // no limit
  }));
  CAPTURE(limit, processed, age);
  CHECK(licence_delay(limit, processed, std::chrono::milliseconds(age)).count() == delay);
}

TEST_CASE("the gate lets half the rate through at once and spreads the rest over the window") {
  LicenceLimits limits;
  limits.requests_per_minute = 10;
  limits.minute = 500ms;
  LicenceGate gate(limits);
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 5; ++i) REQUIRE(gate.enter());
  CHECK(gate.counts().delayed == 0);
  for (int i = 0; i < 5; ++i) REQUIRE(gate.enter());
  CHECK(gate.counts().delayed == 5);
  CHECK(std::chrono::steady_clock::now() - start >= 400ms);
  REQUIRE(gate.enter());  // the eleventh waits for the first to leave the window
  CHECK(std::chrono::steady_clock::now() - start >= 500ms);
  CHECK(gate.counts().processed == 11);
}

TEST_CASE("one core works, twenty requests wait for it, the next is declined and not counted") {
  LicenceLimits limits;
  limits.concurrency = 1;
  LicenceGate gate(limits);
  auto working = gate.enter();
  REQUIRE(working);
  std::vector<std::future<bool>> waiting;
  for (int i = 0; i < 20; ++i)
    waiting.push_back(std::async(std::launch::async, [&] { return gate.enter() != nullptr; }));
  while (gate.counts().waiting < 20) std::this_thread::yield();
  CHECK_FALSE(gate.enter());
  CHECK(gate.counts().declined == 1);
  CHECK(gate.counts().processed == 1);
  working.reset();
  for (auto& each : waiting) CHECK(each.get());
  CHECK(gate.counts().processed == 21);
  CHECK(gate.counts().most_active == 1);
  CHECK(gate.counts().most_waiting == 20);
}

TEST_CASE("a request that waited too long is declined") {
  LicenceLimits limits;
  limits.concurrency = 1;
  limits.longest_wait = 50ms;
  LicenceGate gate(limits);
  const auto working = gate.enter();
  CHECK_FALSE(gate.enter());
  CHECK(gate.counts().declined == 1);
}

TEST_CASE("stopping the gate ends every wait") {
  LicenceLimits limits;
  limits.concurrency = 1;
  LicenceGate gate(limits);
  const auto working = gate.enter();
  auto waiting = std::async(std::launch::async, [&] { return gate.enter() != nullptr; });
  while (gate.counts().waiting < 1) std::this_thread::yield();
  gate.stop();
  CHECK_FALSE(waiting.get());
}
