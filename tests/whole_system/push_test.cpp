// From a change in Acumatica to a row in Rithum, through the real processes.

#include <algorithm>
#include <cstdio>
#include <random>
#include <set>

#include "catch.hpp"
#include "installation.hpp"

using namespace product_sync;

namespace {

/// What Rithum must show for an item as the simulator serves it: prices there have up to six decimals.
std::string expected_price(const Json& item) {
  const double price = item["DefaultPrice"]["value"].get<double>();
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", price);
  return text;
}

std::vector<std::string> keys_of(const std::map<std::string, Json>& items) {
  std::vector<std::string> keys;
  for (const auto& [key, item] : items) keys.push_back(key);
  return keys;
}

/// Every exported item is in Rithum with its present title and price.
void check_in_step(const Installation& installation) {
  const auto products = installation.products();
  for (const auto& [id, item] : installation.exported_items()) {
    INFO("item " << id);
    const auto product = products.find(id);
    REQUIRE(product != products.end());
    CHECK(product->second["values"]["Auction Title"] == item["Description"]["value"]);
    CHECK(product->second["values"]["Buy It Now Price"] == expected_price(item));
  }
}

}  // namespace

TEST_CASE(
    "200 changes among duplicated, reordered and malformed notifications: each exported SKU gets exactly one row") {
  Installation installation({.items = 400, .acumatica = {"--seed", "11"}, .debounce = "2s"});
  installation.serve();
  const auto full = installation.sync("full");
  REQUIRE(full["counts"]["failed"] == 0);
  installation.settle();
  const auto before = installation.products();

  installation.acumatica().control(
      "behaviour", Json{{"duplicate_notifications", 2}, {"reorder_window", 25}, {"malformed_every", 7}});
  // Two thirds of those changed are exported, the rest are not: neither kind may disturb the other.
  auto changed = keys_of(installation.exported_items());
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  std::shuffle(changed.begin(), changed.end(), random);
  changed.resize(std::min<std::size_t>(changed.size(), 130));
  const std::set<std::string> exported(changed.begin(), changed.end());
  for (int i = 1; changed.size() < 200; ++i) {
    char key[16];
    std::snprintf(key, sizeof key, "ITEM%07d", i);
    if (i % 250 != 137 && !before.contains(key)) changed.emplace_back(key);
    REQUIRE(i <= 400);
  }
  std::shuffle(changed.begin(), changed.end(), random);
  REQUIRE(installation.change({{"keys", changed}, {"seed", seed}})["count"] == 200);
  installation.settle();

  const auto after = installation.products();
  CHECK(after.size() == before.size());
  for (const auto& [sku, product] : after) {
    INFO("SKU " << sku);
    const int rows = product["rows_applied"].get<int>() - before.at(sku)["rows_applied"].get<int>();
    CHECK(rows == (exported.contains(sku) ? 1 : 0));
  }
  check_in_step(installation);
  const auto notifications = installation.api("/v1/sites/eu/notifications");
  // One of the simulator's malformed bodies merely lacks members: it is taken as a notification that names nothing.
  CHECK(notifications["stored"] == 201);
  CHECK(notifications["quarantined"].get<int>() > 0);
  CHECK(installation.rithum().control("stats")["partial_files_seen"] == 0);
}

TEST_CASE("a kill -9 in the middle of a stream of changes loses none") {
  Installation installation({.items = 400, .acumatica = {"--seed", "12"}, .debounce = "200ms"});
  installation.serve();
  installation.sync("full");
  installation.settle();

  const auto exported = keys_of(installation.exported_items());
  const auto delivered = [&] {
    return installation.acumatica().control("stats")["notifications"]["delivered"].get<int>();
  };
  installation.acumatica().control("change", Json{{"keys", exported}});
  for (const int kill_after : {20, 60, 100}) {
    await("notification " + std::to_string(kill_after), [&] { return delivered() >= kill_after; });
    installation.kill_service();
    installation.serve();
  }
  REQUIRE(installation.acumatica().control("wait-pushes", Json{{"timeout_ms", 60'000}})["idle"] == true);
  CHECK(installation.acumatica().control("failures").empty());
  installation.settle();
  check_in_step(installation);
}

TEST_CASE("a graceful stop puts unfinished work back, and the next start carries it on") {
  Installation installation({.items = 200, .acumatica = {"--seed", "13"}, .debounce = "3s"});
  installation.serve();
  installation.sync("full");
  installation.settle();
  const auto exported = keys_of(installation.exported_items());
  installation.change({{"keys", exported}});
  CHECK(installation.stop_service() == 0);  // within the debounce: nothing was sent yet
  installation.serve();
  installation.settle();
  check_in_step(installation);
}
