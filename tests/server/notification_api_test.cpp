#include "server/notification_api.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "server/sites_api.hpp"
#include "sync_bench.hpp"

using namespace product_sync;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

/// The APIs of notifications and of sites over one real site whose loops stand still.
class NotificationApiBench : public SyncBench {
 public:
  using Query = std::multimap<std::string, std::string, std::less<>>;

  server::Response call(const std::string& method, const std::string& path, const std::string& body = {}, Query query = {}) {
    server::Request request;
    request.method = method;
    request.path = path;
    request.body = body;
    request.query = std::move(query);
    const auto matched = server::match(routes, method, path);
    REQUIRE(matched.route != nullptr);
    request.path_values = matched.path_values;
    return matched.route->handle(request);
  }
  json get(const std::string& path, Query query = {}) {
    const auto response = call("GET", path, {}, std::move(query));
    REQUIRE(response.status == 200);
    return json::parse(response.body);
  }

  /// One that was carried on.
  void carried_on(const std::string& id) {
    store::NewNotification made;
    made.site = "eu";
    made.tenant = "T";
    made.query = "ProductChanges";
    made.id = id;
    made.received = clock.now();
    made.keys = {"ITEM-" + id};
    const auto stored = store->inbox().put(made);
    REQUIRE(stored);
    REQUIRE(store->inbox().complete("eu", "run-1", std::vector{stored->sequence}));
    clock.advance(1h);
  }

  sync::Service service{{sync::ServedSite{*site_sync, *delivery, nullptr, nullptr, {}, {}, 1h}}, {}, *store, clock, log};
  server::NotificationApi notifications{service, *store};
  server::SitesApi sites{{"eu"}, *store, clock};
  std::vector<server::Route> routes = [this] {
    auto all = notifications.routes();
    for (auto& route : sites.routes()) all.push_back(std::move(route));
    return all;
  }();
};

}  // namespace

TEST_CASE("notifications are shown page by page, and by their state") {
  NotificationApiBench bench;  // 23 November 2026, midnight
  for (const auto* id : {"1", "2", "3"}) bench.carried_on(id);
  const auto first = bench.get("/v1/sites/eu/inbox", {{"limit", "2"}});
  REQUIRE(first["notifications"].size() == 2);
  CHECK(first["notifications"][0] == json{{"sequence", 3}, {"received", "2026-11-23T02:00:00Z"}, {"query", "ProductChanges"}, {"id", "3"},
                                          {"keys", {"ITEM-3"}}, {"keys_complete", true}, {"pending", false}, {"run", "run-1"}});
  const auto second = bench.get("/v1/sites/eu/inbox", {{"limit", "2"}, {"after", first["next"]}});
  REQUIRE(second["notifications"].size() == 1);
  CHECK(second["notifications"][0]["id"] == "1");
  CHECK(second["next"].is_null());
  CHECK(bench.get("/v1/sites/eu/inbox", {{"state", "waiting"}})["notifications"].empty());
  CHECK(bench.get("/v1/sites/eu/inbox", {{"state", "completed"}})["notifications"].size() == 3);
  CHECK(bench.call("GET", "/v1/sites/eu/inbox", {}, {{"state", "lost"}}).status == 400);
  CHECK(bench.call("GET", "/v1/sites/eu/inbox", {}, {{"after", "3"}}).status == 400);
  CHECK(bench.call("GET", "/v1/sites/us/inbox").status == 404);
}

TEST_CASE("notifications of a range of time are replayed, and a wrong range is explained") {
  NotificationApiBench bench;
  for (const auto* id : {"1", "2", "3"}) bench.carried_on(id);
  const std::string path = "/v1/sites/eu/inbox/replay";
  const auto reply = bench.call("POST", path, R"({"from":"2026-11-23T01:00:00Z","to":"2026-11-23T03:00:00+00:00"})");
  CHECK(reply.status == 202);
  CHECK(json::parse(reply.body)["replayed"] == 2);
  CHECK(bench.get("/v1/sites/eu/inbox", {{"state", "waiting"}})["notifications"].size() == 2);
  for (const auto* wrong : {"", "[]", R"({"from":"2026-11-23"})", R"({"from":"yesterday","to":"2026-11-23"})", R"({"from":1,"to":2})",
                            R"({"from":"2026-11-24","to":"2026-11-23"})", R"({"from":"2026-11-22","to":"2026-11-23","all":true})"}) {
    INFO(wrong);
    const auto refused = bench.call("POST", path, wrong);
    CHECK(refused.status == 400);
    CHECK(refused.content_type == "application/problem+json");
  }
}

TEST_CASE("the sites are listed, and what each delivered in the last 24 hours") {
  NotificationApiBench bench;
  CHECK(bench.get("/v1/sites") == json{{"sites", {{{"site", "eu"}}}}});
  bench.source.put(exported_item("A"));
  bench.source.put(exported_item("B"));
  bench.full();
  bench.clock.advance(90min);
  bench.source.put(exported_item("C"));
  bench.full();
  const auto activity = bench.get("/v1/sites/eu/activity");
  REQUIRE(activity["hours"].size() == 24);
  CHECK(activity["complete"] == true);
  CHECK(activity["hours"][22]["rows"] == 2);
  CHECK(activity["hours"][23]["rows"] == 1);
  CHECK(activity["hours"][23]["median_ms"] == 0);  // simulated time stands still during a run
  CHECK(activity["hours"][0]["median_ms"].is_null());
  bench.clock.advance(25h);
  CHECK(bench.get("/v1/sites/eu/activity")["hours"][0]["rows"] == 0);
  CHECK(bench.call("GET", "/v1/sites/us/activity").status == 404);
}
