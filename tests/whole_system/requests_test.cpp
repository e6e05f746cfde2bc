// The request log, through the real processes.

#include <algorithm>

#include "catch.hpp"
#include "installation.hpp"

using namespace product_sync;

namespace {

Json requests(Installation& installation, std::vector<std::string> filters) {
  filters.insert(filters.begin(), {"requests", "--json", "--most", "10000"});
  REQUIRE(installation.run(filters) == 0);
  return json_lines(installation.output());
}

}  // namespace

TEST_CASE("a sync's exchanges with Acumatica, Rithum and the destination are in the request log, without secrets") {
  Installation installation(
      {.items = 50, .rithum_interface = true, .confirmation = "      job_waits: 30s\n",
       .more = "    request_log: bodies\n"});
  REQUIRE(installation.run({"sync", "full", "--json"}) != 2);
  const auto run = json_lines(installation.output()).front()["id"].get<std::string>();

  const auto of_run = requests(installation, {"--run", run});
  const auto count = [&](const std::string& peer, const std::string& method) {
    return std::count_if(of_run.begin(), of_run.end(),
                         [&](const Json& one) { return one["peer"] == peer && one["method"] == method; });
  };
  CHECK(count("acumatica", "GET") >= 1);
  CHECK(count("destination", "put") == 1);
  CHECK(count("destination", "rename") == 1);
  for (const auto& one : of_run) CHECK(one["trace"] == of_run.front()["trace"]);
  CHECK_FALSE(requests(installation, {"--peer", "rithum"}).empty());

  // Signing in carries secrets both ways.
  const auto tokens = requests(installation, {"--peer", "acumatica", "--text", "/identity/connect/token"});
  REQUIRE_FALSE(tokens.empty());
  REQUIRE(installation.run({"requests", tokens.back()["number"].dump()}) == 0);
  CHECK_THAT(installation.output(), ContainsSubstring("grant_type=password"));
  CHECK_THAT(installation.output(), ContainsSubstring("password=***"));
  CHECK_THAT(installation.output(), ContainsSubstring("\"access_token\":\"***\""));
  REQUIRE(installation.run({"requests", "--csv"}) == 0);
  CHECK_THAT(installation.output(), ContainsSubstring("number,at,site,run,"));
  CHECK(installation.run({"requests", "--status", "abc"}) == 2);
  CHECK_THAT(installation.error_output(), ContainsSubstring("status: \"abc\" is not"));
}

TEST_CASE("notifications that come are in the request log, and in the API with what they were answered") {
  Installation installation({.items = 50});
  installation.serve();
  installation.change({{"count", 3}, {"seed", 5}});
  installation.settle();
  await("the notifications are recorded", [&] {
    return installation.api("/v1/requests?direction=incoming&status=200")["requests"].size() >= 3;
  });
  const auto notification = installation.api("/v1/requests?direction=incoming&limit=1")["requests"][0];
  CHECK(notification["method"] == "POST");
  CHECK(notification["peer"] == "acumatica");
  CHECK(notification["correlation"].get<std::string>().size() == 36);
  CHECK(installation.api("/v1/requests")["dropped"] == 0);
  CHECK_THAT(installation.get("/metrics").body, ContainsSubstring("product_sync_request_log_dropped_total 0"));
  CHECK_THAT(installation.get("/metrics").body, ContainsSubstring("product_sync_runs_total{site="));
}
