#include "server/drift_api.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "sync_bench.hpp"

using namespace product_sync;
using nlohmann::json;

namespace {

/// Reports of a site without Rithum's interface: they can be looked at, and none can be made.
class DriftApiBench : public SyncBench {
 public:
  DriftApiBench()
      : service({sync::ServedSite{*site_sync, *delivery, nullptr, nullptr, {}, {}, std::chrono::hours{1}}}, {}, *store,
                clock, log),
        api(service, *store),
        routes(api.routes()) {}

  server::Response call(const std::string& method, const std::string& path, const std::string& body = {},
                        std::multimap<std::string, std::string, std::less<>> query = {}) {
    auto matched = server::match(routes, method, path);
    REQUIRE(matched.route != nullptr);
    server::Request request;
    request.method = method;
    request.path = path;
    request.path_values = matched.path_values;
    request.query = std::move(query);
    request.body = body;
    return matched.route->handle(request);
  }
  json get(const std::string& path, std::multimap<std::string, std::string, std::less<>> query = {}) {
    const auto response = call("GET", path, {}, std::move(query));
    INFO(response.body);
    REQUIRE(response.status == 200);
    return json::parse(response.body);
  }
  void report() {
    const auto id = store->reconciliations().begin("eu", "run1", false, 500).value();
    const std::vector<store::DriftRow> rows{
        {0, store::DriftKind::different, "A", "1", "UPC", "=1+1", "a,b", store::Remedy::would_send},
        {0, store::DriftKind::missing, "B", "", "", "", "", store::Remedy::report_only}};
    REQUIRE(store->reconciliations().add(id, rows));
    store::DriftCounts counts;
    counts.missing = counts.different = counts.to_send = 1;
    counts.fields["UPC"] = 1;
    REQUIRE(store->reconciliations().complete(id, counts, clock.now()));
  }

  sync::Service service;
  server::DriftApi api;
  std::vector<server::Route> routes;
};

}  // namespace

TEST_CASE("reports are listed and shown, and their rows come page by page, by kind, and as CSV") {
  DriftApiBench bench;
  bench.report();
  const std::string all = "/v1/sites/eu/reconciliations";
  CHECK(bench.get(all)["reconciliations"][0]["id"] == "run1");
  const auto one = bench.get(all + "/run1");
  CHECK(one["counts"]["missing"] == 1);
  CHECK(one["counts"]["would_send"] == 1);
  CHECK(one["fields"]["UPC"] == 1);
  CHECK(one["run"].is_null());

  const auto first = bench.get(all + "/run1/drift", {{"limit", "1"}});
  CHECK(first["drift"].size() == 1);
  CHECK(first["drift"][0]["told"] == "=1+1");
  CHECK(first["next"] == 1);
  const auto second = bench.get(all + "/run1/drift", {{"after", "1"}});
  CHECK(second["drift"][0]["sku"] == "B");
  CHECK(second["next"].is_null());
  CHECK(bench.get(all + "/run1/drift", {{"kind", "missing"}})["drift"].size() == 1);
  CHECK(bench.call("GET", all + "/run1/drift", {}, {{"kind", "other"}}).status == 400);

  const auto csv = bench.call("GET", all + "/run1/drift.csv");
  CHECK(csv.content_type == "text/csv; charset=utf-8");
  CHECK(csv.body ==
        "site,kind,sku,product_id,field,told,shown,remedy\r\n"
        "eu,different,A,1,UPC,'=1+1,\"a,b\",would_send\r\n"
        "eu,missing,B,,,,,report_only\r\n");
}

TEST_CASE("what is not there, and what is asked for wrongly, is said") {
  DriftApiBench bench;
  CHECK(bench.call("GET", "/v1/sites/eu/reconciliations/none").status == 404);
  CHECK(bench.call("GET", "/v1/sites/eu/reconciliations/none/drift").status == 404);
  CHECK(bench.call("GET", "/v1/sites/eu/reconciliations/none/drift.csv").status == 404);
  CHECK(bench.call("GET", "/v1/sites/mars/reconciliations").status == 404);
  CHECK(bench.call("POST", "/v1/sites/eu/reconciliations", "[1]").status == 400);
  CHECK(bench.call("POST", "/v1/sites/eu/reconciliations", R"({"most":-1})").status == 400);
  const auto without_interface = bench.call("POST", "/v1/sites/eu/reconciliations");
  CHECK(without_interface.status == 409);
  CHECK_THAT(without_interface.body, ContainsSubstring("reconcile.no_interface"));
}
