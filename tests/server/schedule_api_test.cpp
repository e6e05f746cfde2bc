#include "server/schedule_api.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "sync_bench.hpp"

using namespace product_sync;
using nlohmann::json;

namespace {

sync::SiteSchedule api_schedule(schedule::Task task, std::string_view cron) {
  sync::SiteSchedule one{"eu", std::string(schedule::to_text(task)), task, false, {}};
  one.timing.cron = schedule::CronExpression::parse(cron).value();
  one.timing.zone = schedule::TimeZone::find("Europe/Berlin").value();
  return one;
}

/// The API of schedules over one real site whose loops stand still.
class ScheduleApiBench : public SyncBench {
 public:
  server::Response call(const std::string& method, const std::string& path, const std::string& body = {}) {
    server::Request request;
    request.method = method;
    request.path = path;
    request.body = body;
    auto matched = server::match(routes, method, path);
    REQUIRE(matched.route != nullptr);
    request.path_values = matched.path_values;
    return matched.route->handle(request);
  }
  json shown(const std::string& name) {
    const auto listed = json::parse(call("GET", "/v1/sites/eu/schedules").body);
    for (const auto& one : listed["schedules"]) {
      if (one["name"] == name) return one;
    }
    return {};
  }

  sync::Service service{{sync::ServedSite{*site_sync, *delivery, nullptr, nullptr, {}, {}, std::chrono::hours{1},
                                          {api_schedule(schedule::Task::full, "30 2 * * *"),
                                           api_schedule(schedule::Task::id_refresh, "7 7 13 * FRI")}}},
                        {}, *store, clock, log};
  server::ScheduleApi api{service, *store, clock};
  std::vector<server::Route> routes = api.routes();
};

}  // namespace

TEST_CASE("schedules are listed with what they do, when and how it went") {
  ScheduleApiBench bench;
  const auto full = bench.shown("full");
  CHECK(full["task"] == "full");
  CHECK(full["active"] == false);
  CHECK(full["cron"] == "30 2 * * *");
  CHECK(full["description"] == "every day at 02:30");
  CHECK(full["zone"] == "Europe/Berlin");
  CHECK(full["next"].is_null());
  CHECK(full["last"].is_null());
  CHECK(bench.shown("id_refresh")["description"].is_null());
}

TEST_CASE("a schedule is switched on and off, and back to what the configuration says") {
  ScheduleApiBench bench;  // 23 November 2026, midnight
  const std::string path = "/v1/sites/eu/schedules/full";
  const auto on = bench.call("PUT", path, R"({"active":true})");
  CHECK(on.status == 200);
  CHECK(json::parse(on.body)["next"] == "2026-11-23T01:30:00Z");
  CHECK(json::parse(on.body)["next_local"] == "2026-11-23T02:30:00+01:00");
  CHECK(bench.shown("full")["switched_by_operator"] == true);
  CHECK(json::parse(bench.call("PATCH", path, R"({"active":false})").body)["active"] == false);
  CHECK(json::parse(bench.call("PUT", path, R"({"active":null})").body)["switched_by_operator"] == false);
  for (const auto* wrong : {"", "[]", "{}", R"({"active":1})", R"({"active":true,"cron":"@daily"})"}) {
    INFO(wrong);
    CHECK(bench.call("PUT", path, wrong).status == 400);
  }
}

TEST_CASE("a schedule's task is started on demand, and its outcome shown") {
  ScheduleApiBench bench;
  bench.source.put(exported_item("A"));
  const auto reply = bench.call("POST", "/v1/sites/eu/schedules/full/run");
  REQUIRE(reply.status == 202);
  const auto id = json::parse(reply.body)["last"]["sync"].get<std::string>();
  CHECK(std::ranges::find(reply.headers, "/v1/syncs/" + id, &std::pair<std::string, std::string>::second) != reply.headers.end());
  while (bench.shown("full")["last"]["outcome"] == "running") std::this_thread::yield();  // its own thread ends it
  CHECK(bench.shown("full")["last"]["outcome"] == "succeeded");
  CHECK(bench.delivered().size() == 1);
}

TEST_CASE("a task that is under way is a conflict, and what a site cannot do fails with the reason") {
  ScheduleApiBench bench;
  const auto active = bench.site_sync->begin({.type = store::RunType::full, .trigger = "cli"});
  REQUIRE(active);
  CHECK(bench.call("POST", "/v1/sites/eu/schedules/full/run").status == 409);
  CHECK(bench.shown("full")["last"].is_null());
  CHECK(bench.call("POST", "/v1/sites/eu/schedules/id_refresh/run").status == 202);
  while (bench.shown("id_refresh")["last"]["outcome"] == "running") std::this_thread::yield();
  CHECK(bench.shown("id_refresh")["last"]["outcome"] == "failed");
  CHECK(bench.shown("id_refresh")["last"]["error"] ==
        "Site eu does not use Rithum's interface. Give the credentials under rithum in the configuration.");
}

TEST_CASE("schedules and sites that are not there are answered with what is") {
  ScheduleApiBench bench;
  const auto unknown = bench.call("PUT", "/v1/sites/eu/schedules/nightly", R"({"active":true})");
  CHECK(unknown.status == 404);
  CHECK(unknown.body.find("schedule.unknown") != std::string::npos);
  CHECK(bench.call("GET", "/v1/sites/us/schedules").status == 404);
}
