#include "server/control_api.hpp"

#include <nlohmann/json.hpp>

#include <atomic>

#include "catch.hpp"
#include "sync_bench.hpp"

using namespace product_sync;
using nlohmann::json;

namespace {

/// The control API over one real site; requests go through the route table.
class ApiBench : public SyncBench {
 public:
  ApiBench()
      : service({sync::ServedSite{*site_sync, *delivery, nullptr, nullptr, {}, {}, std::chrono::hours{1}}}, {}, *store,
                clock, log),
        plans(directory() / "plans", {.plans = 2, .plan_bytes = 20'000}),
        api({"eu"}, service, *store, plans, clock),
        routes(api.routes()) {}

  server::Response call(const std::string& method, const std::string& path, const std::string& body = {},
                        std::multimap<std::string, std::string, std::less<>> query = {}) {
    server::Request request;
    request.method = method;
    request.path = path;
    request.body = body;
    request.query = std::move(query);
    auto matched = server::match(routes, method, path);
    REQUIRE(matched.route != nullptr);
    request.path_values = matched.path_values;
    return matched.route->handle(request);
  }

  json ended(const std::string& id) {
    while (true) {  // the run's own thread ends it; the test's time limit is CTest's
      const auto run = json::parse(call("GET", "/v1/syncs/" + id).body);
      if (!run["finished"].is_null()) return run;
      std::this_thread::yield();
    }
  }

  sync::Service service;
  server::PlanArchive plans;
  server::ControlApi api;
  std::vector<server::Route> routes;
};

}  // namespace

TEST_CASE("a sync is started by POST, watched, and found in the list") {
  ApiBench bench;
  bench.source.put(exported_item("A"));
  const auto response = bench.call("POST", "/v1/sites/eu/syncs", R"({"type":"full"})");
  CHECK(response.status == 202);
  const auto id = json::parse(response.body)["id"].get<std::string>();
  const auto run = bench.ended(id);
  CHECK(run["state"] == "succeeded");
  CHECK(run["counts"]["rows"] == 1);
  const auto list = json::parse(bench.call("GET", "/v1/syncs").body)["syncs"];
  CHECK(list[0]["id"] == id);
}

TEST_CASE("the plan of a dry run is read page by page, and the latest are kept") {
  ApiBench bench;
  for (int i = 0; i < 5; ++i) bench.source.put(exported_item("ITEM" + std::to_string(i)));
  bench.source.put(exported_item("BAD", "ten"));
  const auto start = [&](const std::string& body) {
    bench.clock.advance(std::chrono::seconds{1});
    const auto id = json::parse(bench.call("POST", "/v1/sites/eu/syncs", body).body)["id"].get<std::string>();
    bench.ended(id);
    return id;
  };
  const auto first = start(R"({"type":"full","dry_run":true})");
  std::vector<std::string> skus;
  json next = 0;
  while (!next.is_null()) {
    const auto reply = bench.call("GET", "/v1/syncs/" + first + "/plan", {}, {{"limit", "4"}, {"after", next.dump()}});
    REQUIRE(reply.status == 200);
    const auto page = json::parse(reply.body);
    CHECK(page["cut"] == false);
    for (const auto& product : page["plan"]) skus.push_back(product["sku"]);
    next = page["next"];
  }
  CHECK(skus == std::vector<std::string>{"BAD", "ITEM0", "ITEM1", "ITEM2", "ITEM3", "ITEM4"});
  CHECK(bench.call("GET", "/v1/syncs/" + first + "/plan", {}, {{"after", "3"}}).status == 400);

  const auto one = start(R"({"type":"custom","skus":["ITEM2"],"dry_run":true})");
  CHECK(json::parse(bench.call("GET", "/v1/syncs/" + one + "/plan").body)["plan"].size() == 1);
  for (int i = 0; i < 200; ++i) bench.source.put(exported_item("MORE" + std::to_string(i)));
  const auto large = start(R"({"type":"full","dry_run":true})");
  const auto cut = json::parse(bench.call("GET", "/v1/syncs/" + large + "/plan", {}, {{"limit", "1000"}}).body);
  CHECK(cut["cut"] == true);
  CHECK(cut["plan"].size() < 206);
  CHECK(bench.call("GET", "/v1/syncs/" + first + "/plan").status == 404);
  CHECK(bench.call("GET", "/v1/syncs/none/plan").status == 404);
  CHECK(bench.call("GET", "/v1/syncs/" + start(R"({"type":"full"})") + "/plan").status == 404);
}

TEST_CASE("a second sync of the type is answered 409 with the one that runs, and the first can be cancelled") {
  ApiBench bench;
  for (int i = 0; i < 300; ++i) bench.source.put(exported_item("ITEM" + std::to_string(1000 + i)));
  std::atomic<bool> go = false;
  bench.source.before_page = [&] {
    while (!go) std::this_thread::yield();
    return Result<void>{};
  };
  const auto id = json::parse(bench.call("POST", "/v1/sites/eu/syncs", R"({"type":"full"})").body)["id"];
  const auto second = bench.call("POST", "/v1/sites/eu/syncs", R"({"type":"full"})");
  CHECK(second.status == 409);
  CHECK(json::parse(second.body)["running"]["id"] == id);

  CHECK(bench.call("POST", "/v1/syncs/" + id.get<std::string>() + "/cancel").status == 202);
  go = true;
  CHECK(bench.ended(id)["state"] == "cancelled");
  CHECK(bench.call("POST", "/v1/syncs/" + id.get<std::string>() + "/cancel").status == 409);
}

TEST_CASE("a wrong sync request is answered 400 and says what is wrong") {
  ApiBench bench;
  struct Row {
    const char* body;
    const char* expected;
  };
  const auto row =
      GENERATE(Row{"", "JSON object"}, Row{"[]", "JSON object"}, Row{R"({"type":"push"})", "full"},
               Row{R"({})", "type"}, Row{R"({"type":"full","dry_run":"yes"})", "dry_run"},
               Row{R"({"type":"full","form":1})", "form"}, Row{R"({"type":"delta","from":"2026-01-01"})", "custom"},
               Row{R"({"type":"custom"})", "date"}, Row{R"({"type":"custom","from":"yesterday"})", "yesterday"},
               Row{R"({"type":"custom","from":"2026-02-01","to":"2026-01-01"})", "ends"});
  INFO(row.body);
  const auto response = bench.call("POST", "/v1/sites/eu/syncs", row.body);
  CHECK(response.status == 400);
  CHECK_THAT(response.body, ContainsSubstring(row.expected));
}

TEST_CASE("products are listed by state, page by page, and shown one by one with what Rithum was told") {
  ApiBench bench;
  bench.source.put(exported_item("A"));
  bench.source.put(exported_item("B"));
  bench.source.put(exported_item("C", "ten"));
  bench.full();
  const auto sent = json::parse(bench.call("GET", "/v1/sites/eu/products", "", {{"state", "sent"}}).body);
  CHECK(sent["products"].size() == 2);
  const auto page = json::parse(bench.call("GET", "/v1/sites/eu/products", "", {{"limit", "1"}}).body);
  CHECK(page["products"][0]["sku"] == "A");
  const auto next =
      json::parse(bench.call("GET", "/v1/sites/eu/products", "", {{"limit", "1"}, {"after", page["next"]}}).body);
  CHECK(next["products"][0]["sku"] == "B");

  const auto product = json::parse(bench.call("GET", "/v1/sites/eu/products/a").body);
  CHECK(product["values"]["Buy It Now Price"] == "10.00");
  CHECK(json::parse(bench.call("GET", "/v1/sites/eu/products/C").body)["reason_code"] == "value.not_a_number");
  CHECK(bench.call("GET", "/v1/sites/eu/products/Z").status == 404);
  CHECK(bench.call("GET", "/v1/sites/eu/products", "", {{"state", "lost"}}).status == 400);
}

TEST_CASE("products are chosen by kind and by a part of the SKU, and the pages of a choice add up to it") {
  ApiBench bench;
  for (const char* id : {"MUG-1", "MUG-2", "MUG-3", "CUP-1"}) bench.source.put(exported_item(id));
  bench.source.put(exported_item("MUG-BAD", "ten"));
  bench.full();
  using Query = std::multimap<std::string, std::string, std::less<>>;
  const auto list = [&](const Query& query) { return json::parse(bench.call("GET", "/v1/sites/eu/products", "", query).body); };
  const auto skus = [&](Query query) {
    std::string text;
    query.emplace("limit", "2");
    while (true) {
      const auto page = list(query);
      for (const auto& product : page["products"]) text += product["sku"].get<std::string>() + " ";
      if (page["next"].is_null()) return text;
      query.erase("after");
      query.emplace("after", page["next"].get<std::string>());
    }
  };
  CHECK(skus({{"kind", "item"}, {"search", "mug"}, {"state", "sent"}}) == "MUG-1 MUG-2 MUG-3 ");
  CHECK(skus({{"kind", "item"}, {"search", "-1"}}) == "CUP-1 MUG-1 ");
  CHECK(skus({{"kind", "kit"}}).empty());
  const auto refused = bench.call("GET", "/v1/sites/eu/products", "", {{"kind", "thing"}});
  CHECK(refused.status == 400);
  CHECK_THAT(refused.body, ContainsSubstring("parent, child and kit"));
}

TEST_CASE("a product is shown with its story, whatever characters its SKU has, and an unknown one is a problem that helps") {
  ApiBench bench;
  bench.source.put(exported_item("MUG 01/RED"));
  const auto run = bench.full();
  const auto shown = bench.call("GET", "/v1/sites/eu/products/mug%2001%2Fred");
  REQUIRE(shown.status == 200);
  const auto product = json::parse(shown.body);
  CHECK(product["sku"] == "MUG 01/RED");
  CHECK(product["remedy"].is_null());
  CHECK(product["retry"].is_null());
  CHECK(product["components"] == json::array());
  std::string kinds;
  for (const auto& step : product["story"]) {
    kinds += step["kind"].get<std::string>() + " ";
    CHECK(step["run"] == run.id);
  }
  CHECK(kinds == "read decision plan row delivery ");
  const auto& row = product["story"][3];
  CHECK(row["file"]["name"] == run.file_name);
  CHECK(row["row"][0] == json{{"column", "Inventory Number"}, {"text", "MUG 01/RED"}});
  CHECK(row["times"] == 1);
  CHECK(row["until"].is_null());

  const auto unknown = bench.call("GET", "/v1/sites/eu/products/MUG%2001-RED");
  CHECK(unknown.status == 404);
  CHECK(unknown.content_type == "application/problem+json");
  CHECK_THAT(unknown.body, ContainsSubstring("Did you mean MUG 01/RED?"));
}

TEST_CASE("an unknown site is 404 on every route of sites") {
  ApiBench bench;
  CHECK(bench.call("GET", "/v1/sites/mars/products").status == 404);
  CHECK(bench.call("POST", "/v1/sites/mars/syncs", R"({"type":"full"})").status == 404);
}

TEST_CASE("the overview counts products, notifications and files, and the site's lists answer") {
  ApiBench bench;
  bench.source.put(exported_item("A"));
  bench.full();
  const auto overview = json::parse(bench.call("GET", "/v1/overview").body);
  CHECK(overview["sites"][0]["site"] == "eu");
  CHECK(overview["sites"][0]["products"]["sent"] == 1);
  CHECK(overview["sites"][0]["syncs"].size() == 1);
  CHECK_FALSE(overview["sites"][0]["read_up_to"].is_null());
  CHECK(json::parse(bench.call("GET", "/v1/sites/eu/files").body)["files"][0]["state"] == "delivered");
  CHECK(json::parse(bench.call("GET", "/v1/sites/eu/retries").body)["retries"].empty());
  CHECK(json::parse(bench.call("GET", "/v1/sites/eu/notifications").body)["pending"] == 0);
}

TEST_CASE("a delivered file is sent again by POST, and an older one than the last only when asked twice") {
  ApiBench bench;
  bench.source.put(exported_item("A", "10"));
  bench.full();
  bench.source.put(exported_item("A", "20"));
  bench.clock.advance(std::chrono::hours{1});
  bench.full();
  const auto files = json::parse(bench.call("GET", "/v1/sites/eu/files").body)["files"];
  const auto path = [](const json& file, const std::string& what) {
    return "/v1/sites/eu/files/" + std::to_string(file["id"].get<std::int64_t>()) + what;
  };
  const auto resent = bench.call("POST", path(files[0], "/resend"));
  CHECK(resent.status == 202);
  CHECK(json::parse(resent.body)["resending"][0]["name"] == files[0]["name"]);
  REQUIRE(bench.delivery->drain(std::nullopt, {}));

  const auto refused = bench.call("POST", path(files[1], "/resend"));
  CHECK(refused.status == 409);
  CHECK_THAT(refused.body, ContainsSubstring("files.newer_sent"));
  CHECK(bench.call("POST", path(files[1], "/resend"), R"({"force":true,"with_newer":true})").status == 400);
  CHECK(bench.call("POST", path(files[1], "/resend"), R"({"forse":true})").status == 400);
  const auto both = bench.call("POST", path(files[1], "/resend"), R"({"with_newer":true})");
  CHECK(both.status == 202);
  CHECK(json::parse(both.body)["resending"].size() == 2);
  CHECK(bench.call("POST", "/v1/sites/eu/files/999/resend").status == 404);
}

TEST_CASE("a file that waits is given up by POST, and no other") {
  ApiBench bench;
  bench.source.put(exported_item("A"));
  bench.destination.broken = true;
  bench.full();
  const auto file = json::parse(bench.call("GET", "/v1/sites/eu/files").body)["files"][0];
  const auto path = "/v1/sites/eu/files/" + std::to_string(file["id"].get<std::int64_t>()) + "/drop";
  const auto dropped = bench.call("POST", path);
  CHECK(dropped.status == 200);
  CHECK(json::parse(dropped.body)["rows"] == 1);
  CHECK(json::parse(bench.call("GET", "/v1/sites/eu/files").body)["files"][0]["state"] == "dropped");
  CHECK(json::parse(bench.call("GET", "/v1/sites/eu/retries").body)["retries"][0]["code"] == "delivery.dropped");
  CHECK(bench.call("POST", path).status == 409);
  CHECK(bench.call("POST", "/v1/sites/eu/files/x/drop").status == 404);
  CHECK(bench.call("POST", "/v1/sites/eu/files/999/drop").status == 404);
}

TEST_CASE("a product that Rithum refused is sent again on demand, and no other is") {
  ApiBench bench;
  auto& outbox = bench.store->outbox();
  const auto file = outbox.open("eu", "run", bench.clock.now()).value();
  const std::vector rows{store::StagedRow{"a", "A", "A", "hash", {{"Auction Title", "Product A"}}, bench.clock.now()}};
  REQUIRE(outbox.stage(file, rows));
  REQUIRE(outbox.seal(file, {"CAAll-1.txt", "/nowhere", 1, 1, ""}, {}, bench.clock.now()));
  REQUIRE(outbox.delivered(file, {store::Route::api, "token"}, bench.clock.now()));
  CHECK(bench.call("POST", "/v1/sites/eu/products/A/retry").status == 409);

  const std::vector refused{store::RefusedRow{"a", "Unknown supplier"}};
  REQUIRE(bench.store->proofs().settle(file, refused, store::OtherRows::confirmed, "", bench.clock.now()));
  CHECK(bench.call("POST", "/v1/sites/eu/products/B/retry").status == 409);
  const auto response = bench.call("POST", "/v1/sites/eu/products/a/retry");
  CHECK(response.status == 200);
  CHECK(json::parse(response.body)["state"] == "rejected");
  CHECK(json::parse(bench.call("GET", "/v1/sites/eu/retries").body)["retries"].size() == 1);
}
