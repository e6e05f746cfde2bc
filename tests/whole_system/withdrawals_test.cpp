// Items that leave the export, as processes: withdrawn at Rithum, held back by the guard until an operator has looked, and for
// sale again when they come back.

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "catch.hpp"
#include "installation.hpp"

using namespace product_sync;

namespace {

Installation::Options with_policy(int items, int seed, std::string guard = {}) {
  Installation::Options options{.items = items, .acumatica = {"--seed", std::to_string(seed), "--plain-keys"}};
  options.mapping = [guard = std::move(guard)](const AcumaticaProcess&) {
    return "    withdrawals:\n      policy: [quantity_zero, label]\n      label: Withdrawn\n" + guard;
  };
  return options;
}

bool is_withdrawn(const Json& product) {
  const auto& labels = product["labels"];
  return std::ranges::find(labels, "Withdrawn") != labels.end() && product["values"].value("Quantity", "") == "0";
}

/// What Rithum holds, without labels: those are listed apart.
Json values_of(Json product) {
  product["values"].erase("Labels");
  return product["values"];
}

/// The inventory IDs of exported items that Rithum has as products.
std::vector<std::string> sold_items(const Installation& installation) {
  const auto products = installation.products();
  std::vector<std::string> keys;
  for (const auto& [key, item] : installation.exported_items()) {
    if (products.contains(key)) keys.push_back(key);
  }
  return keys;
}

void set_box(Installation& installation, const std::vector<std::string>& keys, bool active, bool notify = true) {
  installation.change(
      {{"keys", keys}, {"notify", notify}, {"set", {{"custom", {{"ItemSettings.UsrActiveOnRithum", active}}}}}});
}

/// The one plan that waits, as the command lists it.
Json waiting_plan(Installation& installation) {
  REQUIRE(installation.run({"withdrawals", "--json"}) == 0);
  return Json::parse(installation.output());
}

std::size_t withdrawn_products(const Installation& installation) {
  const auto products = installation.products();
  return static_cast<std::size_t>(std::ranges::count_if(products, [](const auto& one) { return is_withdrawn(one.second); }));
}

}  // namespace

TEST_CASE("items that lose their box, status or class, or are deleted, are withdrawn at Rithum, and those that come back are as before") {
  Installation installation(with_policy(120, 71));
  installation.serve();
  REQUIRE(installation.sync("full")["counts"]["failed"] == 0);
  installation.settle();
  const auto before = installation.products();
  const auto keys = sold_items(installation);
  REQUIRE(keys.size() > 4);
  const auto& unticked = keys[0];
  const auto& inactive = keys[1];
  const auto& other_class = keys[2];
  const auto& deleted = keys[3];
  const auto status = installation.exported_items().at(inactive)["ItemStatus"]["value"].get<std::string>();
  const auto item_class = installation.exported_items().at(other_class)["ItemClass"]["value"].get<std::string>();

  set_box(installation, {unticked}, false);
  installation.change({{"keys", {inactive}}, {"set", {{"ItemStatus", "Inactive"}}}});
  installation.change({{"keys", {other_class}}, {"set", {{"ItemClass", "HOME GOODS"}}}});
  installation.acumatica().control("delete", Json{{"keys", Json::array({deleted})}});
  installation.acumatica().control("wait-pushes", Json{{"timeout_ms", 60'000}});
  installation.settle();

  const std::map<std::string, std::string> reasons{{unticked, "box.not_ticked"},
                                                   {inactive, "status.not_exported"},
                                                   {other_class, "class.unmapped"},
                                                   {deleted, "item.missing"}};
  const auto after = installation.products();
  for (const auto& [key, reason] : reasons) {
    INFO("item " << key);
    CHECK(is_withdrawn(after.at(key)));
    const auto product = installation.api("/v1/sites/eu/products/" + key);
    CHECK(product["state"] == "withdrawn");
    CHECK(product["reason_code"] == reason);
  }
  for (const auto& [sku, product] : before) {
    INFO("SKU " << sku);
    if (!reasons.contains(sku)) CHECK(after.at(sku) == product);
  }
  const auto again = installation.sync("full");  // withdrawn once, also when a complete read does not bring the deleted item
  CHECK(again["counts"]["rows"] == 0);

  set_box(installation, {unticked}, true);
  installation.change({{"keys", {inactive}}, {"set", {{"ItemStatus", status}}}});
  installation.change({{"keys", {other_class}}, {"set", {{"ItemClass", item_class}}}});
  installation.settle();
  const auto back = installation.products();
  for (const auto& key : {unticked, inactive, other_class}) {
    INFO("item " << key);
    CHECK(values_of(back.at(key)) == values_of(before.at(key)));
    CHECK(back.at(key)["labels"] == before.at(key)["labels"]);
    CHECK(installation.api("/v1/sites/eu/products/" + key)["state"] == "sent");
  }
  CHECK(installation.sync("full")["counts"]["rows"] == 0);
}

TEST_CASE("a shop that would lose most of its products waits for an operator, who discards the plan or confirms this very one") {
  Installation installation(with_policy(100, 72));
  installation.run({"sync", "full"});
  installation.await_files(1);
  const auto keys = sold_items(installation);
  REQUIRE(keys.size() > 20);
  set_box(installation, keys, false, false);

  CHECK(installation.run({"sync", "full"}) == 3);
  CHECK_THAT(installation.output() + installation.error_output(), ContainsSubstring("withdrawals"));
  const auto plan = waiting_plan(installation);
  CHECK(plan["products"] == keys.size());
  const auto id = plan["id"].get<std::string>();
  REQUIRE(installation.run({"withdrawals"}) == 0);
  for (const auto& key : keys) CHECK_THAT(installation.output(), ContainsSubstring(key + "  box.not_ticked: "));
  CHECK(withdrawn_products(installation) == 0);

  SECTION("confirmed: they are withdrawn, and later runs leave them so") {
    REQUIRE(installation.run({"withdrawals", "confirm", id}) == 0);
    installation.await_files(2);
    CHECK(withdrawn_products(installation) == keys.size());
    CHECK(installation.run({"sync", "full", "--json"}) == 0);
    installation.await_files(2);
    REQUIRE(installation.run({"withdrawals"}) == 0);
    CHECK(installation.output() == "No withdrawals wait for an operator.\n");
  }
  SECTION("confirmed after an item came back: that one stays for sale") {
    set_box(installation, {keys.front()}, true, false);
    REQUIRE(installation.run({"withdrawals", "confirm", id}) == 0);
    installation.await_files(2);
    CHECK(withdrawn_products(installation) == keys.size() - 1);
    CHECK_FALSE(is_withdrawn(installation.products().at(keys.front())));
  }
  SECTION("discarded: nothing is withdrawn, and the next full sync holds the same plan back again") {
    REQUIRE(installation.run({"withdrawals", "discard", id}) == 0);
    CHECK_THAT(installation.output(), ContainsSubstring("Plan " + id + " was discarded."));
    REQUIRE(installation.run({"withdrawals"}) == 0);
    CHECK(installation.output() == "No withdrawals wait for an operator.\n");
    CHECK(installation.run({"sync", "full"}) == 3);
    CHECK(waiting_plan(installation)["id"] == id);
    CHECK(withdrawn_products(installation) == 0);
  }
  SECTION("a plan that does not exist is refused, with what to do") {
    for (const auto* command : {"confirm", "discard"}) {
      CHECK(installation.run({"withdrawals", command, "000000000000"}) == 2);
      CHECK_THAT(installation.error_output(), ContainsSubstring("There is no plan of withdrawals 000000000000.") &&
                                                  ContainsSubstring("List the plans"));
    }
    CHECK(waiting_plan(installation)["id"] == id);
  }
  SECTION("beside the running service: confirmed through the API, and carried out by the service") {
    installation.serve();
    const auto plans = installation.api("/v1/sites/eu/withdrawals");
    REQUIRE(plans["plans"].size() == 1);
    CHECK(plans["plans"][0]["id"] == id);
    CHECK(installation.api("/v1/sites/eu/withdrawals/" + id)["withdrawals"].size() == keys.size());
    CHECK(installation.get("/v1/sites/eu/withdrawals/000000000000").status == 404);
    CHECK(installation.api("/v1/sites/eu/withdrawals/" + id + "/confirm", Json::object())["id"] == id);
    installation.await_files(2);
    CHECK(withdrawn_products(installation) == keys.size());
  }
}
