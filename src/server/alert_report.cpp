#include "server/alert_report.hpp"

#include <utility>

#include "server/answers.hpp"

namespace product_sync::server {
namespace {

Json time_or_null(const std::optional<Instant>& instant) { return instant ? Json(to_iso8601(*instant)) : Json(nullptr); }

}  // namespace

Json to_json(const store::Alert& alert) {
  return {{"site", alert.site},
          {"rule", alert.rule},
          {"message", alert.message},
          {"remedy", alert.remedy},
          {"since", to_iso8601(alert.since)},
          {"told", time_or_null(alert.told)},
          {"recovered", time_or_null(alert.recovered)}};
}

Route alerts_route(store::Alerts& alerts) {
  return {"GET", "/v1/alerts", Access::operators, {}, 0, [&alerts](const Request& request) {
            const auto found = alerts.list(request.parameter("all") != "true", limit_of(request));
            if (!found) return store_failed(found.error());
            Json list = Json::array();
            for (const auto& alert : *found) list.push_back(to_json(alert));
            return json_response(200, {{"alerts", std::move(list)}});
          }};
}

}  // namespace product_sync::server
