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
/// A full sync as a job of its own that stays in Acumatica's slow answers until it is told to end.
std::unique_ptr<ChildProcess> start_slow_full_sync(Installation& installation) {
  installation.acumatica().control("behaviour", Json{{"latency_ms", 3'600'000}});
  const auto requests = [&] { return installation.acumatica().control("stats")["sessions"]["tokens_issued"].get<int>(); };
  const int before = requests();
  auto job = installation.start({"sync", "full"});
  // A run signs in after it has claimed its site and type.
  await("the job's sign-in", [&] { return requests() > before; });
  return job;
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

TEST_CASE("where no service runs, a full sync removes the copies of feed files that were kept long enough") {
  Installation installation({.items = 20, .acumatica = {"--seed", "29"}});
  installation.run({"sync", "full"});
  const std::filesystem::directory_iterator spool(installation.state() / "feeds" / "eu");
  REQUIRE(spool != std::filesystem::directory_iterator{});
  const auto copy = spool->path();
  const auto now = std::filesystem::file_time_type::clock::now();
  std::filesystem::last_write_time(copy, now - std::chrono::hours{24 * 29});
  installation.run({"sync", "full"});
  CHECK(std::filesystem::exists(copy));
  std::filesystem::last_write_time(copy, now - std::chrono::hours{24 * 31});
  installation.run({"sync", "delta"});
  CHECK(std::filesystem::exists(copy));
  installation.run({"sync", "full"});
  CHECK_FALSE(std::filesystem::exists(copy));
}

TEST_CASE("a dry run prints the plan and sends nothing") {
  Installation installation({.items = 50, .acumatica = {"--seed", "22"}});
  installation.run({"sync", "full", "--dry-run"});
  CHECK_THAT(installation.output(), ContainsSubstring("  new\n"));
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

TEST_CASE("a job that had to park an item ends with 3 and names it, and with 0 once the item is right") {
  Installation installation({.items = 60, .acumatica = {"--seed", "26"}});
  installation.run({"sync", "full"});
  const auto key = installation.exported_items().begin()->first;
  const auto set_title = [&](const std::string& title) {
    installation.change({{"keys", {key}}, {"set", {{"Description", title}}}, {"notify", false}});
  };
  set_title(std::string(121, 'x'));  // one more than Rithum takes
  CHECK(installation.run({"sync", "delta", "--dry-run"}) == 3);
  CHECK_THAT(installation.output(), ContainsSubstring(key + "  parked\n    value.too_long: ") && ContainsSubstring("120"));
  REQUIRE(installation.run({"sync", "delta"}) == 3);
  CHECK_THAT(installation.output(), ContainsSubstring("parked 1"));
  set_title("Short again");
  CHECK(installation.run({"sync", "delta"}) == 0);
  await("the change in Rithum",
        [&] { return installation.products().at(key)["values"]["Auction Title"] == "Short again"; });
}

TEST_CASE("a job beside a running one of its kind ends with 4, and a job that is told to stop with 5") {
  Installation installation({.items = 60, .acumatica = {"--seed", "27"}});
  const auto job = start_slow_full_sync(installation);
  CHECK(installation.run({"sync", "full"}) == 4);
  CHECK_THAT(installation.error_output(), ContainsSubstring("a full run of site eu is under way"));

  job->terminate();
  CHECK(job->wait(std::chrono::seconds{60}) == 5);
  CHECK_THAT(job->output(), ContainsSubstring("Processing cancelled"));

  installation.acumatica().control("behaviour", Json{{"latency_ms", 0}});
  const int code = installation.run({"sync", "full"});
  CHECK((code == 0 || code == 3));
  await("every exported item in Rithum",
        [&] { return installation.products().size() == installation.exported_items().size(); });
}

TEST_CASE("jobs work beside a running service on the same store") {
  Installation installation({.items = 60, .acumatica = {"--seed", "28"}});
  installation.serve();
  const int full = installation.run({"sync", "full"});
  CHECK((full == 0 || full == 3));
  const auto exported = installation.exported_items();
  const auto by_job = exported.begin()->first;
  const auto by_push = exported.rbegin()->first;
  installation.change({{"keys", {by_job}}, {"set", {{"Description", "By the job"}}}, {"notify", false}});
  installation.change({{"keys", {by_push}}, {"set", {{"Description", "By the service"}}}});
  const int delta = installation.run({"sync", "delta"});
  CHECK((delta == 0 || delta == 3));
  installation.settle();
  const auto products = installation.products();
  CHECK(products.at(by_job)["values"]["Auction Title"] == "By the job");
  CHECK(products.at(by_push)["values"]["Auction Title"] == "By the service");
  for (const auto& [sku, product] : products) {
    INFO("SKU " << sku);
    CHECK(product["rows_applied"] == (sku == by_job || sku == by_push ? 2 : 1));
  }

  installation.acumatica().control("behaviour", Json{{"latency_ms", 3'600'000}});
  const auto run = installation.api("/v1/sites/eu/syncs", Json{{"type", "full"}})["id"].get<std::string>();
  CHECK(installation.run({"sync", "full"}) == 4);
  CHECK_THAT(installation.error_output(), ContainsSubstring(run));
  static_cast<void>(installation.api("/v1/syncs/" + run + "/cancel", Json::object()));
  await("the end of the cancelled run", [&] { return installation.api("/v1/syncs/" + run)["state"] == "cancelled"; });
  CHECK(installation.stop_service() == 0);
}
