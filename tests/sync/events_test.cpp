// What watchers hear of runs, files and queues.

#include "catch.hpp"
#include "sync/queue_watch.hpp"
#include "sync_bench.hpp"

using namespace product_sync;
using sync::FileEvent;
using sync::QueueEvent;
using sync::RunEvent;

namespace {

/// A site whose parts tell the bus, and what was heard there.
class WatchedBench : public SyncBench {
 public:
  WatchedBench() : listening_(events.subscribe([this](const sync::Event& event) { heard.push_back(event); })) { watch(); }

  /// After reopen().
  void watch() {
    delivery = std::make_unique<sync::Delivery>("eu", destination, transfer::DeliveryOptions{.attempts = 1}, std::nullopt,
                                                *store, clock, log, &events);
    site_sync = std::make_unique<sync::SiteSync>("eu", std::chrono::minutes{10}, *pipeline, *delivery, *store, clock, log,
                                                 &events);
  }

  template <class Kind>
  [[nodiscard]] std::vector<Kind> heard_of() const {
    std::vector<Kind> found;
    for (const auto& event : heard) {
      if (const auto* kind = std::get_if<Kind>(&event)) found.push_back(*kind);
    }
    return found;
  }

  sync::EventBus events;
  std::vector<sync::Event> heard;

 private:
  sync::EventBus::Subscription listening_;
};

}  // namespace

TEST_CASE("a sync is heard to begin, get on, have its file delivered, and end") {
  WatchedBench bench;
  bench.source.put(exported_item("A"));
  const auto run = bench.full();
  REQUIRE(bench.heard.size() == 4);
  const auto runs = bench.heard_of<RunEvent>();
  REQUIRE(runs.size() == 3);
  CHECK(runs[0].step == RunEvent::Step::started);
  CHECK(runs[0].run.id == run.id);
  CHECK(runs[1].step == RunEvent::Step::progress);
  CHECK(runs[1].run.counts.read == 1);
  CHECK(runs[2].step == RunEvent::Step::ended);
  CHECK(runs[2].run.state == store::RunState::succeeded);
  CHECK(runs[2].run.counts.rows == 1);
  CHECK(runs[2].run.file_name == run.file_name);
  const auto files = bench.heard_of<FileEvent>();
  REQUIRE(files.size() == 1);
  CHECK(files[0].step == FileEvent::Step::delivered);
  CHECK(files[0].file.file.name == run.file_name);
  CHECK(sync::site_of(bench.heard[0]) == "eu");
}

TEST_CASE("progress is heard of a few times a second at most") {
  WatchedBench bench;
  for (int i = 0; i < 1'000; ++i) bench.source.put(exported_item("ITEM" + std::to_string(1'000 + i)));
  static_cast<void>(bench.full());
  const auto runs = bench.heard_of<RunEvent>();
  CHECK(runs.size() == 3);  // the time stands still
  CHECK(runs.back().run.counts.read == 1'000);
}

TEST_CASE("a file that could not be delivered is heard of with the reason, and so is one that was given up") {
  WatchedBench bench;
  bench.source.put(exported_item("A"));
  bench.destination.broken = true;
  const auto run = bench.full();
  auto files = bench.heard_of<FileEvent>();
  REQUIRE(files.size() == 1);
  CHECK(files[0].step == FileEvent::Step::failed);
  REQUIRE(files[0].error);
  CHECK(files[0].error->code == "test.broken");
  CHECK(files[0].next_attempt > bench.clock.now());
  CHECK(bench.heard_of<RunEvent>().back().run.error_code == "test.broken");

  REQUIRE(bench.delivery->drop(files[0].file.id));
  files = bench.heard_of<FileEvent>();
  REQUIRE(files.size() == 2);
  CHECK(files[1].step == FileEvent::Step::dropped);
}

TEST_CASE("a run that ends unfinished is heard to be interrupted") {
  WatchedBench bench;
  auto active = bench.site_sync->begin({.type = store::RunType::full, .trigger = "test"});
  REQUIRE(active);
  active->reset();
  const auto runs = bench.heard_of<RunEvent>();
  REQUIRE(runs.size() == 2);
  CHECK(runs[1].step == RunEvent::Step::ended);
  CHECK(runs[1].run.state == store::RunState::interrupted);
}

TEST_CASE("the run of withdrawals that an operator confirmed is heard of like any other") {
  WatchedBench bench;
  bench.mapping.withdrawal.steps = {catalog::WithdrawalStep::quantity_zero};
  bench.mapping.arrange();
  bench.guard = {.always_allowed = 0, .most = 0, .most_percent = 0};
  bench.reopen();
  bench.watch();
  bench.source.put(exported_item("A"));
  static_cast<void>(bench.full());
  auto item = exported_item("A");
  item.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
  bench.source.put(item);
  REQUIRE(bench.later_full().counts.held == 1);
  const auto plan = bench.store->withdrawal_plans().list("eu")->front();
  REQUIRE(bench.store->withdrawal_plans().confirm("eu", plan.id, bench.clock.now()));
  bench.heard.clear();
  const auto run = bench.site_sync->withdraw_confirmed({}).value();
  REQUIRE(run);
  const auto runs = bench.heard_of<RunEvent>();
  REQUIRE(runs.size() >= 2);
  CHECK(runs.front().step == RunEvent::Step::started);
  CHECK(runs.front().run.id == run->id);
  CHECK(runs.back().step == RunEvent::Step::ended);
  CHECK(runs.back().run.counts.withdrawn == 1);
}

TEST_CASE("queues are heard of when something came or went") {
  WatchedBench bench;
  sync::QueueWatch queues({"eu"}, bench.events, *bench.store, bench.clock);
  REQUIRE(queues.round());
  CHECK(bench.heard.empty());

  store::NewNotification notification;
  notification.site = "eu";
  notification.id = "1";
  const auto stored = bench.store->inbox().put(notification);
  REQUIRE(stored);
  queues.notified("eu");
  queues.notified("elsewhere");
  REQUIRE(queues.round());
  REQUIRE(queues.round());
  REQUIRE(bench.heard.size() == 1);
  auto queue = bench.heard_of<QueueEvent>().back();
  CHECK(queue.site == "eu");
  CHECK(queue.new_notifications == 1);
  CHECK(queue.pending_notifications == 1);
  CHECK(queue.waiting_files == 0);

  bench.source.put(exported_item("A"));
  bench.destination.broken = true;
  static_cast<void>(bench.full());
  REQUIRE(bench.store->inbox().complete("eu", "", std::vector{stored->sequence}));
  REQUIRE(queues.round());
  queue = bench.heard_of<QueueEvent>().back();
  CHECK(queue.new_notifications == 0);
  CHECK(queue.pending_notifications == 0);
  CHECK(queue.waiting_files == 1);
}
