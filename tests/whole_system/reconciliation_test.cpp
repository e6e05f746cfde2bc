// What somebody did to Rithum's catalogue behind our back: found, and repaired, through the real processes.


#include "catch.hpp"
#include "installation.hpp"

using namespace product_sync;

namespace {

Installation::Options with_repair(const std::string& reads) {
  Installation::Options options;
  options.items = 200;
  options.acumatica = {"--seed", "51", "--plain-keys"};
  options.rithum_interface = true;
  options.confirmation = "      filtered_reads_up_to: " + reads + "\n";
  options.more = "    reconciliation:\n      values: ours_wins\n      missing: ours_wins\n";
  return options;
}

/// Every product is in Rithum, and proven to be.
void fill(Installation& installation) {
  REQUIRE(installation.run({"sync", "full"}) <= 3);
  installation.serve();
  installation.settle();
  const auto products = installation.products().size();
  REQUIRE(products > 50);
  await("proof of every product",
        [&] { return installation.api("/v1/overview")["sites"][0]["products"].value("confirmed", 0U) == products; });
}

/// What a person sees of a product, without what every row changes.
Json content_of(const Json& product) { return {product["values"], product["attributes"]}; }

}  // namespace

TEST_CASE("what was tampered with in Rithum is named one by one, and a repair restores exactly that") {
  const auto reads = GENERATE(as<std::string>{}, "500", "0");  // page by page, or by an export
  CAPTURE(reads);
  Installation installation(with_repair(reads));
  fill(installation);
  const auto before = installation.products();
  auto next = before.begin();
  const auto changed = (next++)->first;
  const auto removed = (next++)->first;
  const auto emptied = (next++)->first;
  const auto& rithum = installation.rithum();
  rithum.tell("tamper", {{"sku", changed}, {"values", {{"Auction Title", "Tampered"}, {"Buy It Now Price", "0.01"}}}});
  rithum.tell("tamper", {{"sku", removed}, {"remove", true}});
  rithum.tell("tamper", {{"sku", emptied}, {"values", {{"Auction Title", nullptr}}}});
  rithum.deliver("CAAll-foreign.txt", "Inventory Number\tQuantity\tAuction Title\nFOREIGN\t1\tSomebody else's\n");

  const auto csv = installation.home() / "drift.csv";
  REQUIRE(installation.run({"reconcile", "--json", "--csv", csv.string()}) == 3);
  auto lines = json_lines(installation.output());
  REQUIRE(lines.size() == 6);
  std::map<std::string, int> found;
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    ++found[lines[i]["kind"].get<std::string>() + " " + lines[i]["sku"].get<std::string>() + " " +
            lines[i].value("field", "")];
  }
  CHECK(found == std::map<std::string, int>{{"different " + changed + " Auction Title", 1},
                                            {"different " + changed + " Buy It Now Price", 1},
                                            {"different " + emptied + " Auction Title", 1},
                                            {"missing " + removed + " ", 1},
                                            {"extra FOREIGN ", 1}});
  CHECK(lines.back()["counts"]["would_send"] == 3);
  CHECK_THAT(read_file(csv),
             ContainsSubstring("eu,missing," + removed + ",") && ContainsSubstring(",Tampered,would_send"));
  CHECK(installation.products().at(changed)["values"]["Auction Title"] == "Tampered");

  REQUIRE(installation.run({"reconcile", "--repair"}) == 0);
  CHECK_THAT(installation.output(), ContainsSubstring("sent again: 3; left: 0"));
  await("the repair in Rithum", [&] {
    const auto products = installation.products();
    const auto back = products.find(removed);
    return back != products.end() && content_of(products.at(changed)) == content_of(before.at(changed)) &&
           content_of(products.at(emptied)) == content_of(before.at(emptied));
  });
  const auto after = installation.products();
  CHECK(after.size() == before.size() + 1);
  for (const auto& [sku, product] : before) {
    INFO(sku);
    const bool repaired = sku == changed || sku == emptied;
    CHECK(content_of(after.at(sku)) == content_of(product));
    if (sku != removed) {
      CHECK(after.at(sku)["rows_applied"] == product["rows_applied"].get<int>() + (repaired ? 1 : 0));
    }
  }
  CHECK(after.at("FOREIGN")["rows_applied"] == 1);

  await("proof of the repair", [&] {
    return installation.api("/v1/overview")["sites"][0]["products"].value("confirmed", 0U) == before.size();
  });
  CHECK(installation.api("/v1/sites/eu/products/" + removed)["product_id"] ==
        std::to_string(after.at(removed)["id"].get<std::int64_t>()));
  const auto run = installation.api("/v1/sites/eu/reconciliations", Json::object())["id"].get<std::string>();
  const auto address = "/v1/sites/eu/reconciliations/" + run;
  await("the end of the comparison", [&] { return !installation.api("/v1/syncs/" + run)["finished"].is_null(); });
  const auto report = installation.api(address);
  CHECK(report["run"]["state"] == "succeeded");
  CHECK(report["counts"]["equal"] == before.size());
  const auto rows = installation.api(address + "/drift?limit=1");
  CHECK(rows["drift"][0]["sku"] == "FOREIGN");
  CHECK(installation.api("/v1/sites/eu/reconciliations")["reconciliations"].size() == 3);
  CHECK(installation.sync("full")["counts"]["rows"] == 0);
  CHECK(installation.stop_service() == 0);
}
