#include "alert/watch.hpp"

#include "catch.hpp"
#include "support/simulated_clock.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;
using namespace product_sync::alert;
using namespace std::chrono_literals;

namespace {

/// What people were told, as `raised freshness`.
struct Heard {
  std::vector<std::string> notices;
  bool deaf = false;
};

class TestChannel final : public Channel {
 public:
  explicit TestChannel(Heard& heard) : heard_(heard) {}
  std::string describe() const override { return "test"; }
  Result<void> tell(const Notice& notice, std::stop_token) override {
    if (heard_.deaf) return fail("alerts.webhook", "Nobody there.", "", Retry::later);
    heard_.notices.push_back(std::string(to_text(notice.kind)) + " " + notice.rule);
    return {};
  }

 private:
  Heard& heard_;
};

/// One site with a real store, in which a notification can wait.
class WatchBench {
 public:
  WatchBench() { restart(); }
  void restart() {
    watch.reset();
    store.reset();
    store = store::open_sqlite({.directory = folder_ / "data", .disk_floor = 0}, clock, log_).value();
    Watch::Options options;
    options.directory = folder_.path();
    options.limits.disk = 0;  // that of the machine is nobody's business here
    std::vector<std::unique_ptr<Channel>> channels;
    channels.push_back(std::make_unique<TestChannel>(first));
    channels.push_back(std::make_unique<TestChannel>(second));
    watch = std::make_unique<Watch>(options, std::vector<WatchedSite>{{"eu", true, {"full"}, {}}}, std::move(channels),
                                    *store, clock, log_);
  }
  void round() {
    const auto next = watch->round({});
    INFO((next ? std::string() : next.error().text()));
    REQUIRE(next);
  }
  void notify() {
    store::NewNotification notification;
    notification.site = "eu";
    notification.id = std::to_string(++notifications_);
    notification.received = clock.now();
    notification.keys = {"A"};
    REQUIRE(store->inbox().put(std::move(notification)));
  }
  void read_all() {
    const auto pending = store->inbox().pending("eu", 0, 100);
    REQUIRE(pending);
    std::vector<store::Sequence> sequences;
    for (const auto& one : *pending) sequences.push_back(one.sequence);
    REQUIRE(store->inbox().complete("eu", "run", sequences));
  }

  SimulatedClock clock;
  Heard first;
  Heard second;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Watch> watch;

 private:
  TemporaryDirectory folder_{"alerts"};
  Logger log_{LogFormat::text, LogLevel::error};
  int notifications_ = 0;
};

using Notices = std::vector<std::string>;

}  // namespace

TEST_CASE("people hear of an alert once, once more a day later, and when it is over") {
  WatchBench bench;
  bench.round();
  CHECK(bench.first.notices.empty());
  bench.notify();
  bench.clock.advance(31min);
  bench.round();
  bench.round();
  CHECK(bench.first.notices == Notices{"raised freshness"});
  CHECK(bench.second.notices == Notices{"raised freshness"});
  bench.clock.advance(24h);
  bench.round();
  CHECK(bench.first.notices == Notices{"raised freshness", "reminder freshness"});
  bench.read_all();
  bench.round();
  bench.round();
  CHECK(bench.first.notices == Notices{"raised freshness", "reminder freshness", "recovered freshness"});
}

TEST_CASE("an alert is not told again after a restart") {
  WatchBench bench;
  bench.notify();
  bench.clock.advance(31min);
  bench.round();
  bench.restart();
  bench.round();
  CHECK(bench.first.notices == Notices{"raised freshness"});
}

TEST_CASE("what could not be told is told with the next round, and other channels hear of it all the same") {
  WatchBench bench;
  bench.notify();
  bench.clock.advance(31min);
  bench.first.deaf = true;
  CHECK_FALSE(bench.watch->round({}));
  CHECK(bench.second.notices == Notices{"raised freshness"});
  bench.first.deaf = false;
  bench.round();
  CHECK(bench.first.notices == Notices{"raised freshness"});
}

TEST_CASE("an alert that nobody heard of is over without a word") {
  WatchBench bench;
  bench.notify();
  bench.clock.advance(31min);
  bench.first.deaf = bench.second.deaf = true;
  CHECK_FALSE(bench.watch->round({}));
  bench.read_all();
  bench.first.deaf = bench.second.deaf = false;
  bench.round();
  CHECK(bench.first.notices.empty());
}

TEST_CASE("a test reaches every channel and says which one failed") {
  WatchBench bench;
  REQUIRE(bench.watch->test({}));
  CHECK(bench.first.notices == Notices{"test test"});
  bench.first.deaf = true;
  const auto tested = bench.watch->test({});
  REQUIRE_FALSE(tested);
  CHECK(tested.error().code == "alerts.webhook");
  CHECK(bench.second.notices.size() == 2);
}
