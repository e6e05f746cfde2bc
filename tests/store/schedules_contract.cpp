// What every store promises of the state of schedules (store/schedules.hpp).

#include "store/store_bench.hpp"

using namespace product_sync;
using namespace product_sync::store;
using namespace std::chrono_literals;

TEST_CASE("a schedule that nothing was written of has a state all the same") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto state = must(bench->schedules().get("main", "full"));
  CHECK(state.name == "full");
  CHECK_FALSE(state.active);
  CHECK_FALSE(state.handled);
  CHECK_FALSE(state.start);
  CHECK_FALSE(state.skip);
}

TEST_CASE("an operator's switch of a schedule outlives a restart, for that schedule of that site alone") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  must(bench->schedules().switch_to("main", "full", true));
  must(bench->schedules().switch_to("main", "delta", false));
  bench.reopen();
  CHECK(must(bench->schedules().get("main", "full")).active == true);
  CHECK(must(bench->schedules().get("main", "delta")).active == false);
  CHECK_FALSE(must(bench->schedules().get("other", "full")).active);
  must(bench->schedules().switch_to("main", "full", std::nullopt));
  CHECK_FALSE(must(bench->schedules().get("main", "full")).active);
}

TEST_CASE("a schedule's last start and last skip stand side by side, and either handles its occurrence") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto first = bench.now();
  must(bench->schedules().handled("main", "full", "0 2 * * * UTC", first - 1h));
  must(bench->schedules().started("main", "full", {first, first + 1s, "run-1", {}, {}}));
  bench.reopen();
  auto state = must(bench->schedules().get("main", "full"));
  CHECK(state.rule == "0 2 * * * UTC");
  CHECK(state.handled == first);
  REQUIRE(state.start);
  CHECK(state.start->occurrence == first);
  CHECK(state.start->at == first + 1s);
  CHECK(state.start->run_id == "run-1");
  CHECK_FALSE(state.start->ended);

  must(bench->schedules().skipped("main", "full", {first + 1h, "schedule.running", "It still runs."}));
  state = must(bench->schedules().get("main", "full"));
  CHECK(state.handled == first + 1h);
  REQUIRE(state.skip);
  CHECK(state.skip->occurrence == first + 1h);
  CHECK(state.skip->code == "schedule.running");
  CHECK(state.skip->reason == "It still runs.");
  CHECK(state.start->run_id == "run-1");

  must(bench->schedules().started("main", "full", {std::nullopt, first + 90min, "run-2", {}, {}}));
  state = must(bench->schedules().get("main", "full"));
  CHECK(state.handled == first + 1h);
  CHECK_FALSE(state.start->occurrence);
}

TEST_CASE("the end of a task belongs to its own start") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto at = bench.now();
  must(bench->schedules().started("main", "clean_up", {at, at, "", {}, {}}));
  must(bench->schedules().ended("main", "clean_up", at, at + 5s, "the disk is full"));
  auto state = must(bench->schedules().get("main", "clean_up"));
  CHECK(state.start->ended == at + 5s);
  CHECK(state.start->error == "the disk is full");
  must(bench->schedules().started("main", "clean_up", {at + 1h, at + 1h, "", {}, {}}));
  must(bench->schedules().ended("main", "clean_up", at, at + 2h, ""));
  CHECK_FALSE(must(bench->schedules().get("main", "clean_up")).start->ended);
}
