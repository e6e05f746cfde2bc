#include "server/request_api.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "store/store.hpp"
#include "support/simulated_clock.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;
using nlohmann::json;

namespace {

class RequestApiBench {
 public:
  RequestApiBench() {
    std::vector<store::LoggedExchange> entries(3);
    for (auto& entry : entries) {
      entry.at = clock.now();
      entry.site = "eu";
      entry.method = "GET";
      entry.status = 200;
    }
    entries[0].target = "https://erp/first";
    entries[1].target = "=cmd()";
    entries[1].status = 429;
    entries[1].failed = true;
    entries[1].response_body = "slow down";
    entries[2].target = "\xFF is no text";
    entries[2].site = "us";
    REQUIRE(store->request_log().add(entries));
  }

  server::Response call(const std::string& path, const std::string& query = {}) {
    server::Request request;
    request.method = "GET";
    request.path = path;
    request.query = server::parse_query(query);
    auto matched = server::match(routes, "GET", path);
    REQUIRE(matched.route != nullptr);
    request.path_values = matched.path_values;
    return matched.route->handle(request);
  }
  json listed(const std::string& path, const std::string& query = {}) {
    const auto response = call(path, query);
    REQUIRE(response.status == 200);
    return json::parse(response.body);
  }

  TemporaryDirectory folder{"requests"};
  SimulatedClock clock;
  Logger log{LogFormat::text, LogLevel::error};
  std::unique_ptr<store::Store> store = store::open_sqlite({.directory = folder / "data"}, clock, log).value();
  sync::ExchangeRecorder recorder{{}, store->request_log(), clock, log};
  server::RequestApi api{{"eu", "us"}, store->request_log(), recorder};
  std::vector<server::Route> routes = api.routes();
};

}  // namespace

TEST_CASE("the request log is listed newest first, page by page, with what was dropped") {
  RequestApiBench bench;
  const auto first = bench.listed("/v1/requests", "limit=2");
  REQUIRE(first["requests"].size() == 2);
  CHECK(first["requests"][0]["site"] == "us");
  CHECK(first["requests"][1]["target"] == "=cmd()");
  CHECK(first["dropped"] == 0);
  const auto rest = bench.listed("/v1/requests", "before=" + first["next"].dump());
  REQUIRE(rest["requests"].size() == 1);
  CHECK(rest["requests"][0]["target"] == "https://erp/first");
  CHECK(rest["next"].is_null());
}

TEST_CASE("the request log of one site is filtered as the query asks") {
  RequestApiBench bench;
  CHECK(bench.listed("/v1/sites/eu/requests")["requests"].size() == 2);
  CHECK(bench.listed("/v1/sites/eu/requests", "status=4xx")["requests"].size() == 1);
  CHECK(bench.listed("/v1/sites/eu/requests", "status=200-299")["requests"].size() == 1);
  CHECK(bench.listed("/v1/requests", "failed=true&text=SLOW")["requests"].size() == 1);
  CHECK(bench.listed("/v1/requests", "peer=rithum")["requests"].empty());
}

TEST_CASE("a filter that cannot be read is named, and so is a site that is not there") {
  RequestApiBench bench;
  const auto [query, name] = GENERATE(table<std::string, std::string>({
      {"status=abc", "status"},
      {"status=9xx", "status"},
      {"status=499-400", "status"},
      {"peer=sap", "peer"},
      {"direction=up", "direction"},
      {"failed=yes", "failed"},
      {"from=yesterday", "from"},
      {"to=32.12.2026", "to"},
      {"at_least_ms=-1", "at_least_ms"},
      {"least_bytes=1kB", "least_bytes"},
  }));
  const auto refused = bench.call("/v1/requests", query);
  CHECK(refused.status == 400);
  CHECK(json::parse(refused.body)["code"] == "requests.bad_filter");
  CHECK(json::parse(refused.body)["title"].get<std::string>().starts_with(name + ":"));
  CHECK(bench.call("/v1/sites/mars/requests").status == 404);
}

TEST_CASE("one exchange is shown with its bodies") {
  RequestApiBench bench;
  const auto number = bench.listed("/v1/requests", "failed=true")["requests"][0]["number"].dump();
  const auto shown = bench.listed("/v1/requests/" + number);
  CHECK(shown["response_body"] == "slow down");
  CHECK(bench.call("/v1/requests/999").status == 404);
  CHECK(bench.call("/v1/requests/x").status == 404);
}

TEST_CASE("the request log is exported as CSV and as JSON lines") {
  RequestApiBench bench;
  const auto csv = bench.call("/v1/requests.csv", "site=eu").body;
  CHECK(csv.starts_with("number,at,site,run,"));
  CHECK(csv.find("'=cmd()") != std::string::npos);  // no formula
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 3);
  const auto lines = bench.call("/v1/requests.jsonl").body;
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 3);
  CHECK(json::parse(lines.substr(0, lines.find('\n')))["site"] == "us");
}
