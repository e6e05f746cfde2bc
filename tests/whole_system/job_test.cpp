// `product-sync` as a job of a container: what it prints, and exit codes that can be trusted.

#include "catch.hpp"
#include "installation.hpp"

using namespace product_sync;

namespace {
Json last_line(const std::string& output) {
  const auto end = output.find_last_not_of('\n');
  const auto begin = output.find_last_of('\n', end);
  return Json::parse(output.substr(begin == std::string::npos ? 0 : begin + 1, end - begin));
}
}  // namespace

TEST_CASE("the nightly job sends everything once, and a second run sends nothing") {
  Installation installation({.items = 300, .acumatica = {"--seed", "21"}});
  const int first = installation.run({"sync", "full"});
  INFO(installation.output());
  CHECK((first == 0 || first == 3));  // 3: the seed's catalogue holds items that have to be parked
  CHECK_THAT(installation.output(), ContainsSubstring("Processing Completed: full sync of site eu"));
  const auto exported = installation.exported_items();
  await("Rithum's taking of the file",
        [&] { return installation.rithum().control("stats")["products"] == exported.size(); });

  REQUIRE(installation.run({"sync", "full", "--json"}) == first);
  const auto second = last_line(installation.output());
  CHECK(second["counts"]["rows"] == 0);
  CHECK(second["counts"]["unchanged"] == exported.size());
  CHECK(second["file"].is_null());
}

TEST_CASE("a dry run prints the plan and sends nothing") {
  Installation installation({.items = 50, .acumatica = {"--seed", "22"}});
  installation.run({"sync", "full", "--dry-run"});
  CHECK_THAT(installation.output(), ContainsSubstring("new product"));
  CHECK_THAT(installation.output(), ContainsSubstring("rows to send"));
  CHECK(installation.run({"status"}) == 0);
  CHECK_THAT(installation.output(), ContainsSubstring("no sync has succeeded yet"));
  CHECK(installation.rithum().control("stats")["files"] == 0);
}

TEST_CASE("a delta sync carries what was changed without a notification") {
  Installation installation({.items = 100, .acumatica = {"--seed", "23"}});
  installation.run({"sync", "full"});
  const auto exported = installation.exported_items();
  const auto key = exported.begin()->first;
  installation.change({{"keys", {key}}, {"set", {{"Description", "By delta"}}}, {"notify", false}});
  installation.run({"sync", "delta", "--json"});
  const auto run = last_line(installation.output());
  CHECK(run["counts"]["rows"] == 1);
  await("the change in Rithum",
        [&] { return installation.products().at(key)["values"]["Auction Title"] == "By delta"; });
}

TEST_CASE("check tries every connection and names what is wrong") {
  Installation installation({.items = 10, .acumatica = {"--seed", "24"}});
  CHECK(installation.run({"check"}) == 0);
  CHECK_THAT(installation.output(), ContainsSubstring("eu acumatica"));
  CHECK_THAT(installation.output(), ContainsSubstring("eu destination"));
  installation.acumatica().control("behaviour", Json{{"fail_next", 100}, {"fail_status", 403}});
  CHECK(installation.run({"check"}) == 1);
  CHECK_THAT(installation.output(), ContainsSubstring("FAILED"));
}

TEST_CASE("a failed run has its exit code, and so have a wrong command line and a wrong configuration") {
  Installation installation({.items = 10, .acumatica = {"--seed", "25", "--password", "another"}});
  CHECK(installation.run({"sync", "full"}) == 1);
  CHECK_THAT(installation.output(), ContainsSubstring("acumatica."));
  CHECK_THAT(installation.error_output(), ContainsSubstring("run.failed"));
  CHECK(installation.run({"sync", "sideways"}) == 2);
  CHECK(installation.run({"sync", "custom"}) == 2);
  CHECK(installation.run({"sync", "full", "--site", "mars"}) == 2);
  CHECK(installation.run({"--config", "/nowhere.yaml", "sync", "full"}) == 2);
}
