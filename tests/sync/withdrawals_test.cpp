// Products that leave the export and come back: real store, real feed files, Acumatica in memory.

#include "catalog/withdrawal.hpp"

#include "catch.hpp"
#include "sync/notification_pump.hpp"
#include "sync/site_sync.hpp"
#include "sync_bench.hpp"

using namespace product_sync;
using namespace std::chrono_literals;
using store::ProductState;
using store::RunState;

namespace {

class WithdrawalBench : public SyncBench {
 public:
  explicit WithdrawalBench(std::set<catalog::WithdrawalStep> steps = {catalog::WithdrawalStep::label}) {
    mapping.withdrawal.steps = std::move(steps);
    mapping.withdrawal.blocked_column = "Blocked";
    mapping.arrange();
    reopen();
  }

  /// `count` items ITEM100, ITEM101, ..., in Rithum.
  void sell(int count) {
    for (int i = 0; i < count; ++i) source.put(exported_item(id_of(i)));
    full();
  }
  /// Two of MUG as the kit SET, in Rithum; the item of the kit.
  catalog::Item sell_bundle() {
    mapping.bundles.emplace();
    mapping.arrange();
    reopen();
    source.put(exported_item("MUG"));
    auto set = exported_item("SET");
    set.fields["IsAKit"] = "true";
    source.put(set);
    source.put_kit("SET", {{"SET", "A", true, {}, {{"MUG", "", "2", true}}}});
    full();
    return set;
  }
  static std::string id_of(int number) { return "ITEM" + std::to_string(100 + number); }
  static std::string key_of_item(int number) { return "item" + std::to_string(100 + number); }

  void untick(int number) {
    auto item = exported_item(id_of(number));
    item.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
    source.put(item);
  }
  void untick(int first, int last) {
    for (int i = first; i <= last; ++i) untick(i);
  }

  [[nodiscard]] std::vector<store::WithdrawalPlan> plans() const {
    return store->withdrawal_plans().list("eu").value();
  }
  [[nodiscard]] std::uint64_t count_of(ProductState state) const { return store->ledger().counts("eu").value()[state]; }
  [[nodiscard]] std::string newest_text() const { return text_of(store->outbox().list("eu", 1)->front().file.name); }
};

/// A way for item ITEM100 to leave the export.
struct WayOut {
  const char* name;
  const char* code;
  std::function<void(FakeItemSource&)> leave;
};

std::vector<WayOut> ways_out() {
  const auto with = [](const std::string& field, const std::string& value) {
    return [=](FakeItemSource& source) {
      auto item = exported_item("ITEM100");
      item.fields[field] = value;
      source.put(item);
    };
  };
  return {{"its status", "status.not_exported", with("ItemStatus", "Inactive")},
          {"no sales any more", "status.not_exported", with("ItemStatus", "No Sales")},
          {"its class", "class.unmapped", with("ItemClass", "FOOD")},
          {"its box", "box.not_ticked",
           [](FakeItemSource& source) {
             auto item = exported_item("ITEM100");
             item.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
             source.put(item);
           }},
          {"its deletion", "item.missing", [](FakeItemSource& source) { source.remove("ITEM100"); }}};
}

}  // namespace

TEST_CASE("a product that leaves the export is withdrawn once, and is as before when it comes back") {
  const auto way = GENERATE(from_range(ways_out()));
  const bool by_push = GENERATE(false, true);
  INFO(way.name << (by_push ? " by push" : " by a full sync"));
  WithdrawalBench bench(std::set{catalog::WithdrawalStep::label, catalog::WithdrawalStep::blocked});
  bench.sell(3);
  const auto before = bench.entry("item100");
  const auto run = [&] { return by_push ? bench.push({"ITEM100"}) : bench.later_full(); };

  way.leave(bench.source);
  const auto left = run();
  CHECK(left.state == RunState::succeeded);
  CHECK(left.counts.rows == 1);
  CHECK(left.counts.withdrawn == 1);
  CHECK(bench.entry("item100").state == ProductState::withdrawn);
  CHECK(bench.entry("item100").reason_code == way.code);
  CHECK(bench.entry("item100").told.at("Labels") == "Withdrawn");
  CHECK_THAT(bench.newest_text(), !ContainsSubstring("Product ITEM100"));

  CHECK(run().counts.rows == 0);
  CHECK(bench.later_full().counts.rows == 0);
  CHECK(bench.entry("item100").state == ProductState::withdrawn);

  bench.source.put(exported_item("ITEM100"));
  CHECK(run().counts.rows == 1);
  CHECK_THAT(bench.newest_text(), ContainsSubstring("Product ITEM100") && ContainsSubstring("-Withdrawn") &&
                                      ContainsSubstring("FALSE"));
  CHECK(bench.entry("item100").state == ProductState::sent);
  CHECK(bench.entry("item100").reason.empty());
  CHECK(bench.entry("item100").told == before.told);
  CHECK(bench.entry("item100").content_hash == before.content_hash);
  CHECK(bench.later_full().counts.rows == 0);
}

TEST_CASE("a withdrawn product that comes back with a fault waits, and is reinstated once it is right") {
  WithdrawalBench bench;
  bench.sell(2);
  bench.untick(0);
  bench.later_full();
  bench.source.put(exported_item("ITEM100", "ten"));
  bench.later_full();
  CHECK(bench.entry("item100").state == ProductState::parked);
  bench.untick(0);
  CHECK(bench.later_full().counts.rows == 0);
  CHECK(bench.entry("item100").state == ProductState::withdrawn);
  bench.source.put(exported_item("ITEM100", "12"));
  CHECK(bench.later_full().counts.rows == 1);
  CHECK(bench.entry("item100").state == ProductState::sent);
  CHECK(bench.entry("item100").told.count("Labels") == 0);
}

TEST_CASE("without a policy Rithum is told nothing, and the ledger knows") {
  WithdrawalBench bench{std::set<catalog::WithdrawalStep>{}};
  bench.sell(2);
  bench.untick(0);
  bench.source.remove("ITEM101");
  const auto run = bench.later_full();
  CHECK(run.counts.rows == 0);
  CHECK(bench.entry("item100").state == ProductState::not_exported);
  CHECK(bench.entry("item101").state == ProductState::not_exported);
  CHECK(bench.entry("item101").reason_code == "item.missing");
}

TEST_CASE("a product that Rithum was never told of is not withdrawn") {
  WithdrawalBench bench;
  bench.source.put(exported_item("ITEM100", "ten"));
  bench.full();
  REQUIRE(bench.entry("item100").state == ProductState::parked);
  bench.untick(0);
  CHECK(bench.later_full().counts.rows == 0);
  CHECK(bench.entry("item100").state == ProductState::not_exported);
}

TEST_CASE("an item that a full read did not bring is asked for by its key before it counts as gone") {
  WithdrawalBench bench;
  bench.sell(30);
  bench.source.unlisted = {"ITEM103"};
  bench.source.remove("ITEM107");
  static_cast<void>(bench.source.take_keys());
  const auto run = bench.later_full();
  CHECK(bench.source.take_keys() == std::vector<std::string>{"ITEM103", "ITEM107"});
  CHECK(run.counts.withdrawn == 1);
  CHECK(bench.entry("item103").state == ProductState::sent);
  CHECK(bench.entry("item107").state == ProductState::withdrawn);

  bench.later_full();
  CHECK(bench.source.take_keys() == std::vector<std::string>{"ITEM103"});  // what is withdrawn is not asked for again
}

TEST_CASE("an item whose own read fails is not gone") {
  WithdrawalBench bench;
  bench.sell(3);
  bench.source.unlisted = {"ITEM101"};
  bench.source.unreadable = {"ITEM101"};
  const auto run = bench.later_full();
  CHECK(run.counts.failed == 1);
  CHECK(run.counts.withdrawn == 0);
  CHECK(bench.entry("item101").state == ProductState::sent);
}

TEST_CASE("a read that breaks off, or a run that is cancelled, withdraws nothing") {
  const bool is_cancelled = GENERATE(false, true);
  WithdrawalBench bench;
  bench.sell(30);
  bench.source.page_size = 10;
  bench.untick(0);
  bench.source.remove("ITEM105");
  int pages = 0;
  bench.source.before_page = [&]() -> Result<void> {
    if (++pages < 3) return {};
    if (is_cancelled) return cancelled("The read");
    return fail("http.broken", "The connection was cut.", {}, Retry::later);
  };
  const auto files = bench.delivered().size();
  CHECK(bench.later_full().state == (is_cancelled ? RunState::cancelled : RunState::failed));
  CHECK(bench.delivered().size() == files);
  CHECK(bench.count_of(ProductState::sent) == 30);
}

TEST_CASE("delta and custom runs withdraw what they read, and conclude nothing from what they do not") {
  WithdrawalBench bench;
  bench.sell(3);
  bench.clock.advance(1h);
  bench.source.remove("ITEM101");
  auto item = exported_item("ITEM100");
  item.fields["ItemStatus"] = "Inactive";
  bench.source.put(item, bench.clock.now());
  const auto run = bench.delta();
  CHECK(run.counts.withdrawn == 1);
  CHECK(bench.entry("item100").state == ProductState::withdrawn);
  CHECK(bench.entry("item101").state == ProductState::sent);
}

TEST_CASE("a plan shows what it would withdraw, and changes nothing") {
  WithdrawalBench bench;
  bench.sell(3);
  bench.untick(0);
  const auto [planned, run] = bench.plan({.type = store::RunType::full, .trigger = "test"});
  REQUIRE(planned.size() == 1);
  CHECK(planned[0].state == sync::PlannedState::withdrawn);
  CHECK(planned[0].reasons.at(0).code == "box.not_ticked");
  REQUIRE(planned[0].changes.size() == 1);
  CHECK(planned[0].changes[0].after == "Withdrawn");
  CHECK(run.counts == bench.later_full().counts);
}

TEST_CASE("too many withdrawals wait for an operator while everything else goes on") {
  WithdrawalBench bench;
  bench.guard = {.always_allowed = 2, .most = 5, .most_percent = 100};
  bench.reopen();
  bench.sell(20);
  bench.untick(0, 7);
  bench.source.put(exported_item("ITEM115", "99"));
  const auto run = bench.later_full();
  CHECK(run.state == RunState::partial);
  CHECK(run.counts.rows == 1);
  CHECK(run.counts.withdrawn == 0);
  CHECK(run.counts.held == 8);
  CHECK(run.error_code == "withdrawals.held");
  CHECK_THAT(run.error, ContainsSubstring("8 of 20 products"));
  CHECK(bench.store->runs().find(run.id).value()->error_code == "withdrawals.held");
  CHECK(bench.count_of(ProductState::withdrawn) == 0);
  CHECK(bench.entry("item115").told.at("Buy It Now Price") == "99.00");
  REQUIRE(bench.plans().size() == 1);
  const auto plan = bench.plans().front();
  CHECK(plan.products == 8);
  CHECK(plan.known == 20);
  CHECK_THAT(run.error, ContainsSubstring(plan.id));
  CHECK(bench.store->withdrawal_plans().products("eu", plan.id, "", 100)->at(7).inventory_id == "ITEM107");

  SECTION("the next run finds the same plan") {
    CHECK(bench.later_full().counts.held == 8);
    REQUIRE(bench.plans().size() == 1);
    CHECK(bench.plans().front().id == plan.id);
  }
  SECTION("once it is confirmed, and not before, its products go") {
    CHECK_FALSE(bench.site_sync->withdraw_confirmed({}).value());
    REQUIRE(bench.store->withdrawal_plans().confirm("eu", plan.id, bench.clock.now()));
    const auto confirmed = bench.site_sync->withdraw_confirmed({}).value();
    REQUIRE(confirmed);
    CHECK(confirmed->state == RunState::succeeded);
    CHECK(confirmed->counts.withdrawn == 8);
    CHECK(bench.count_of(ProductState::withdrawn) == 8);
    CHECK(bench.plans().empty());
    CHECK(bench.later_full().counts.rows == 0);
    CHECK_FALSE(bench.site_sync->withdraw_confirmed({}).value());
  }
  SECTION("what came back meanwhile stays") {
    bench.source.put(exported_item("ITEM103"));
    REQUIRE(bench.store->withdrawal_plans().confirm("eu", plan.id, bench.clock.now()));
    CHECK(bench.site_sync->withdraw_confirmed({}).value()->counts.withdrawn == 7);
    CHECK(bench.entry("item103").state == ProductState::sent);
  }
  SECTION("another set of products is another plan, and the old one cannot be confirmed") {
    bench.untick(8);
    CHECK(bench.later_full().counts.held == 9);
    REQUIRE(bench.plans().size() == 1);
    CHECK(bench.plans().front().id != plan.id);
    CHECK(bench.store->withdrawal_plans().confirm("eu", plan.id, bench.clock.now()).error().code ==
          "withdrawals.unknown");
  }
  SECTION("a full sync that comes first carries the confirmed ones out too, and guards the others") {
    REQUIRE(bench.store->withdrawal_plans().confirm("eu", plan.id, bench.clock.now()));
    bench.untick(8, 13);
    const auto next = bench.later_full();
    CHECK(next.counts.withdrawn == 8);
    CHECK(next.counts.held == 6);
    CHECK(bench.entry("item108").state == ProductState::sent);
  }
  SECTION("a discarded plan is forgotten until the products are found again") {
    REQUIRE(bench.store->withdrawal_plans().forget("eu", plan.id));
    CHECK(bench.plans().empty());
    CHECK(bench.later_full().counts.held == 8);
  }
  SECTION("a full sync without many withdrawals forgets what was held") {
    for (int i = 0; i < 8; ++i) bench.source.put(exported_item(WithdrawalBench::id_of(i)));
    CHECK(bench.later_full().counts.held == 0);
    CHECK(bench.plans().empty());
  }
  SECTION("a serving process carries out what was confirmed") {
    REQUIRE(bench.store->withdrawal_plans().confirm("eu", plan.id, bench.clock.now()));
    sync::NotificationPump pump({}, *bench.site_sync, *bench.store, bench.clock);
    REQUIRE(pump.round({}));
    CHECK(bench.count_of(ProductState::withdrawn) == 8);
  }
}

TEST_CASE("a burst of notifications is guarded like any run, and adds its plan to those that wait") {
  WithdrawalBench bench;
  bench.guard = {.always_allowed = 1, .most = 1, .most_percent = 100};
  bench.reopen();
  bench.sell(10);
  bench.untick(0, 5);
  const auto first = bench.push({"ITEM100", "ITEM101", "ITEM102"});
  CHECK(first.state == RunState::partial);
  CHECK(first.counts.held == 3);
  bench.push({"ITEM103", "ITEM104"});
  CHECK(bench.plans().size() == 2);
  CHECK(bench.push({"ITEM105"}).counts.withdrawn == 1);
  CHECK(bench.later_full().counts.held == 5);
  CHECK(bench.plans().size() == 1);
}

TEST_CASE("withdrawals that come in small runs count together, until a day has passed or the products are back") {
  WithdrawalBench bench;
  bench.guard = {.always_allowed = 3, .most = 3, .most_percent = 100};
  bench.reopen();
  bench.sell(12);
  bench.untick(0, 4);
  CHECK(bench.push({"ITEM100", "ITEM101"}).counts.withdrawn == 2);
  CHECK(bench.push({"ITEM102"}).counts.withdrawn == 1);
  const auto fourth = bench.push({"ITEM103"});
  CHECK(fourth.counts.held == 1);
  CHECK_THAT(fourth.error, ContainsSubstring("earlier withdrawals included"));

  SECTION("one that is back makes room") {
    bench.source.put(exported_item("ITEM100"));
    bench.push({"ITEM100"});
    CHECK(bench.push({"ITEM103"}).counts.withdrawn == 1);
    CHECK(bench.push({"ITEM104"}).counts.held == 1);
  }
  SECTION("what an operator confirmed does not count") {
    for (const auto& plan : bench.plans()) {
      REQUIRE(bench.store->withdrawal_plans().confirm("eu", plan.id, bench.clock.now()));
    }
    CHECK(bench.site_sync->withdraw_confirmed({}).value()->counts.withdrawn == 1);
    bench.source.put(exported_item("ITEM100"));
    bench.push({"ITEM100"});
    CHECK(bench.push({"ITEM104"}).counts.withdrawn == 1);
  }
  SECTION("a day later they are forgotten") {
    bench.clock.advance(24h);
    CHECK(bench.push({"ITEM103", "ITEM104"}).counts.withdrawn == 2);
  }
  SECTION("where each run is to be counted by itself, the others do not matter") {
    bench.guard.within = 0h;
    bench.reopen();
    CHECK(bench.push({"ITEM103", "ITEM104"}).counts.withdrawn == 2);
  }
}

TEST_CASE("withdrawals whose file could not be delivered yet count too") {
  WithdrawalBench bench;
  bench.guard = {.always_allowed = 2, .most = 2, .most_percent = 100};
  bench.reopen();
  bench.sell(8);
  bench.destination.broken = true;
  bench.untick(0, 2);
  CHECK(bench.push({"ITEM100", "ITEM101"}).state == RunState::failed);
  CHECK(bench.push({"ITEM102"}).counts.held == 1);
}

TEST_CASE("the passes of a delta sync are guarded together") {
  WithdrawalBench bench;
  bench.guard = {.always_allowed = 2, .most = 2, .most_percent = 100};
  bench.reopen();
  bench.sell(8);
  bench.source.unreadable = {"ITEM100", "ITEM101"};
  bench.push({"ITEM100", "ITEM101"});  // they are on the retry list, which a delta sync reads in a second pass
  bench.source.unreadable.clear();
  bench.untick(0, 1);
  bench.clock.advance(24h);
  for (int i = 2; i <= 3; ++i) {
    auto item = exported_item(WithdrawalBench::id_of(i));
    item.custom_fields["ItemSettings.UsrActiveOnRithum"] = "false";
    bench.source.put(item, bench.clock.now());
  }
  const auto run = bench.delta();
  CHECK(run.counts.withdrawn == 2);
  CHECK(run.counts.held == 2);
}

TEST_CASE("a kit that a zero quantity says nothing of is left out with its reason") {
  WithdrawalBench bench(std::set{catalog::WithdrawalStep::quantity_zero});
  auto set = bench.sell_bundle();
  REQUIRE(bench.entry("set").state == ProductState::sent);
  set.fields["ItemStatus"] = "Inactive";
  bench.source.put(set);
  CHECK(bench.later_full().counts.rows == 0);
  CHECK(bench.entry("set").state == ProductState::not_exported);
}

TEST_CASE("a component that is withdrawn parks its bundle, and both are well when it is back") {
  WithdrawalBench bench;
  bench.sell_bundle();
  bench.source.remove("MUG");
  const auto left = bench.push({"MUG"});
  CHECK(left.counts.withdrawn == 1);
  CHECK(bench.entry("mug").state == ProductState::withdrawn);
  CHECK(bench.entry("set").state == ProductState::parked);
  bench.source.put(exported_item("MUG"));
  CHECK(bench.push({"MUG"}).counts.rows == 1);
  CHECK(bench.entry("mug").state == ProductState::sent);
  CHECK(bench.entry("set").state == ProductState::sent);
}

TEST_CASE("new products still say that they add no stock when withdrawals need the quantity columns") {
  WithdrawalBench bench(std::set{catalog::WithdrawalStep::quantity_zero});
  bench.feed.quantity_for_new = true;
  bench.reopen();
  bench.sell(1);
  CHECK_THAT(bench.newest_text(), ContainsSubstring("RELATIVE\t0"));
  bench.untick(0);
  bench.later_full();
  CHECK_THAT(bench.newest_text(), ContainsSubstring("ABSOLUTE\t0"));
}
