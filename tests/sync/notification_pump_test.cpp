#include "sync/notification_pump.hpp"

#include "catch.hpp"
#include "sync_bench.hpp"

using namespace product_sync;
using namespace std::chrono_literals;

namespace {

/// A bench with notifications on top.
class PumpBench : public SyncBench {
 public:
  PumpBench() { restart(); }

  void restart() {
    pump_.reset();
    reopen();
    pump_ = std::make_unique<sync::NotificationPump>(sync::CoalescerOptions{.debounce = 15s, .longest_wait = 60s},
                                                     *site_sync, *store, clock);
  }

  void notify(const std::vector<std::string>& keys, bool complete = true) {
    const auto stored = store->inbox().put({.site = "eu",
                                            .tenant = "T",
                                            .query = "Q",
                                            .id = std::to_string(++last_id_),
                                            .received = clock.now(),
                                            .keys = keys,
                                            .keys_complete = complete,
                                            .body = "{}"});
    if (!stored) throw std::runtime_error(stored.error().text());
  }

  Result<Monotonic> round() { return pump_->round({}); }
  [[nodiscard]] bool wants_waking() const { return pump_->wants_waking(); }
  [[nodiscard]] std::uint64_t pending() { return store->inbox().stats("eu")->pending; }

 private:
  int last_id_ = 0;
  std::unique_ptr<sync::NotificationPump> pump_;
};

}  // namespace

TEST_CASE("a burst of notifications becomes one read and one file") {
  PumpBench bench;
  bench.source.put(exported_item("A"));
  bench.source.put(exported_item("B"));
  for (int i = 0; i < 20; ++i) bench.notify({i % 2 == 0 ? "A" : "B"});
  REQUIRE(bench.round());
  CHECK(bench.source.asked().empty());  // the burst is not over
  bench.clock.advance(15s);
  REQUIRE(bench.round());
  CHECK(bench.source.asked().size() == 1);
  CHECK(bench.delivered().size() == 1);
  CHECK(bench.pending() == 0);
}

TEST_CASE("the pump says when it has to look again") {
  PumpBench bench;
  CHECK(*bench.round() == bench.clock.monotonic() + 30s);
  bench.notify({"A"});
  CHECK(*bench.round() == bench.clock.monotonic() + 100ms);
  bench.clock.advance(14'950ms);
  CHECK(*bench.round() == bench.clock.monotonic() + 50ms);
}

TEST_CASE("the pump is woken by the first notification of a burst, and looks by itself while it grows") {
  PumpBench bench;
  bench.source.put(exported_item("A"));
  REQUIRE(bench.round());
  CHECK(bench.wants_waking());
  bench.notify({"A"});
  REQUIRE(bench.round());
  CHECK_FALSE(bench.wants_waking());
  bench.clock.advance(15s);
  REQUIRE(bench.round());
  CHECK(bench.pending() == 0);
  CHECK(bench.wants_waking());
}

TEST_CASE("notifications stay pending while Acumatica is away, and are carried on when it is back") {
  PumpBench bench;
  bench.source.put(exported_item("A"));
  bench.notify({"A"});
  REQUIRE(bench.round());
  bench.clock.advance(15s);
  bench.source.before_page = [] { return Result<void>(fail("http.connect_failed", "Away.", {}, Retry::later)); };
  const auto failed = bench.round();
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == "http.connect_failed");
  CHECK(bench.pending() == 1);

  bench.source.before_page = [] { return Result<void>{}; };
  REQUIRE(bench.round());
  bench.clock.advance(15s);
  REQUIRE(bench.round());
  CHECK(bench.pending() == 0);
  CHECK(bench.delivered().size() == 1);
}

TEST_CASE("what was pending before a restart is carried on after it") {
  PumpBench bench;
  bench.source.put(exported_item("A"));
  bench.notify({"A"});
  REQUIRE(bench.round());
  bench.restart();
  REQUIRE(bench.round());
  bench.clock.advance(15s);
  REQUIRE(bench.round());
  CHECK(bench.pending() == 0);
  CHECK(bench.delivered().size() == 1);
}

TEST_CASE("a failing delivery does not hold notifications back: their changes are in the outbox") {
  PumpBench bench;
  bench.source.put(exported_item("A"));
  bench.destination.broken = true;
  bench.notify({"A"});
  REQUIRE(bench.round());
  bench.clock.advance(15s);
  REQUIRE(bench.round());
  CHECK(bench.pending() == 0);
  CHECK(bench.delivered().empty());
  bench.destination.broken = false;
  REQUIRE(bench.delivery->drain(std::nullopt, {}));
  CHECK(bench.delivered().size() == 1);
}

TEST_CASE("a row without a key makes the pump read what changed by modification time") {
  PumpBench bench;
  bench.source.put(exported_item("HIDDEN"), bench.clock.now());
  bench.notify({}, /*complete=*/false);
  REQUIRE(bench.round());
  bench.clock.advance(15s);
  REQUIRE(bench.round());
  CHECK(std::holds_alternative<acumatica::ModifiedBetween>(bench.source.asked().back()));
  CHECK(bench.delivered().size() == 1);
  CHECK(bench.pending() == 0);
}
