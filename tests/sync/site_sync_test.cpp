#include "sync/site_sync.hpp"

#include "catch.hpp"
#include "sync_bench.hpp"

using namespace product_sync;
using namespace std::chrono_literals;
using store::ProductState;
using store::RunState;

TEST_CASE("a full sync sends every exported item once, and the second one sends nothing") {
  SyncBench bench;
  for (int i = 0; i < 250; ++i) bench.source.put(exported_item("ITEM" + std::to_string(1000 + i)));
  auto kit = exported_item("KIT1");
  kit.fields["IsAKit"] = "true";
  bench.source.put(kit);

  const auto first = bench.full();
  CHECK(first.state == RunState::succeeded);
  CHECK(first.counts == store::RunCounts{.read = 251, .eligible = 250, .not_exported = 1, .rows = 250});
  REQUIRE(bench.delivered().size() == 1);
  const auto text = bench.text_of(bench.delivered()[0]);
  CHECK(std::count(text.begin(), text.end(), '\n') == 251);
  CHECK_THAT(text, ContainsSubstring("ITEM1000\tProduct ITEM1000"));
  CHECK(bench.entry("item1000").state == ProductState::sent);
  CHECK(bench.entry("kit1").state == ProductState::not_exported);

  bench.clock.advance(1h);
  const auto second = bench.full();
  CHECK(second.state == RunState::succeeded);
  CHECK(second.counts.unchanged == 250);
  CHECK(second.counts.rows == 0);
  CHECK(bench.delivered().size() == 1);
}

TEST_CASE("a delta sync reads what changed since the start of the last successful run minus the overlap") {
  SyncBench bench;
  bench.source.put(exported_item("A"));
  const auto start = bench.clock.now();
  REQUIRE(bench.full().state == RunState::succeeded);
  bench.clock.advance(1h);
  bench.source.put(exported_item("B"), bench.clock.now());

  const auto run = bench.delta();
  CHECK(run.state == RunState::succeeded);
  CHECK(run.counts.read == 1);
  const auto asked = bench.source.asked();
  CHECK(std::get<acumatica::ModifiedBetween>(asked.back()).from == start - 10min);
  CHECK(**bench.store->watermarks().get("eu") == start + 1h - 10min);
}

TEST_CASE("a watermark stays where it was when the delivery fails, and the rows arrive with the next run") {
  SyncBench bench;
  bench.source.put(exported_item("A"));
  bench.destination.broken = true;
  const auto failed = bench.full();
  CHECK(failed.state == RunState::failed);
  CHECK(failed.error_code == "test.broken");
  CHECK_FALSE(*bench.store->watermarks().get("eu"));
  CHECK(bench.entry("a").state == ProductState::pending);

  bench.destination.broken = false;
  bench.clock.advance(1min);
  const auto retried = bench.full();
  CHECK(retried.state == RunState::succeeded);
  CHECK(retried.counts.unchanged == 1);  // the row is on its way already: not sent twice
  CHECK(bench.delivered().size() == 1);  // and goes with this run, which has none of its own
  REQUIRE(bench.site_sync->push({.keys = {"A"}, .notifications = {}, .changed_since = {}}, {}));
  REQUIRE(bench.delivery->drain(std::nullopt, {}));
  CHECK(bench.delivered().size() == 1);
  CHECK(bench.entry("a").state == ProductState::sent);
}

TEST_CASE("a read that breaks off leaves no file, no row and no watermark") {
  SyncBench bench;
  for (int i = 0; i < 300; ++i) bench.source.put(exported_item("ITEM" + std::to_string(1000 + i)));
  int pages = 0;
  bench.source.before_page = [&]() -> Result<void> {
    if (++pages == 3) return fail("http.broken", "The connection was cut.", {}, Retry::later);
    return {};
  };
  const auto run = bench.full();
  CHECK(run.state == RunState::failed);
  CHECK(run.error_code == "http.broken");
  CHECK(bench.delivered().empty());
  CHECK(bench.spooled() == 0);
  CHECK(bench.store->outbox().list("eu", 10)->empty());
  CHECK_FALSE(*bench.store->watermarks().get("eu"));

  bench.source.before_page = [] { return Result<void>{}; };
  CHECK(bench.full().counts.rows == 300);
}

TEST_CASE("a bad product is parked with its reason while the others go on") {
  SyncBench bench;
  bench.source.put(exported_item("GOOD"));
  bench.source.put(exported_item("BAD", "ten"));
  const auto run = bench.full();
  CHECK(run.state == RunState::partial);
  CHECK(run.counts.rows == 1);
  CHECK(run.counts.parked == 1);
  CHECK(bench.entry("bad").state == ProductState::parked);
  CHECK(bench.entry("bad").reason_code == "value.not_a_number");
  CHECK_THAT(bench.entry("bad").reason, ContainsSubstring("ten"));

  bench.source.put(exported_item("BAD", "10"));
  CHECK(bench.full().state == RunState::succeeded);
  CHECK(bench.entry("bad").state == ProductState::sent);
  CHECK(bench.entry("bad").reason.empty());
}

TEST_CASE("a parked product that comes back as Rithum knows it is in order again without a row") {
  SyncBench bench;
  bench.source.put(exported_item("A", "10"));
  bench.full();
  bench.source.put(exported_item("A", "ten"));
  bench.full();
  REQUIRE(bench.entry("a").state == ProductState::parked);
  bench.source.put(exported_item("A", "10"));
  const auto run = bench.full();
  CHECK(run.counts.rows == 0);
  CHECK(bench.entry("a").state == ProductState::sent);
}

TEST_CASE("an emptied value is sent as the clear marker once, and only where configured") {
  SyncBench bench;
  auto item = exported_item("A");
  item.cross_references = {{"Barcode", "4006381333931", "EA"}};
  item.attributes = {{"COLOR", "RED", "Red"}};
  bench.source.put(item);
  bench.full();
  bench.clock.advance(1h);
  bench.source.put(exported_item("A"));
  CHECK(bench.full().counts.rows == 1);
  const auto text = bench.text_of(bench.delivered().back());
  CHECK_THAT(text, ContainsSubstring("_DELETE_"));
  CHECK_THAT(text, !ContainsSubstring("RED"));
  CHECK(bench.entry("a").told.at("UPC").empty());
  bench.clock.advance(1h);
  CHECK(bench.full().counts.rows == 0);
}

TEST_CASE("an item that cannot be read stays on the retry list until it can") {
  SyncBench bench;
  bench.source.put(exported_item("A"));
  bench.source.put(exported_item("B"));
  bench.source.unreadable = {"A"};
  const auto run = bench.site_sync->push({.keys = {"A", "B"}, .notifications = {}, .changed_since = {}}, {});
  REQUIRE(run);
  CHECK(run->state == RunState::partial);
  CHECK(run->counts.rows == 1);
  REQUIRE(bench.store->retries().list("eu", 10)->size() == 1);

  CHECK_FALSE(*bench.site_sync->retry_due({}));  // not yet
  bench.clock.advance(1min);
  bench.source.unreadable.clear();
  const auto retried = bench.site_sync->retry_due({});
  REQUIRE(retried);
  REQUIRE(*retried);
  CHECK((*retried)->counts.rows == 1);
  CHECK(bench.store->retries().list("eu", 10)->empty());
}

TEST_CASE("an item read and failing again waits longer each time") {
  SyncBench bench;
  bench.source.put(exported_item("A"));
  bench.source.unreadable = {"A"};
  REQUIRE(bench.site_sync->push({.keys = {"A"}, .notifications = {}, .changed_since = {}}, {}));
  bench.clock.advance(1min);
  REQUIRE(*bench.site_sync->retry_due({}));
  const auto entry = bench.store->retries().list("eu", 10)->at(0);
  CHECK(entry.attempts == 2);
  CHECK(entry.next_attempt > bench.clock.now() + 45s);
}

TEST_CASE("a flood reads by modification time and puts what that did not bring on the retry list") {
  SyncBench bench;
  bench.source.put(exported_item("A"), bench.clock.now());
  bench.source.put(exported_item("B"), bench.clock.now() - 48h);  // its change moved no modification time
  const auto run = bench.site_sync->push(
      {.keys = {"A", "B"}, .notifications = {}, .changed_since = bench.clock.now(), .by_modification_time = true}, {});
  REQUIRE(run);
  CHECK(run->counts.rows == 1);
  CHECK(bench.entry("a").state == ProductState::sent);
  const auto retried = bench.site_sync->retry_due({});
  REQUIRE(*retried);
  CHECK(bench.entry("b").state == ProductState::sent);
}

TEST_CASE("a key that Acumatica does not have any more ends the export of its product") {
  SyncBench bench;
  bench.source.put(exported_item("A"));
  bench.full();
  bench.source.remove("A");
  REQUIRE(bench.site_sync->push({.keys = {"A", "NEVER-SEEN"}, .notifications = {}, .changed_since = {}}, {}));
  CHECK(bench.entry("a").state == ProductState::not_exported);
  CHECK(bench.entry("a").reason_code == "item.missing");
  CHECK_FALSE(*bench.store->ledger().find("eu", "never-seen"));
}

TEST_CASE("a dry run plans everything and changes nothing") {
  SyncBench bench;
  bench.source.put(exported_item("A", "10"));
  bench.full();
  bench.source.put(exported_item("A", "12.5"));
  bench.source.put(exported_item("B"));
  std::vector<sync::PlannedProduct> plan;
  const auto run = bench.run({.type = store::RunType::full,
                              .trigger = "test",
                              .dry_run = true,
                              .plan = [&](const sync::PlannedProduct& product) { plan.push_back(product); }});
  CHECK(run.counts.rows == 2);
  REQUIRE(plan.size() == 2);
  CHECK(plan[0].sku == "A");
  CHECK(plan[0].state == sync::PlannedState::changed);
  REQUIRE(plan[0].changes.size() == 1);
  CHECK(plan[0].changes[0].key == "Buy It Now Price");
  CHECK(plan[0].changes[0].after == "12.50");
  CHECK(plan[1].state == sync::PlannedState::added);
  CHECK(bench.delivered().size() == 1);
  CHECK_FALSE(*bench.store->ledger().find("eu", "b"));
}

TEST_CASE("a dry run parks what the feed itself would refuse, as the run does") {
  SyncBench bench;
  bench.feed.delimiter = '|';
  bench.wire(std::nullopt);
  auto item = exported_item("A");
  item.fields["Description"] = "left | right";
  bench.source.put(item);
  const auto [planned, dry] = bench.plan({.type = store::RunType::full, .trigger = "test"});
  REQUIRE(planned.size() == 1);
  CHECK(planned[0].state == sync::PlannedState::parked);
  CHECK(planned[0].reasons.at(0).code == "feed.refused_value");
  const auto real = bench.full();
  CHECK(real.counts == dry.counts);
  CHECK(bench.entry("a").reason_code == "feed.refused_value");
}

TEST_CASE("a plan tells of products that leave the export") {
  SyncBench bench;
  bench.source.put(exported_item("A"));
  bench.source.put(exported_item("B"));
  bench.full();
  auto item = exported_item("A");
  item.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
  bench.source.put(item);
  const auto [planned, run] = bench.plan({.type = store::RunType::full, .trigger = "test"});
  REQUIRE(planned.size() == 1);
  CHECK(planned[0].state == sync::PlannedState::not_exported);
  CHECK(planned[0].reasons.at(0).code == "box.not_ticked");
}

TEST_CASE("a plan has an item once that changed and is due again as well") {
  SyncBench bench;
  bench.full();
  bench.source.put(exported_item("A"), bench.clock.now());
  bench.source.put(exported_item("B"), bench.clock.now() - std::chrono::hours{48});
  const std::vector<store::RetryEntry> due{{"A", "x", "x", 0, bench.clock.now()}, {"B", "x", "x", 0, bench.clock.now()}};
  REQUIRE(bench.store->retries().put("eu", "", due, bench.clock.now()));
  const auto [planned, run] = bench.plan({.type = store::RunType::delta, .trigger = "test"});
  REQUIRE(planned.size() == 2);
  CHECK(planned[0].sku == "A");
  CHECK(planned[1].sku == "B");
  CHECK(run.counts.rows == 2);
}

TEST_CASE("a custom sync of some SKUs reads these, whenever they changed") {
  SyncBench bench;
  for (const auto* id : {"A", "B", "C"}) bench.source.put(exported_item(id));
  const auto run = bench.run({.type = store::RunType::custom, .trigger = "test", .inventory_ids = {"A", "C"}});
  CHECK(run.counts.rows == 2);
  CHECK_FALSE(*bench.store->ledger().find("eu", "b"));
  const auto both = bench.site_sync->begin(
      {.type = store::RunType::custom, .trigger = "test", .from = bench.clock.now(), .inventory_ids = {"A"}});
  CHECK(both.error().code == "sync.bad_range");
}

TEST_CASE("a second run of the same type is refused while the first is alive, another type is not") {
  SyncBench bench;
  const auto first = bench.site_sync->begin({.type = store::RunType::full, .trigger = "test"});
  REQUIRE(first);
  const auto second = bench.site_sync->begin({.type = store::RunType::full, .trigger = "test"});
  REQUIRE_FALSE(second);
  CHECK(second.error().code == "run.conflict");
  CHECK((*bench.store->runs().running("eu", store::RunType::full))->id == (*first)->run().id);
  CHECK(bench.site_sync->begin({.type = store::RunType::delta, .trigger = "test"}));
}

TEST_CASE("a run that is asked to end is cancelled at the next page and may be repeated") {
  SyncBench bench;
  for (int i = 0; i < 300; ++i) bench.source.put(exported_item("ITEM" + std::to_string(1000 + i)));
  const sync::SyncRequest request{.type = store::RunType::full, .trigger = "test"};
  {
    auto active = bench.site_sync->begin(request);
    REQUIRE(active);
    REQUIRE(bench.store->runs().request_cancel((*active)->run().id));
    CHECK(bench.site_sync->execute(**active, request, {}).state == RunState::cancelled);
  }
  CHECK(bench.delivered().empty());
  CHECK(bench.full().counts.rows == 300);
}

TEST_CASE("a change read while an older file waits is not undone by it for good") {
  SyncBench bench;
  bench.source.put(exported_item("A", "1"));
  bench.full();
  bench.source.put(exported_item("A", "2"));
  bench.destination.broken = true;
  CHECK(bench.full().state == RunState::failed);  // price 2 waits in the outbox
  bench.clock.advance(1min);
  bench.source.put(exported_item("A", "1"));
  bench.destination.broken = false;
  // Price 1 is what the ledger holds, but not what Rithum will hold once the waiting file arrives.
  REQUIRE(bench.site_sync->push({.keys = {"A"}, .notifications = {}, .changed_since = {}}, {}));
  CHECK(bench.entry("a").told.at("Buy It Now Price") == "1.00");
  REQUIRE(bench.delivered().size() == 3);
  CHECK_THAT(bench.text_of(bench.delivered().back()), ContainsSubstring("1.00"));
}

TEST_CASE("a sync that is asked for tries the waiting files at once, whenever their next attempt is due") {
  SyncBench bench;
  bench.source.put(exported_item("A"));
  bench.destination.broken = true;
  for (int i = 0; i < 8; ++i) {  // ten minutes between two attempts by now
    CHECK(bench.full().state == RunState::failed);
    bench.clock.advance(1s);
  }
  REQUIRE(**bench.delivery->next_attempt() > bench.clock.now() + 1min);
  bench.destination.broken = false;
  SECTION("a dry run delivers nothing") {
    CHECK(bench.run({.type = store::RunType::full, .trigger = "test", .dry_run = true}).state == RunState::succeeded);
    CHECK(bench.delivered().empty());
  }
  SECTION("any other does, without a row of its own") {
    const auto run = bench.delta();
    CHECK(run.state == RunState::succeeded);
    CHECK(run.counts.rows == 0);
    CHECK(bench.delivered().size() == 1);
    CHECK(bench.entry("a").state == ProductState::sent);
  }
}

TEST_CASE("what a restart finds in the outbox is delivered") {
  SyncBench bench;
  bench.source.put(exported_item("A"));
  bench.destination.broken = true;
  bench.full();
  bench.reopen();
  bench.destination.broken = false;
  REQUIRE(bench.delivery->drain(std::nullopt, {}));
  CHECK(bench.delivered().size() == 1);
  CHECK(bench.entry("a").state == ProductState::sent);
}

TEST_CASE("a custom sync reads its range and leaves the watermark alone") {
  SyncBench bench;
  const auto day = bench.clock.now();
  bench.source.put(exported_item("A"), day - 3h);
  bench.source.put(exported_item("B"), day - 30h);
  const auto run = bench.run({.type = store::RunType::custom, .trigger = "test", .from = day - 24h, .to = day});
  CHECK(run.counts.read == 1);
  CHECK_FALSE(*bench.store->watermarks().get("eu"));

  const auto bad =
      bench.site_sync->begin({.type = store::RunType::custom, .trigger = "test", .from = day, .to = day - 1h});
  REQUIRE_FALSE(bad);
  CHECK(bad.error().code == "sync.bad_range");
}
