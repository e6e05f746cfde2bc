#include "schedule/jitter.hpp"

#include <set>

#include "schedule/moments.hpp"

using namespace product_sync::schedule;
using namespace std::chrono_literals;

TEST_CASE("jitter is the same for an occurrence at each start, and another for other occurrences, schedules and sites") {
  const auto at = instant("2026-11-24T02:00Z");
  CHECK(jitter("eu/full", at, 600s) == jitter("eu/full", at, 600s));
  std::set<std::chrono::seconds> delays;
  for (const auto* identity : {"eu/full", "eu/delta", "us/full", "us/delta"}) delays.insert(jitter(identity, at, 600s));
  for (int day = 1; day < 4; ++day) delays.insert(jitter("eu/full", at + 24h * day, 600s));
  CHECK(delays.size() >= 6);
}

TEST_CASE("jitter spreads over all of its range and not beyond") {
  const auto at = instant("2026-11-24T00:00Z");
  std::set<std::chrono::seconds> delays;
  for (int minute = 0; minute < 500; ++minute) delays.insert(jitter("eu/delta", at + 1min * minute, 9s));
  CHECK(delays == std::set<std::chrono::seconds>{0s, 1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s, 9s});
  CHECK(jitter("eu/delta", at, 0s) == 0s);
}
