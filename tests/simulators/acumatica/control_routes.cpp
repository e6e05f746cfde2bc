#include <array>
#include <set>

#include "put_body.hpp"
#include "refusal.hpp"
#include "routes.hpp"

namespace acumatica_sim {
namespace {

using nlohmann::json;

json body_of(const Request& request) {
  if (request.http.body.empty()) return json::object();
  json body = json::parse(request.http.body, nullptr, false);
  if (!body.is_object()) throw Refusal(400, "control: the body must be a JSON object");
  return body;
}

/// What changes when the caller does not say: a new description and a new price, recognisable by their number.
json default_set(std::uint64_t number, std::uint64_t seed) {
  const std::uint64_t cents = mix(seed ^ mix(number)) % 50'000 + 100;
  const std::string rest = std::to_string(cents % 100);
  return {{"Description", "Changed {key} no. {n}"},
          {"DefaultPrice", std::to_string(cents / 100) + "." + (rest.size() == 1 ? "0" : "") + rest}};
}

/// `count` different items, drawn by `seed` among those that match `where`.
std::vector<std::string> draw_keys(const Site& site, std::uint64_t count, std::uint64_t seed,
                                   const std::string& where) {
  const Catalogue& catalogue = site.catalogue;
  const Filter filter = Filter::parse(where, {99, catalogue.options().utc_offset_minutes, false});
  const std::uint64_t items = catalogue.options().items;
  std::vector<std::string> keys;
  std::set<std::uint64_t> drawn;
  for (std::uint64_t tries = 0; keys.size() < count && items > 0 && tries < items * 20; ++tries) {
    const std::uint64_t index = mix(mix(seed) + tries) % items + 1;
    if (!drawn.insert(index).second) continue;
    const auto item = catalogue.by_key(Seeded{&catalogue.options(), index}.key());
    if (item && filter.matches(*item)) keys.push_back(item->key());
  }
  if (keys.size() < count) throw Refusal(400, "control: fewer than " + std::to_string(count) + " items match");
  return keys;
}

std::vector<std::string> wanted_keys(const Request& request, const json& body) {
  if (body.contains("keys")) return body["keys"].get<std::vector<std::string>>();
  return draw_keys(request.site, body.value("count", std::uint64_t{1}), body.value("seed", std::uint64_t{1}),
                   body.value("where", std::string()));
}

/// Collects changes into transactions of `rows` items each.
class Transactions {
 public:
  Transactions(Site& site, bool notify, std::size_t rows)
      : site_(site), notify_(notify), rows_(std::max<std::size_t>(rows, 1)) {}

  void add(Change change) {
    if (!notify_) return;
    pending_.push_back(std::move(change));
    if (pending_.size() >= rows_) finish();
  }
  void finish() {
    site_.notify(pending_);
    pending_.clear();
  }

 private:
  Site& site_;
  const bool notify_;
  const std::size_t rows_;
  std::vector<Change> pending_;
};

json change_items(const Request& request) {
  const json body = body_of(request);
  const std::uint64_t seed = body.value("seed", std::uint64_t{1});
  Transactions transactions(request.site, body.value("notify", true),
                            body.value("rows_per_notification", std::size_t{1}));
  const bool tell = body.value("tell", true);
  json changed = json::array();
  std::uint64_t number = body.value("first_number", std::uint64_t{1});
  std::uint64_t count = 0;
  for (const std::string& key : wanted_keys(request, body)) {
    const json set = body.contains("set") ? body["set"] : default_set(number, seed);
    const Change change = request.site.catalogue.apply(key, read_set(set, key, number));
    ++number;
    if (change.touched.empty()) continue;
    ++count;
    if (tell)
      changed.push_back({{"key", change.after->key()}, {"touched", change.touched}, {"inserted", !change.before}});
    transactions.add(change);
  }
  transactions.finish();
  return {{"count", count}, {"changed", changed}};
}

json delete_items(const Request& request) {
  const json body = body_of(request);
  Transactions transactions(request.site, body.value("notify", true),
                            body.value("rows_per_notification", std::size_t{1}));
  json deleted = json::array();
  for (const std::string& key : wanted_keys(request, body)) {
    const Change change = request.site.catalogue.remove(key);
    if (!change.before) continue;
    deleted.push_back(change.before->key());
    transactions.add(change);
  }
  transactions.finish();
  return {{"count", deleted.size()}, {"deleted", deleted}};
}

json behaviour(const Request& request) {
  if (request.http.method == "POST") {
    request.site.behaviour.change(body_of(request));
    request.site.pushes.wake();
  }
  return request.site.behaviour.as_json();
}

json stats(const Request& request) {
  Site& site = request.site;
  const SessionCounts sessions = site.sessions.counts();
  const LicenceCounts licence = site.gate.counts();
  const PushCounts pushes = site.pushes.counts();
  json answers = json::object();
  for (const auto& [status, times] : pushes.answers) answers[std::to_string(status)] = times;
  return {
      {"items", site.catalogue.size()},
      {"requests", site.counts.as_json()},
      {"sessions",
       {{"seats_in_use", sessions.seats_in_use},
        {"most_seats", sessions.most_seats},
        {"tokens_issued", sessions.tokens_issued},
        {"refreshes", sessions.refreshes},
        {"refresh_reuses", sessions.refresh_reuses},
        {"refused_for_seats", sessions.refused_for_seats}}},
      {"licence",
       {{"processed", licence.processed},
        {"delayed", licence.delayed},
        {"declined", licence.declined},
        {"waiting", licence.waiting},
        {"most_waiting", licence.most_waiting},
        {"most_active", licence.most_active}}},
      {"notifications",
       {{"queued", pushes.queued},
        {"attempts", pushes.attempts},
        {"delivered", pushes.delivered},
        {"failed", pushes.failed},
        {"malformed", pushes.malformed},
        {"waiting", pushes.waiting},
        {"answers", answers}}},
  };
}

json reset_stats(const Request& request) {
  request.site.counts.reset();
  request.site.gate.reset_counts();
  request.site.pushes.reset_counts();
  return json::object();
}

json wait_pushes(const Request& request) {
  const auto longest = body_of(request).value("timeout_ms", std::int64_t{10'000});
  const bool idle = request.site.pushes.wait_idle(std::chrono::milliseconds{longest});
  return {{"idle", idle}, {"notifications", stats(request)["notifications"]}};
}

json failures(const Request& request) {
  json list = json::array();
  for (const auto& failure : request.site.pushes.failures()) {
    list.push_back({{"body", failure.body}, {"error", failure.error}});
  }
  return list;
}

json resend(const Request& request) { return {{"count", request.site.pushes.resend_failures()}}; }

json notify_raw(const Request& request) {
  request.site.pushes.add(request.http.body);
  return json::object();
}

json webhook(const Request& request) {
  request.site.pushes.set_url(body_of(request).at("url").get<std::string>());
  return json::object();
}

json expire(const Request& request) {
  request.site.sessions.expire(body_of(request).value("all", false));
  return json::object();
}

}  // namespace

void answer_control(const Request& request, httplib::Response& response) try {
  struct Route {
    std::string_view method;
    std::string_view path;
    json (*answer)(const Request&);
  };
  constexpr std::array<Route, 12> kRoutes{{
      {"POST", "control/change", change_items},
      {"POST", "control/delete", delete_items},
      {"GET", "control/behaviour", behaviour},
      {"POST", "control/behaviour", behaviour},
      {"GET", "control/stats", stats},
      {"POST", "control/reset-stats", reset_stats},
      {"POST", "control/wait-pushes", wait_pushes},
      {"GET", "control/failures", failures},
      {"POST", "control/resend", resend},
      {"POST", "control/notify", notify_raw},
      {"POST", "control/webhook", webhook},
      {"POST", "control/expire", expire},
  }};
  const std::string path = request.rest(0);
  for (const Route& route : kRoutes) {
    if (route.method != request.http.method || route.path != path) continue;
    set_json(response, 200, route.answer(request).dump(-1, ' ', false, json::error_handler_t::replace));
    return;
  }
  throw Refusal(404, "control: no such path; see acumatica-simulator --help");
} catch (const json::exception& error) {
  throw Refusal(400, std::string("control: ") + error.what());
}

}  // namespace acumatica_sim
