#include "server/schedule_api.hpp"

#include <fmt/format.h>

#include "server/json.hpp"
#include "sync/schedule_status.hpp"

namespace product_sync::server {
namespace {

constexpr std::uint64_t kLongestScheduleBody = 1U << 16U;

Response schedule_problem(const Error& error) {
  const bool conflict = error.code == "run.conflict";
  return problem(conflict ? 409 : error.code == "schedule.no_rithum" ? 422 : error.retry == Retry::later ? 503 : 500, error);
}

/// `{"active":true}`; null: as the configuration says.
Result<std::optional<bool>> parse_switch(const std::string& text) {
  const auto body = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto active = body.is_object() ? body.find("active") : body.end();
  if (active == body.end() || body.size() != 1 || !(active->is_boolean() || active->is_null())) {
    return fail("schedule.bad_request", "The body must be a JSON object with \"active\" alone: true, false or null.",
                R"(Send {"active":true}; null lets the configuration decide again.)");
  }
  return active->is_null() ? std::nullopt : std::optional(active->get<bool>());
}

}  // namespace

std::vector<Route> ScheduleApi::routes() {
  using Handle = Response (ScheduleApi::*)(const Request&, const sync::SiteSchedule&);
  const auto on_one = [this](Handle handle) {
    return [this, handle](const Request& request) {
      const auto& site = request.path_value("site");
      if (service_.site(site) == nullptr) return unknown_site(site);
      const auto& name = request.path_value("name");
      const auto* schedule = service_.scheduler().find(site, name);
      if (schedule != nullptr) return (this->*handle)(request, *schedule);
      return problem(404, fail("schedule.unknown", fmt::format("Site {} has no schedule \"{}\".", site, name),
                               fmt::format("GET /v1/sites/{}/schedules lists them; the configuration makes new ones.", site))
                              .value());
    };
  };
  const auto list_all = [this](const Request& request) { return list(request); };
  std::vector<Route> routes;
  const auto add = [&](const char* method, const char* pattern, std::uint64_t longest_body, auto handle) {
    routes.push_back({method, pattern, Access::operators, {}, longest_body, handle});
  };
  add("GET", "/v1/sites/{site}/schedules", 0, list_all);
  add("PUT", "/v1/sites/{site}/schedules/{name}", kLongestScheduleBody, on_one(&ScheduleApi::switch_one));
  add("PATCH", "/v1/sites/{site}/schedules/{name}", kLongestScheduleBody, on_one(&ScheduleApi::switch_one));
  add("POST", "/v1/sites/{site}/schedules/{name}/run", kLongestScheduleBody, on_one(&ScheduleApi::run));
  return routes;
}

Response ScheduleApi::list(const Request& request) {
  const auto& site = request.path_value("site");
  if (service_.site(site) == nullptr) return unknown_site(site);
  Json all = Json::array();
  for (const auto& schedule : service_.scheduler().schedules()) {
    if (schedule.site != site) continue;
    const auto status = sync::status_of(schedule, store_, clock_.now());
    if (!status) return schedule_problem(status.error());
    all.push_back(to_json(*status));
  }
  return json_response(200, {{"schedules", std::move(all)}});
}

Response ScheduleApi::switch_one(const Request& request, const sync::SiteSchedule& schedule) {
  const auto active = parse_switch(request.body);
  if (!active) return problem(400, active.error());
  if (auto done = store_.schedules().switch_to(schedule.site, schedule.name, *active); !done) {
    return schedule_problem(done.error());
  }
  service_.schedule_switched();
  return show(200, schedule);
}

Response ScheduleApi::run(const Request&, const sync::SiteSchedule& schedule) {
  const auto run = service_.scheduler().run_now(schedule);
  if (!run) return schedule_problem(run.error());
  auto response = show(202, schedule);
  if (!run->empty()) response.headers.emplace_back("Location", "/v1/syncs/" + *run);
  return response;
}

Response ScheduleApi::show(int status, const sync::SiteSchedule& schedule) {
  const auto found = sync::status_of(schedule, store_, clock_.now());
  if (!found) return schedule_problem(found.error());
  return json_response(status, to_json(*found));
}

}  // namespace product_sync::server
