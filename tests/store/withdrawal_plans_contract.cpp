// What every store promises of its plans of withdrawals (store/withdrawal_plans.hpp).

#include "store/store_bench.hpp"

using namespace product_sync;
using namespace product_sync::store;
using namespace std::chrono_literals;

namespace {

PlannedWithdrawal leaving(const std::string& sku) {
  return {"key:" + sku, sku, "id:" + sku, "box.not_ticked", "Its box is not ticked."};
}

void hold_plan(StoreBench& bench, const std::string& id, const std::vector<std::string>& skus,
               bool replaces_others = false) {
  must(bench->withdrawal_plans().hold("main", {id, skus.size(), 100, "run of " + id, bench.now(), {}}, replaces_others));
  std::vector<PlannedWithdrawal> products;
  for (const auto& sku : skus) products.push_back(leaving(sku));
  must(bench->withdrawal_plans().add("main", id, products));
}

std::vector<std::string> plan_ids(StoreBench& bench) {
  std::vector<std::string> ids;
  for (const auto& plan : must(bench->withdrawal_plans().list("main"))) ids.push_back(plan.id);
  return ids;
}

}  // namespace

TEST_CASE("a plan of withdrawals is there with its products, page by page, also after a restart") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  hold_plan(bench, "p1", {"A", "B", "C"});
  bench.reopen();
  const auto plans = must(bench->withdrawal_plans().list("main"));
  REQUIRE(plans.size() == 1);
  CHECK(plans[0].products == 3);
  CHECK(plans[0].known == 100);
  CHECK(plans[0].run_id == "run of p1");
  CHECK_FALSE(plans[0].confirmed);
  const auto first = must(bench->withdrawal_plans().products("main", "p1", "", 2));
  REQUIRE(first.size() == 2);
  CHECK(first[1].sku == "B");
  CHECK(first[1].inventory_id == "id:B");
  CHECK(first[1].reason_code == "box.not_ticked");
  const auto rest = must(bench->withdrawal_plans().products("main", "p1", first.back().sku_key, 2));
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].sku == "C");
  CHECK(must(bench->withdrawal_plans().list("other")).empty());
}

TEST_CASE("a plan that is found again is the same, and one that replaces the others stands alone") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  hold_plan(bench, "p1", {"A"});
  hold_plan(bench, "p1", {"A"});
  CHECK(plan_ids(bench) == std::vector<std::string>{"p1"});
  bench.clock().advance(1s);
  hold_plan(bench, "p2", {"B"});
  CHECK(plan_ids(bench) == std::vector<std::string>{"p1", "p2"});
  bench.clock().advance(1s);
  hold_plan(bench, "p3", {"A", "B"}, /*replaces_others=*/true);
  CHECK(plan_ids(bench) == std::vector<std::string>{"p3"});
  CHECK(must(bench->withdrawal_plans().products("main", "p1", "", 10)).empty());
  must(bench->withdrawal_plans().forget_held("main"));
  CHECK(plan_ids(bench).empty());
}

TEST_CASE("what an operator confirmed stays confirmed until it is carried out") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  hold_plan(bench, "p1", {"A", "B"});
  const std::vector<std::string> keys{"key:A", "key:X", "key:B"};
  CHECK(must(bench->withdrawal_plans().are_confirmed("main", keys)) == std::vector<bool>{false, false, false});
  must(bench->withdrawal_plans().confirm("main", "p1", bench.now()));
  must(bench->withdrawal_plans().forget_held("main"));
  CHECK(must(bench->withdrawal_plans().are_confirmed("main", keys)) == std::vector<bool>{true, false, true});
  CHECK(must(bench->withdrawal_plans().list("main"))[0].confirmed == bench.now());
  must(bench->withdrawal_plans().forget("main", "p1"));
  CHECK(must(bench->withdrawal_plans().are_confirmed("main", keys)) == std::vector<bool>{false, false, false});
}

TEST_CASE("a plan that is not there can be neither confirmed nor discarded") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  hold_plan(bench, "p1", {"A"});
  CHECK(bench->withdrawal_plans().confirm("main", "p0", bench.now()).error().code == "withdrawals.unknown");
  CHECK(bench->withdrawal_plans().forget("main", "p0").error().code == "withdrawals.unknown");
  CHECK(plan_ids(bench) == std::vector<std::string>{"p1"});
}
