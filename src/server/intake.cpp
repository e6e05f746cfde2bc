#include "server/intake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/bytes.hpp"

namespace product_sync::server {
namespace {

constexpr std::string_view kStoreRetryAfter = "10";

/// Of a body that is recorded. The whole one is in the inbox, or in quarantine.
constexpr std::size_t kRecordedBody = 64U << 10U;

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
  Monotonic since;
  Exchange exchange;  // when it is recorded
  std::string body;   // when bodies are
};

std::shared_ptr<Intake::Pending> Intake::pending(const IntakeSite& site, const Request& request, Reply reply) {
  auto pending = std::make_shared<Pending>(Pending{std::move(reply), InFlight::Mark(in_flight_), {}, {}, {}});
  if (!recorded_) return pending;
  pending->since = clock_.monotonic();
  pending->exchange.started = clock_.now();
  pending->exchange.method = request.method;
  pending->exchange.target = request.path;
  pending->exchange.bytes_received = request.body.size();
  if (site.record_bodies) pending->body = request.body.substr(0, kRecordedBody);
  return pending;
}

void Intake::answer(const IntakeSite& site, Pending& pending, Response response, std::string_view reason) const {
  if (recorded_) {
    auto& exchange = pending.exchange;
    exchange.status = response.status;
    exchange.bytes_sent = response.body.size();
    exchange.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.monotonic() - pending.since);
    exchange.error_code = response.code;
    exchange.error = reason;
    exchange.request_body = pending.body;
    if (site.record_bodies) exchange.response_body = response.body;
    recorded_(site.id, exchange);
  }
  pending.reply.send(std::move(response));
}

void Intake::record_refusal(const IntakeSite& site, const Request& request, const Response& refusal) const {
  if (!recorded_ || !sampler_.take("recorded " + refusal.code, clock_.monotonic())) return;
  Exchange exchange;
  exchange.started = clock_.now();
  exchange.method = request.method;
  exchange.target = request.path;
  exchange.status = refusal.status;
  exchange.error_code = refusal.code;
  exchange.error = fmt::format("Refused; it came from {}.", request.peer.address.text());
  exchange.bytes_sent = refusal.body.size();
  recorded_(site.id, exchange);
}

Intake::Intake(std::vector<IntakeSite> sites, store::Inbox& inbox, Clock& clock, Logger& log, Stored stored,
               Recorded recorded)
    : inbox_(inbox), clock_(clock), log_(log), stored_(std::move(stored)), recorded_(std::move(recorded)) {
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
         [this, &door](const Request& request) {
           auto refusal = admit(door, request);
           if (refusal) record_refusal(door.site, request, *refusal);
           return refusal;
         },
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
  auto to = pending(site, request, std::move(reply));
  to->exchange.correlation = parsed->id;
  auto tell = [this, &site, to = std::move(to), id = parsed->id](const auto& stored) {
    if (!stored) return answer(site, *to, not_stored(site, stored.error()), stored.error().message);
    if (!stored->repeated) stored_(site.id);
    answer(site, *to,
           Response{200,
                    "application/json",
                    fmt::format("{{\"id\":{},\"sequence\":{},\"repeated\":{}}}\n", json_quote(id), stored->sequence,
                                stored->repeated),
                    {}});
  };
  inbox_.put({site.id, std::move(parsed->tenant), std::move(parsed->query), std::move(parsed->id), parsed->ticks,
              clock_.now(), std::move(parsed->keys), parsed->keys_complete, std::move(request.body)},
             std::move(tell));
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
  auto to = pending(site, request, std::move(reply));
  auto tell = [this, &site, fault, to = std::move(to)](const Result<void>& kept) {
    if (!kept) return answer(site, *to, not_stored(site, kept.error()), kept.error().message);
    const auto reason = fault.offset == 0 ? fault.reason : fmt::format("{} (byte {})", fault.reason, fault.offset);
    answer(site, *to, problem(400, fault.code, reason, "The body is kept in quarantine for a look."), reason);
  };
  inbox_.quarantine({site.id, clock_.now(), fault.code, fault.reason, fault.offset, std::move(request.body)},
                    std::move(tell));
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
