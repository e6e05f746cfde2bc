#include "server/intake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"

namespace product_sync::server {
namespace {

constexpr std::string_view kRetryAfterSeconds = "10";

Response overloaded(const Error& error) {
  auto response = problem(503, error);
  response.headers.emplace_back("Retry-After", kRetryAfterSeconds);
  return response;
}

}  // namespace

Intake::Intake(std::vector<IntakeSite> sites, store::Inbox& inbox, Clock& clock, Logger& log, Stored stored)
    : sites_(std::move(sites)), inbox_(inbox), clock_(clock), log_(log), stored_(std::move(stored)) {}

std::vector<Route> Intake::routes() {
  std::vector<Route> routes;
  for (const auto& site : sites_) {
    routes.push_back({"POST", "/v1/sites/" + site.id + "/notifications", Access::everyone,
                      [this, &site](const Request& request) { return admit(site, request); }, site.longest_body,
                      [this, &site](const Request& request) { return take(site, request); }});
  }
  const auto unknown_site = [](const Request& request) {
    return problem(404, "site.unknown", fmt::format("There is no site \"{}\".", request.path_value("site")),
                   "Check the address of the push destination against the sites of the configuration.");
  };
  routes.push_back({"POST", "/v1/sites/{site}/notifications", Access::everyone,
                    [unknown_site](const Request& request) -> std::optional<Response> { return unknown_site(request); },
                    0, unknown_site});
  return routes;
}

std::optional<Response> Intake::admit(const IntakeSite& site, const Request& request) const {
  const auto given = request.header(to_lower_ascii(site.header));
  bool known = false;
  for (const auto& secret : site.secrets) known = secret.matches(given) || known;  // no early end: constant time
  if (known && !given.empty()) return std::nullopt;
  log_.warning("intake.unauthorized", "A notification came without the site's secret.",
               {{"site", site.id}, {"peer", request.peer}, {"header_present", !given.empty()}});
  return problem(401, "intake.unauthorized", "The secret is missing or wrong.",
                 fmt::format("Set Header Name \"{}\" and the site's secret as Header Value on the push destination "
                             "(Push Notifications, SM302000).",
                             site.header));
}

Response Intake::take(const IntakeSite& site, const Request& request) {
  auto parsed = acumatica::parse_notification(request.body, site.rules);
  if (!parsed) return refuse(site, request, parsed.error());
  if (!site.tenant.empty() && !parsed->tenant.empty() && parsed->tenant != site.tenant) {
    return refuse(site, request,
                  {"notification.wrong_tenant",
                   fmt::format("CompanyId is \"{}\"; site {} takes notifications of \"{}\".", parsed->tenant, site.id,
                               site.tenant),
                   0});
  }
  if (!parsed->keys_complete) {
    log_.warning("intake.keys_missing", "A row names no inventory ID: what changed will be read by modification time.",
                 {{"site", site.id}, {"query", parsed->query}});
  }
  const auto id = parsed->id;
  auto stored = inbox_.put({site.id, std::move(parsed->tenant), std::move(parsed->query), std::move(parsed->id),
                            parsed->ticks, clock_.now(), std::move(parsed->keys), parsed->keys_complete, request.body});
  if (!stored) {
    log_.error("intake.not_stored", stored.error().text(), {{"site", site.id}, {"code", stored.error().code}});
    return overloaded(stored.error());
  }
  if (!stored->repeated) stored_(site.id);
  return {200,
          "application/json",
          fmt::format("{{\"id\":{},\"sequence\":{},\"repeated\":{}}}\n", json_quote(id), stored->sequence,
                      stored->repeated),
          {}};
}

Response Intake::refuse(const IntakeSite& site, const Request& request, const acumatica::Malformed& fault) {
  log_.warning("intake.malformed", fault.reason,
               {{"site", site.id}, {"code", fault.code}, {"offset", fault.offset}, {"bytes", request.body.size()}});
  const auto kept = inbox_.quarantine({site.id, clock_.now(), fault.code, fault.reason, fault.offset, request.body});
  if (!kept) {
    log_.error("intake.not_quarantined", kept.error().text(), {{"site", site.id}, {"code", kept.error().code}});
    return overloaded(kept.error());
  }
  auto reason = fault.offset == 0 ? fault.reason : fmt::format("{} (byte {})", fault.reason, fault.offset);
  return problem(400, fault.code, reason, "The body is kept in quarantine for a look.");
}

}  // namespace product_sync::server
