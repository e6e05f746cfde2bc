// What every store promises of alerts (store/alerts.hpp).

#include "store/alerts.hpp"
#include "store/store_bench.hpp"

using namespace product_sync;
using namespace product_sync::store;
using namespace std::chrono_literals;

TEST_CASE("an alert is open until it recovers, is raised once, and keeps its first time") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  auto& alerts = bench->alerts();
  const auto now = bench.now();
  must(alerts.raise("eu", "freshness", "10 minutes", "look", now));
  must(alerts.raise("eu", "freshness", "20 minutes", "look", now + 10min));
  must(alerts.raise("", "disk", "little room", "", now + 11min));
  bench.reopen();
  auto open = must(bench->alerts().list(true, 10));
  REQUIRE(open.size() == 2);
  CHECK(open[0].rule == "disk");
  CHECK(open[0].site.empty());
  CHECK(open[1].site == "eu");
  CHECK(open[1].message == "20 minutes");
  CHECK(open[1].remedy == "look");
  CHECK(open[1].since == now);
  CHECK_FALSE(open[1].told);

  must(bench->alerts().recover("eu", "freshness", now + 30min));
  CHECK(must(bench->alerts().list(true, 10)).size() == 1);
  const auto all = must(bench->alerts().list(false, 10));
  REQUIRE(all.size() == 2);
  CHECK(all[1].recovered == now + 30min);
  must(bench->alerts().raise("eu", "freshness", "again", "", now + 40min));
  CHECK(must(bench->alerts().list(false, 10)).size() == 3);
}

TEST_CASE("of an alert it is known when people heard of it, and of its end") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  auto& alerts = bench->alerts();
  const auto now = bench.now();
  must(alerts.raise("eu", "freshness", "late", "", now));
  const auto number = must(alerts.list(true, 1)).front().number;
  must(alerts.told(number, now + 1min));
  CHECK(must(alerts.list(true, 1)).front().told == now + 1min);
  CHECK_FALSE(must(alerts.list(true, 1)).front().recovery_told);
  must(alerts.recover("eu", "freshness", now + 2min));
  must(alerts.told(number, now + 3min));
  const auto ended = must(alerts.list(false, 1)).front();
  CHECK(ended.told == now + 1min);
  CHECK(ended.recovery_told == now + 3min);

  must(alerts.forget(now + 2min));
  CHECK(must(alerts.list(false, 1)).size() == 1);
  must(alerts.forget(now + 3min));
  CHECK(must(alerts.list(false, 1)).empty());
}
