#include "server/control_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

#include "base/bytes.hpp"
#include "catalog/product.hpp"
#include "server/answers.hpp"
#include "server/json.hpp"
#include "sync/freshness.hpp"
#include "sync/near_skus.hpp"
#include "sync/resend.hpp"
#include "sync/settlement.hpp"
#include "sync/story.hpp"

namespace product_sync::server {
namespace {

constexpr std::uint64_t kLongestBody = 1U << 20U;
constexpr std::size_t kMostSkus = 1'000;

Response withdrawals_failed(const Error& error) {
  return error.code == "withdrawals.unknown" ? problem(404, error) : store_failed(error);
}

template <class Entry>
Response list_response(std::string_view name, const Result<std::vector<Entry>>& entries) {
  if (!entries) return store_failed(entries.error());
  Json list = Json::array();
  for (const auto& entry : *entries) list.push_back(to_json(entry));
  return json_response(200, {{name, std::move(list)}});
}

Result<std::optional<Instant>> time_member(const Json& body, const char* name) {
  const auto member = body.find(name);
  if (member == body.end() || member->is_null()) return std::optional<Instant>{};
  if (!member->is_string()) {
    return fail("sync.bad_request", fmt::format("\"{}\" must be a text with a date or time.", name));
  }
  auto instant = parse_iso8601(member->get<std::string>());
  if (!instant) return tl::unexpected(std::move(instant.error()));
  return std::optional{*instant};
}

Result<std::vector<std::string>> skus_member(const Json& body) {
  std::vector<std::string> skus;
  const auto member = body.find("skus");
  if (member == body.end()) return skus;
  bool sound = member->is_array() && !member->empty() && member->size() <= kMostSkus;
  for (auto one = member->begin(); sound && one != member->end(); ++one) {
    sound = one->is_string() && !trim(one->get_ref<const std::string&>()).empty();
    if (sound) skus.push_back(one->get<std::string>());
  }
  if (sound) return skus;
  return fail("sync.bad_request", fmt::format("\"skus\" must be a list of 1 to {} texts.", kMostSkus));
}

/// `{"type":"full|delta|custom","from":…,"to":…,"skus":[…],"dry_run":…}`
Result<sync::SyncRequest> parse_sync_request(const std::string& text) {
  const auto body = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) {
    return fail("sync.bad_request", "The body must be a JSON object.", R"(Send for instance {"type":"delta"}.)");
  }
  static constexpr std::array<std::string_view, 5> kMembers{"type", "from", "to", "skus", "dry_run"};
  for (const auto& [name, value] : body.items()) {
    if (std::find(kMembers.begin(), kMembers.end(), name) == kMembers.end()) {
      return fail("sync.bad_request", fmt::format("\"{}\" is not known here.", name),
                  "Members are type, from, to, skus and dry_run.");
    }
  }
  const auto type_member = body.find("type");
  const auto type = type_member != body.end() && type_member->is_string()
                        ? store::parse_run_type(type_member->get<std::string>())
                        : std::nullopt;
  if (!type || *type == store::RunType::push || *type == store::RunType::reconcile) {
    return fail("sync.bad_request", "\"type\" must be \"full\", \"delta\" or \"custom\".");
  }
  sync::SyncRequest request;
  request.type = *type;
  request.trigger = "api";
  const auto dry_run = body.find("dry_run");
  if (dry_run != body.end() && !dry_run->is_boolean()) {
    return fail("sync.bad_request", "\"dry_run\" must be true or false.");
  }
  request.dry_run = dry_run != body.end() && dry_run->get<bool>();
  auto from = time_member(body, "from");
  if (!from) return tl::unexpected(std::move(from.error()));
  auto to = time_member(body, "to");
  if (!to) return tl::unexpected(std::move(to.error()));
  if (*type != store::RunType::custom && (*from || *to || body.contains("skus"))) {
    return fail("sync.bad_request", "Only a custom sync has a range or SKUs.",
                "Leave \"from\", \"to\" and \"skus\" out, or ask for custom.");
  }
  auto skus = skus_member(body);
  if (!skus) return tl::unexpected(std::move(skus.error()));
  request.inventory_ids = std::move(*skus);
  request.from = *from;
  request.to = *to;
  return request;
}

/// `{"with_newer":…,"force":…}`, or nothing
Result<sync::NewerFiles> parse_newer_files(const std::string& text) {
  if (text.empty()) return sync::NewerFiles::refuse;
  const auto body = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  bool with_newer = false;
  bool force = false;
  bool known = body.is_object();
  for (auto member = body.begin(); known && member != body.end(); ++member) {
    bool* wanted = member.key() == "with_newer" ? &with_newer : member.key() == "force" ? &force : nullptr;
    known = wanted != nullptr && member->is_boolean();
    if (known) *wanted = member->get<bool>();
  }
  if (!known || (with_newer && force)) {
    return fail("files.bad_request", "The body must be empty, or a JSON object with \"with_newer\" or \"force\".");
  }
  return with_newer ? sync::NewerFiles::along : force ? sync::NewerFiles::ignore : sync::NewerFiles::refuse;
}

/// What is wrong with a file, or with the store.
Response files_failed(const Error& error) {
  const auto& code = error.code;
  if (code == "files.not_found" || code == "outbox.not_found") return problem(404, error);
  const bool conflict = code.starts_with("files.") || code.starts_with("outbox.") || code.starts_with("spool.") ||
                        code == "delivery.busy";
  return conflict ? problem(409, error) : store_failed(error);
}

}  // namespace

ControlApi::ControlApi(std::vector<std::string> sites, sync::Service& service, store::Store& store, PlanArchive& plans,
                       Clock& clock)
    : sites_(std::move(sites)), service_(service), store_(store), plans_(plans), clock_(clock) {}

std::vector<Route> ControlApi::routes() {
  struct Row {
    const char* method;
    const char* pattern;
    std::uint64_t longest_body;
    Response (ControlApi::*handle)(const Request&);
  };
  static constexpr std::array<Row, 18> kRows{{
      {"GET", "/v1/overview", 0, &ControlApi::overview},
      {"POST", "/v1/sites/{site}/syncs", kLongestBody, &ControlApi::start_sync},
      {"GET", "/v1/syncs", 0, &ControlApi::list_runs},
      {"GET", "/v1/syncs/{id}", 0, &ControlApi::show_run},
      {"GET", "/v1/syncs/{id}/plan", 0, &ControlApi::show_plan},
      {"POST", "/v1/syncs/{id}/cancel", kLongestBody, &ControlApi::cancel_run},
      {"GET", "/v1/sites/{site}/products", 0, &ControlApi::list_products},
      {"GET", "/v1/sites/{site}/products/{sku}", 0, &ControlApi::show_product},
      {"POST", "/v1/sites/{site}/products/{sku}/retry", kLongestBody, &ControlApi::retry_product},
      {"GET", "/v1/sites/{site}/notifications", 0, &ControlApi::show_notifications},
      {"GET", "/v1/sites/{site}/files", 0, &ControlApi::list_files},
      {"POST", "/v1/sites/{site}/files/{id}/resend", kLongestBody, &ControlApi::resend_file},
      {"POST", "/v1/sites/{site}/files/{id}/drop", kLongestBody, &ControlApi::drop_file},
      {"GET", "/v1/sites/{site}/retries", 0, &ControlApi::list_retries},
      {"GET", "/v1/sites/{site}/withdrawals", 0, &ControlApi::list_withdrawals},
      {"GET", "/v1/sites/{site}/withdrawals/{plan}", 0, &ControlApi::show_withdrawals},
      {"POST", "/v1/sites/{site}/withdrawals/{plan}/confirm", kLongestBody, &ControlApi::confirm_withdrawals},
      {"POST", "/v1/sites/{site}/withdrawals/{plan}/discard", kLongestBody, &ControlApi::discard_withdrawals},
  }};
  std::vector<Route> routes;
  for (const auto& row : kRows) {
    const auto call = [this, handle = row.handle](const Request& request) {
      const auto site = request.path_values.find("site");
      if (site != request.path_values.end() && service_.site(site->second) == nullptr)
        return unknown_site(site->second);
      return (this->*handle)(request);
    };
    routes.push_back({row.method, row.pattern, Access::operators, {}, row.longest_body, call});
  }
  return routes;
}

Response ControlApi::start_sync(const Request& request) {
  auto wanted = parse_sync_request(request.body);
  if (!wanted) return problem(400, wanted.error());
  const auto type = wanted->type;
  auto& site = *service_.site(request.path_value("site"));
  std::unique_ptr<PlanArchive::Draft> draft;
  if (wanted->dry_run) {
    auto begun = plans_.begin();
    if (!begun) return store_failed(begun.error());
    draft = std::move(*begun);
    wanted->plan = draft->sink();
  }
  const auto run = service_.runs().start(site, std::move(*wanted));
  if (run) {
    if (draft) {
      if (auto kept = draft->keep(run->id); !kept) return store_failed(kept.error());
    }
    auto response = json_response(202, to_json(*run));
    response.headers.emplace_back("Location", "/v1/syncs/" + run->id);
    return response;
  }
  if (run.error().code == "sync.bad_range") return problem(400, run.error());
  if (run.error().code != "run.conflict") return store_failed(run.error());
  const auto running = store_.runs().running(site.site(), type);
  Json body = {{"status", 409}, {"code", run.error().code}, {"title", run.error().message}};
  if (running && *running) body["running"] = to_json(**running);
  return {409, "application/problem+json", dump(body), {}};
}

Response ControlApi::list_runs(const Request& request) {
  return list_response("syncs", store_.runs().list(request.parameter("site"), limit_of(request)));
}

Response ControlApi::show_run(const Request& request) {
  const auto run = store_.runs().find(request.path_value("id"));
  if (!run) return store_failed(run.error());
  if (!*run) return problem(404, "run.not_found", fmt::format("There is no sync {}.", request.path_value("id")));
  return json_response(200, to_json(**run));
}

/// `{"plan":[…],"next":…,"cut":…}`; `next` is null once the run has ended and nothing follows.
Response ControlApi::show_plan(const Request& request) {
  const auto& id = request.path_value("id");
  const auto run = store_.runs().find(id);
  if (!run) return store_failed(run.error());
  if (!*run) return problem(404, "run.not_found", fmt::format("There is no sync {}.", id));
  const auto after = request.parameter("after");
  std::uint64_t from = 0;
  std::from_chars(after.data(), after.data() + after.size(), from);
  const auto page = plans_.read(id, from, limit_of(request));
  if (!page) return problem(page.error().code == "plan.not_found" ? 404 : 400, page.error());
  Json plan = Json::array();
  for (const auto& line : page->lines) plan.push_back(Json::parse(line));
  const bool ended = page->cut || (page->last && (*run)->finished);
  return json_response(
      200, {{"plan", std::move(plan)}, {"next", ended ? Json(nullptr) : Json(page->next)}, {"cut", page->cut}});
}

Response ControlApi::cancel_run(const Request& request) {
  const auto cancelled = service_.runs().cancel(request.path_value("id"));
  if (!cancelled) {
    const auto& code = cancelled.error().code;
    if (code == "run.not_found") return problem(404, cancelled.error());
    if (code == "run.finished") return problem(409, cancelled.error());
    return store_failed(cancelled.error());
  }
  auto response = show_run(request);
  if (response.status == 200) response.status = 202;
  return response;
}

Response ControlApi::list_products(const Request& request) {
  store::LedgerFilter filter;
  if (const auto state = request.parameter("state"); !state.empty()) {
    filter.state = store::parse_product_state(state);
    if (!filter.state) {
      return problem(400, "products.bad_state", fmt::format("\"{}\" is not a state of a product.", state),
                     "States are pending, sent, confirmed, rejected, overdue, parked, not_exported and withdrawn.");
    }
  }
  if (const auto kind = request.parameter("kind"); !kind.empty()) {
    filter.kind = catalog::parse_product_kind(kind);
    if (!filter.kind) {
      return problem(400, "products.bad_kind", fmt::format("\"{}\" is not a kind of product.", kind),
                     "Kinds are item, parent, child and kit.");
    }
  }
  filter.search = request.parameter("search");
  filter.after_key = request.parameter("after");
  filter.limit = limit_of(request);
  const auto entries = store_.ledger().list(request.path_value("site"), filter);
  if (!entries) return store_failed(entries.error());
  Json list = Json::array();
  for (const auto& entry : *entries) list.push_back(to_json(entry));
  Json next = nullptr;
  if (entries->size() == filter.limit) next = sync::key_of(entries->back().sku);
  return json_response(200, {{"products", std::move(list)}, {"next", std::move(next)}});
}

Response ControlApi::show_product(const Request& request) {
  const auto& site = request.path_value("site");
  const auto& sku = request.path_value("sku");
  const auto story = sync::tell_story(site, sku, store_);
  if (!story) return store_failed(story.error());
  if (*story) return json_response(200, to_json(**story));
  const auto near = sync::near_skus(site, sku, store_);
  if (!near) return store_failed(near.error());
  return problem(404, "product.not_found", fmt::format("Site {} knows no product {}.", site, sku),
                 near->empty() ? "A sync reads it if it is new in Acumatica." : sync::did_you_mean(*near));
}

Response ControlApi::retry_product(const Request& request) {
  const auto& site = request.path_value("site");
  const auto& sku = request.path_value("sku");
  const auto count = store_.proofs().resend_rejected(site, sync::key_of(sku), clock_.now());
  if (!count) return store_failed(count.error());
  if (*count == 0) {
    return problem(409, "product.not_rejected", fmt::format("Product {} of site {} is not rejected.", sku, site),
                   "Only what Rithum refused is sent again on demand; GET the product for its state.");
  }
  service_.retries_due(site);
  return show_product(request);
}

Response ControlApi::show_notifications(const Request& request) {
  const auto& site = request.path_value("site");
  const auto stats = store_.inbox().stats(site);
  if (!stats) return store_failed(stats.error());
  const auto bodies = store_.inbox().quarantined(site, limit_of(request));
  if (!bodies) return store_failed(bodies.error());
  auto json = to_json(*stats);
  json["quarantine"] = Json::array();
  for (const auto& body : *bodies) json["quarantine"].push_back(to_json(body));
  return json_response(200, json);
}

Response ControlApi::list_files(const Request& request) {
  return list_response("files", store_.outbox().list(request.path_value("site"), limit_of(request)));
}

Response ControlApi::resend_file(const Request& request) {
  const auto newer = parse_newer_files(request.body);
  if (!newer) return problem(400, newer.error());
  const auto& site = request.path_value("site");
  const auto files = sync::resend(site, request.path_value("id"), *newer, store_, clock_.now());
  if (!files) return files_failed(files.error());
  service_.files_waiting(site);
  Json list = Json::array();
  for (const auto& file : *files) list.push_back(to_json(file));
  return json_response(202, {{"resending", std::move(list)}});
}

Response ControlApi::drop_file(const Request& request) {
  const auto& text = request.path_value("id");
  store::FileId id = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (code != std::errc{} || end != text.data() + text.size()) {
    return problem(404, "outbox.not_found", fmt::format("\"{}\" is not the id of a file.", text));
  }
  const auto rows = service_.delivery(request.path_value("site"))->drop(id);
  if (!rows) return files_failed(rows.error());
  return json_response(200, {{"dropped", id}, {"rows", *rows}});
}

Response ControlApi::list_retries(const Request& request) {
  return list_response("retries", store_.retries().list(request.path_value("site"), limit_of(request)));
}

Response ControlApi::list_withdrawals(const Request& request) {
  return list_response("plans", store_.withdrawal_plans().list(request.path_value("site")));
}

Response ControlApi::show_withdrawals(const Request& request) {
  const auto& site = request.path_value("site");
  const auto& id = request.path_value("plan");
  const auto plans = store_.withdrawal_plans().list(site);
  if (!plans) return store_failed(plans.error());
  const auto plan = std::ranges::find(*plans, id, &store::WithdrawalPlan::id);
  if (plan == plans->end()) {
    return problem(404, "withdrawals.unknown", fmt::format("Site {} has no plan of withdrawals {}.", site, id),
                   "List the plans: one whose products changed has another id now.");
  }
  const auto limit = limit_of(request);
  const auto products = store_.withdrawal_plans().products(site, id, request.parameter("after"), limit);
  if (!products) return store_failed(products.error());
  auto json = to_json(*plan);
  json["withdrawals"] = Json::array();
  for (const auto& product : *products) json["withdrawals"].push_back(to_json(product));
  json["next"] = products->size() == limit ? Json(products->back().sku_key) : Json(nullptr);
  return json_response(200, json);
}

Response ControlApi::confirm_withdrawals(const Request& request) {
  const auto& site = request.path_value("site");
  const auto confirmed = store_.withdrawal_plans().confirm(site, request.path_value("plan"), clock_.now());
  if (!confirmed) return withdrawals_failed(confirmed.error());
  auto response = show_withdrawals(request);
  service_.notified(site);  // the site's pump carries it out
  if (response.status == 200) response.status = 202;
  return response;
}

Response ControlApi::discard_withdrawals(const Request& request) {
  const auto& plan = request.path_value("plan");
  const auto forgotten = store_.withdrawal_plans().forget(request.path_value("site"), plan);
  if (!forgotten) return withdrawals_failed(forgotten.error());
  return json_response(200, {{"discarded", plan}});
}

Response ControlApi::overview(const Request&) {
  Json sites = Json::array();
  for (const auto& id : sites_) {
    const auto stats = store_.inbox().stats(id);
    if (!stats) return store_failed(stats.error());
    const auto counts = store_.ledger().counts(id);
    if (!counts) return store_failed(counts.error());
    const auto watermark = store_.watermarks().get(id);
    if (!watermark) return store_failed(watermark.error());
    const auto runs = store_.runs().list(id, 10);
    if (!runs) return store_failed(runs.error());
    const auto files = store_.outbox().waiting_count(id);
    if (!files) return store_failed(files.error());
    const auto file = store_.outbox().next(id);
    if (!file) return store_failed(file.error());
    const auto plans = store_.withdrawal_plans().list(id);
    if (!plans) return store_failed(plans.error());
    const auto freshness = sync::freshness_of(id, *stats, service_.reconciliation(id) != nullptr, store_);
    if (!freshness) return store_failed(freshness.error());
    Json withdrawals = Json::array();
    for (const auto& plan : *plans) withdrawals.push_back(to_json(plan));
    Json products = Json::object();
    for (const auto& [state, count] : *counts) products[std::string(store::to_text(state))] = count;
    Json latest = Json::array();
    for (const auto& run : *runs) latest.push_back(to_json(run));
    sites.push_back({{"site", id},
                     {"freshness", to_json(*freshness)},
                     {"notifications", to_json(*stats)},
                     {"products", std::move(products)},
                     {"withdrawals", std::move(withdrawals)},
                     {"read_up_to", *watermark ? Json(to_iso8601(**watermark)) : Json(nullptr)},
                     {"waiting_files", *files},
                     {"waiting_file", *file ? to_json(**file) : Json(nullptr)},
                     {"syncs", std::move(latest)}});
  }
  Json loops = Json::array();
  for (const auto& loop : service_.health()) {
    loops.push_back({{"name", loop.name},
                     {"running", loop.running},
                     {"rounds", loop.rounds},
                     {"last_round", loop.rounds == 0 ? Json(nullptr) : Json(to_iso8601(loop.last_round))},
                     {"last_error", loop.last_error}});
  }
  return json_response(200,
                       {{"now", to_iso8601(clock_.now())}, {"sites", std::move(sites)}, {"loops", std::move(loops)}});
}

}  // namespace product_sync::server
