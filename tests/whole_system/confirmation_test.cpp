// What comes after the delivery: proof by reading back, product IDs, and their way to Acumatica.

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
