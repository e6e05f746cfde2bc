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
json default_set(const EntitySpec& spec, std::uint64_t number, std::uint64_t seed) {
  const std::uint64_t cents = mix(seed ^ mix(number)) % 50'000 + 100;
  const std::string rest = std::to_string(cents % 100);
  json set{{"Description", "Changed {key} no. {n}"}};
  if (spec.field("DefaultPrice")) {
    set["DefaultPrice"] = std::to_string(cents / 100) + "." + (rest.size() == 1 ? "0" : "") + rest;
  }
  return set;
}

/// `count` different items, drawn by `seed` among those that match `where`.
std::vector<std::string> draw_keys(const Catalogue& catalogue, std::uint64_t count, std::uint64_t seed,
                                   const std::string& where) {
  const int offset = catalogue.tenant().options().utc_offset_minutes;
  const Filter filter = Filter::parse(where, catalogue.spec(), {99, offset, false});
  const std::uint64_t items = catalogue.generated();
  std::vector<std::string> keys;
  std::set<std::uint64_t> drawn;
  for (std::uint64_t tries = 0; keys.size() < count && items > 0 && tries < items * 20; ++tries) {
    const std::uint64_t index = mix(mix(seed) + tries) % items + 1;
    if (!drawn.insert(index).second) continue;
    const auto item = catalogue.by_index(index);
    if (item && filter.matches(*item)) keys.push_back(item->key());
  }
  if (keys.size() < count) throw Refusal(400, "control: fewer than " + std::to_string(count) + " items match");
  return keys;
}

/// The entity that a request means.
const Catalogue& catalogue_of(const Request& request, const json& body) {
  const std::string name = body.value("entity", std::string("StockItem"));
  for (const EntitySpec& spec : entity_schemas()) {
    if (spec.name == name) return request.site.tenant[spec.table];
  }
  throw Refusal(400, "control: there is no entity '" + name + "'");
}

std::vector<std::string> wanted_keys(const Catalogue& catalogue, const json& body) {
  if (body.contains("keys")) {
    std::vector<std::string> keys;
    for (const json& key : body["keys"]) keys.push_back(catalogue.spec().key_from_path(key.get<std::string>()));
    return keys;
  }
  return draw_keys(catalogue, body.value("count", std::uint64_t{1}), body.value("seed", std::uint64_t{1}),
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
  const Catalogue& catalogue = catalogue_of(request, body);
  const EntitySpec& spec = catalogue.spec();
  const std::uint64_t seed = body.value("seed", std::uint64_t{1});
  Transactions transactions(request.site, body.value("notify", true),
                            body.value("rows_per_notification", std::size_t{1}));
  const bool tell = body.value("tell", true);
  json changed = json::array();
  std::uint64_t number = body.value("first_number", std::uint64_t{1});
  std::uint64_t count = 0;
  for (const std::string& key : wanted_keys(catalogue, body)) {
    const json set = body.contains("set") ? body["set"] : default_set(spec, number, seed);
    const Edit edit = read_set(set, spec, spec.key_as_path(key), number);
    const Change change = request.site.tenant.apply(spec.table, key, edit);
    ++number;
    if (change.touched.empty()) continue;
    ++count;
    if (tell)
      changed.push_back(
          {{"key", spec.key_as_path(change.after->key())}, {"touched", change.touched}, {"inserted", !change.before}});
    transactions.add(change);
  }
  transactions.finish();
  return {{"count", count}, {"changed", changed}};
}

json delete_items(const Request& request) {
  const json body = body_of(request);
  const Catalogue& catalogue = catalogue_of(request, body);
  Transactions transactions(request.site, body.value("notify", true),
                            body.value("rows_per_notification", std::size_t{1}));
  json deleted = json::array();
  for (const std::string& key : wanted_keys(catalogue, body)) {
    const Change change = request.site.tenant.remove(catalogue.spec().table, key);
    if (!change.before) continue;
    deleted.push_back(catalogue.spec().key_as_path(change.before->key()));
    transactions.add(change);
  }
  transactions.finish();
  return {{"count", deleted.size()}, {"deleted", deleted}};
}

json rename_item(const Request& request) {
  const json body = body_of(request);
  const EntitySpec& spec = catalogue_of(request, body).spec();
  const Change change = request.site.tenant.rename(spec.table, spec.key_from_path(body.at("key").get<std::string>()),
                                                   spec.key_from_path(body.at("to").get<std::string>()));
  if (!change.refused && body.value("notify", true)) request.site.notify({change});
  return {{"renamed", !change.refused}};
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
  json records = json::object();
  for (const EntitySpec& spec : entity_schemas()) records[std::string(spec.name)] = site.tenant[spec.table].size();
  return {
      {"items", site.tenant[Table::stock_items].size()},
      {"records", records},
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
  constexpr std::array<Route, 13> kRoutes{{
      {"POST", "control/change", change_items},
      {"POST", "control/delete", delete_items},
      {"POST", "control/rename", rename_item},
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
