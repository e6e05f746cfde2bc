// What comes after the delivery: proof by reading back, product IDs, and their way to Acumatica.

#include <algorithm>

#include "catch.hpp"
#include "installation.hpp"

using namespace product_sync;

namespace {

std::string written_id(const Installation& installation, const std::string& inventory_id) {
  const auto items = installation.acumatica().items({{"$custom", "ItemSettings.UsrRithumProductID"},
                                                     {"$filter", "InventoryID eq '" + inventory_id + "'"}});
  return items.json().at(0).at("custom").at("ItemSettings").at("UsrRithumProductID").value("value", "");
}

}  // namespace

TEST_CASE("without the interface response files alone confirm what Rithum took, and reject what it refused with its words") {
  const auto transfer = GENERATE(Transfer::sftp, Transfer::ftp);
  Installation installation({.items = 120,
                             .transfer = transfer,
                             .acumatica = {"--seed", "42"},
                             .response_files = true,
                             .rithum = {"--partition-rows", "20", "--pickup-delay-ms", "300"},
                             .classifications = {"Electronics"}});
  installation.serve();
  installation.sync("full");
  installation.settle();
  const auto exported = installation.exported_items();
  const auto count = [&](const char* state) {
    return installation.api("/v1/overview")["sites"][0]["products"].value(state, std::size_t{0});
  };
  await("the answer to every row", [&] { return count("pending") + count("sent") == 0; });
  const auto products = installation.products();
  CHECK(products.size() < exported.size());
  std::string toy;
  for (const auto& [sku, entry] : installation.ledger()) {
    if (!exported.contains(sku) || entry["state"] == "parked") continue;
    INFO(entry.dump());
    CHECK(entry["state"] == (products.contains(sku) ? "confirmed" : "rejected"));
    if (products.contains(sku)) continue;
    CHECK(entry["reason_code"] == "rithum.row_refused");
    CHECK_THAT(entry["reason"].get<std::string>(), ContainsSubstring("does not exist"));
    toy = sku;
  }
  REQUIRE_FALSE(toy.empty());

  // Refused once more when its item changes, and not before.
  const auto files = [&] { return installation.api("/v1/sites/eu/files?limit=1000")["files"].size(); };
  const auto before = files();
  CHECK(installation.sync("full")["counts"]["rows"] == 0);
  CHECK(files() == before);
  installation.change({{"keys", {toy}}, {"set", {{"ItemClass", "ELEC"}}}});
  await(toy + " to be confirmed",
        [&] { return installation.api("/v1/sites/eu/products/" + percent_encoded(toy))["state"] == "confirmed"; });
  const auto story = installation.api("/v1/sites/eu/products/" + percent_encoded(toy))["story"];
  CHECK(std::ranges::count_if(story, [](const Json& step) { return step["kind"] == "outcome"; }) == 2);

  // What was read before a restart is not read again.
  installation.kill_service();
  installation.serve();
  REQUIRE(installation.run({"status"}) == 0);
  CHECK(count("rejected") + count("confirmed") + count("parked") + count("not_exported") == installation.ledger().size());
  CHECK(installation.stop_service() == 0);
  const int code = installation.run({"confirm", "--json"});
  CHECK(code == 0);
  CHECK(Json::parse(installation.output())["response_files"] == 0);
}

TEST_CASE("products that went by file are read back, and their IDs are kept and written to Acumatica") {
  Installation installation({.items = 200, .acumatica = {"--seed", "41"}, .rithum_interface = true});
  REQUIRE(installation.run({"sync", "full"}) <= 3);
  installation.serve();
  installation.settle();
  const auto products = installation.products();
  REQUIRE_FALSE(products.empty());
  await("proof of every product", [&] {
    return installation.api("/v1/sites/eu/products?state=confirmed&limit=1000")["products"].size() == products.size();
  });
  for (const auto& [sku, product] : products) {
    INFO(sku);
    const auto entry = installation.api("/v1/sites/eu/products/" + sku);
    CHECK(entry["product_id"] == std::to_string(product["id"].get<std::int64_t>()));
  }
  const auto& [sku, product] = *products.begin();
  await("the product ID in Acumatica",
        [&, &first = sku, &shown = product] {
          return written_id(installation, first) == std::to_string(shown["id"].get<std::int64_t>());
        });

  // The notifications that the writes caused find nothing to send.
  const auto files = installation.api("/v1/sites/eu/files?limit=1000")["files"].size();
  installation.settle();
  CHECK(installation.sync("delta")["counts"]["rows"] == 0);
  CHECK(installation.api("/v1/sites/eu/files?limit=1000")["files"].size() == files);
  CHECK(installation.stop_service() == 0);
}
