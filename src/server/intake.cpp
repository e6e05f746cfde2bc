#include "server/intake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/bytes.hpp"

namespace product_sync::server {
namespace {

constexpr std::string_view kStoreRetryAfter = "10";

Response overloaded(const Error& error) {
  auto response = problem(503, error);
  response.headers.emplace_back("Retry-After", kStoreRetryAfter);
  return response;
}

}  // namespace

/// A request whose outcome the inbox will tell.
struct Intake::Pending {
  Reply reply;
  InFlight::Mark mark;
};

std::shared_ptr<Intake::Pending> Intake::pending(Reply reply) {
  return std::make_shared<Pending>(Pending{std::move(reply), InFlight::Mark(in_flight_)});
}

Intake::Intake(std::vector<IntakeSite> sites, store::Inbox& inbox, Clock& clock, Logger& log, Stored stored)
    : inbox_(inbox), clock_(clock), log_(log), stored_(std::move(stored)) {
  for (auto& site : sites) doors_.emplace_back(std::move(site));
}

Intake::Door::Door(IntakeSite of)
    : site(std::move(of)), header(to_lower_ascii(site.header)), secrets(site.secrets), rate(site.rate_limit) {}

std::vector<Route> Intake::routes() {
  std::vector<Route> routes;
  for (auto& door : doors_) {
    const auto& site = door.site;
    routes.push_back(
        {"POST",
         "/v1/sites/" + site.id + "/notifications",
         Access::everyone,
         [this, &door](const Request& request) { return admit(door, request); },
         site.longest_body,
         {},
         Pool::intake,
         [this, &site](Request request, Reply reply) { take(site, std::move(request), std::move(reply)); }});
  }
  const auto unknown_site = [](const Request& request) {
    return problem(404, "site.unknown", fmt::format("There is no site \"{}\".", request.path_value("site")),
                   "Check the address of the push destination against the sites of the configuration.");
  };
  routes.push_back({"POST", "/v1/sites/{site}/notifications", Access::everyone,
                    [unknown_site](const Request& request) -> std::optional<Response> { return unknown_site(request); },
                    0, unknown_site, Pool::intake});
  return routes;
}

std::optional<Response> Intake::admit(Door& door, const Request& request) const {
  const auto& site = door.site;
  const auto& source = request.peer.address;
  if (!site.allow_from.empty() &&
      std::ranges::none_of(site.allow_from, [&](const auto& range) { return range.contains(source); })) {
    return problem(403, "intake.address", "Notifications are not taken from this address.",
                   "Add it to the site's notifications.allow_from.");
  }
  if (!door.rate.take(source, clock_.monotonic())) {
    auto response = problem(429, "intake.too_often", "Too many notifications come from this address.",
                            "The limit is the site's notifications.rate_limit.");
    response.headers.emplace_back("Retry-After", "1");
    return response;
  }
  const auto given = request.header(door.header);
  if (door.secrets.accepts(given) && !given.empty()) return std::nullopt;
  if (const auto held_back = sampler_.take("intake.unauthorized", clock_.monotonic())) {
    log_.warning(
        "intake.unauthorized", "A notification came without the site's secret.",
        {{"site", site.id}, {"peer", source.text()}, {"header_present", !given.empty()}, {"held_back", *held_back}});
  }
  return problem(401, "intake.unauthorized", "The secret is missing or wrong.",
                 fmt::format("Set Header Name \"{}\" and the site's secret as Header Value on the push destination "
                             "(Push Notifications, SM302000).",
                             site.header));
}

void Intake::take(const IntakeSite& site, Request request, Reply reply) {
  auto parsed = acumatica::parse_notification(request.body, site.rules);
  if (!parsed) return refuse(site, std::move(request), parsed.error(), std::move(reply));
  if (!site.tenant.empty() && !parsed->tenant.empty() && parsed->tenant != site.tenant) {
    const auto reason = fmt::format("CompanyId is \"{}\"; site {} takes notifications of \"{}\".", parsed->tenant,
                                    site.id, site.tenant);
    return refuse(site, std::move(request), {"notification.wrong_tenant", reason, 0}, std::move(reply));
  }
  if (!parsed->keys_complete) warn_of_missing_keys(site, parsed->query);
  auto answer = [this, &site, id = parsed->id, to = pending(std::move(reply))](const auto& stored) {
    if (!stored) return to->reply.send(not_stored(site, stored.error()));
    if (!stored->repeated) stored_(site.id);
    to->reply.send(Response{200,
                            "application/json",
                            fmt::format("{{\"id\":{},\"sequence\":{},\"repeated\":{}}}\n", json_quote(id),
                                        stored->sequence, stored->repeated),
                            {}});
  };
  inbox_.put({site.id, std::move(parsed->tenant), std::move(parsed->query), std::move(parsed->id), parsed->ticks,
              clock_.now(), std::move(parsed->keys), parsed->keys_complete, std::move(request.body)},
             std::move(answer));
}

void Intake::refuse(const IntakeSite& site, Request request, const acumatica::Malformed& fault, Reply reply) {
  if (const auto held_back = sampler_.take(fault.code, clock_.monotonic())) {
    log_.warning("intake.malformed", fault.reason,
                 {{"site", site.id},
                  {"code", fault.code},
                  {"offset", fault.offset},
                  {"bytes", request.body.size()},
                  {"held_back", *held_back}});
  }
  auto answer = [this, &site, fault, to = pending(std::move(reply))](const Result<void>& kept) {
    if (!kept) return to->reply.send(not_stored(site, kept.error()));
    const auto reason = fault.offset == 0 ? fault.reason : fmt::format("{} (byte {})", fault.reason, fault.offset);
    to->reply.send(problem(400, fault.code, reason, "The body is kept in quarantine for a look."));
  };
  inbox_.quarantine({site.id, clock_.now(), fault.code, fault.reason, fault.offset, std::move(request.body)},
                    std::move(answer));
}

void Intake::warn_of_missing_keys(const IntakeSite& site, const std::string& query) const {
  if (const auto held_back = sampler_.take("intake.keys_missing", clock_.monotonic())) {
    log_.warning("intake.keys_missing", "A row names no inventory ID: what changed will be read by modification time.",
                 {{"site", site.id}, {"query", query}, {"held_back", *held_back}});
  }
}

Response Intake::not_stored(const IntakeSite& site, const Error& error) const {
  if (const auto held_back = sampler_.take(error.code, clock_.monotonic())) {
    log_.error("intake.not_stored", error.text(), {{"site", site.id}, {"code", error.code}, {"held_back", *held_back}});
  }
  return overloaded(error);
}

}  // namespace product_sync::server
