#include "control_api.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "columns.hpp"
#include "instant.hpp"
#include "value_lists.hpp"

namespace rithum_simulator {
namespace {

using nlohmann::json;

HttpReply reply_with(const json& body, int status = 200) {
  return {status, body.dump(-1, ' ', false, json::error_handler_t::replace) + "\n"};
}

HttpReply bad_request(const std::string& message) { return reply_with({{"error", message}}, 400); }

std::string_view name_of(Outcome outcome) {
  constexpr std::string_view kNames[] = {"created", "updated", "skipped", "rejected"};
  return kNames[static_cast<std::size_t>(outcome)];
}

json outcomes_to_json(const std::map<Outcome, std::uint64_t>& counts) {
  json body = json::object();
  for (const Outcome outcome : {Outcome::created, Outcome::updated, Outcome::skipped, Outcome::rejected}) {
    const auto found = counts.find(outcome);
    body[std::string(name_of(outcome))] = found == counts.end() ? 0 : found->second;
  }
  return body;
}

json to_json(const FileRecord& file) {
  json violations = json::array();
  for (const Violation& violation : file.header_violations) {
    violations.push_back(
        {{"rule", to_string(violation.rule)}, {"header", violation.header}, {"detail", violation.detail}});
  }
  json rejected = json::array();
  for (const RowReport& row : file.rejected) {
    rejected.push_back({{"line", row.line},
                        {"sku", row.sku},
                        {"reason", row.rejection.reason},
                        {"column", row.rejection.column},
                        {"detail", row.rejection.detail}});
  }
  return {{"number", file.number},
          {"name", file.name},
          {"directory", file.directory},
          {"mode", to_string(file.feed_name.mode)},
          {"prefix", file.feed_name.prefix},
          {"template_code", file.feed_name.template_code},
          {"bytes", file.bytes},
          {"sha256", file.sha256},
          {"headers", file.headers},
          {"header_violations", violations},
          {"refusal", file.refusal.empty() ? json() : json(file.refusal)},
          {"seen_growing", file.seen_growing},
          {"first_seen_at", to_iso(file.first_seen_at)},
          {"picked_up_at", to_iso(file.picked_up_at)},
          {"finished_at", to_iso(file.finished_at)},
          {"rows", file.rows},
          {"repeated_rows", file.repeated_rows},
          {"outcomes", outcomes_to_json(file.outcomes)},
          {"reasons", file.reasons},
          {"rejected", rejected},
          {"zeroed", file.zeroed},
          {"archived_as", file.archived_as.empty() ? json() : json(file.archived_as)}};
}

json to_json(const Product& product, const Catalogue& catalogue) {
  json values = json::object();
  json attributes = json::object();
  product.values.for_each([&](std::uint32_t key, std::string_view value) {
    const auto attribute = catalogue.attribute_name(key);
    if (attribute.empty()) {
      values[std::string(columns()[key].header)] = value;
    } else {
      attributes[std::string(attribute)] = value;
    }
  });
  return {{"sku", product.sku},
          {"id", product.id},
          {"listed", product.listed},
          {"rows_applied", product.rows_applied},
          {"created_at", to_iso(product.created_at)},
          {"updated_at", to_iso(product.updated_at)},
          {"values", values},
          {"attributes", attributes},
          {"labels", parse_labels(value_of(product, kLabelsColumn))}};
}

json to_json(const Faults& faults) {
  return {{"latency_ms", faults.latency.count()},      {"status", faults.status},
          {"status_requests", faults.status_requests}, {"cut_connections", faults.cut_connections},
          {"path_prefix", faults.path_prefix},         {"pause_pickup", faults.pause_pickup},
          {"denied_as_200", faults.denied_as_200}};
}

}  // namespace

struct ControlApi::Route {
  std::string_view method;
  std::string_view path;
  HttpReply (ControlApi::*answer)(const HttpRequest&);
};

const ControlApi::Route ControlApi::kRoutes[] = {
    {"GET", "/control/files", &ControlApi::files},         {"GET", "/control/products", &ControlApi::products},
    {"GET", "/control/product", &ControlApi::product},     {"GET", "/control/stats", &ControlApi::stats},
    {"GET", "/control/behaviour", &ControlApi::behaviour}, {"POST", "/control/behaviour", &ControlApi::set_behaviour},
    {"GET", "/control/jobs", &ControlApi::jobs},           {"POST", "/control/jobs", &ControlApi::set_jobs},
    {"POST", "/control/tamper", &ControlApi::tamper},      {"POST", "/control/reset", &ControlApi::reset},
};

HttpReply ControlApi::answer(const HttpRequest& request) {
  for (const Route& route : kRoutes) {
    if (route.method == request.method && route.path == request.path) return (this->*route.answer)(request);
  }
  return reply_with({{"error", "no such control: " + request.method + " " + request.path}}, 404);
}

HttpReply ControlApi::files(const HttpRequest& request) {
  const auto after = parse_whole(request.param("after")).value_or(0);
  json files = json::array();
  const std::lock_guard lock(world_.mutex);
  for (const FileRecord& file : world_.files) {
    if (file.number > after) files.push_back(to_json(file));
  }
  return reply_with({{"files", files}});
}

HttpReply ControlApi::products(const HttpRequest& request) {
  constexpr std::int64_t kDefaultLimit = 1000;
  constexpr std::int64_t kMaxLimit = 10000;
  const auto after = parse_whole(request.param("after")).value_or(0);
  const auto limit = parse_whole(request.param("limit")).value_or(kDefaultLimit);
  if (limit < 1 || limit > kMaxLimit) return bad_request("limit is 1 to " + std::to_string(kMaxLimit));

  const std::lock_guard lock(world_.mutex);
  const auto& products = world_.catalogue.products();
  auto product = std::ranges::upper_bound(products, after, {}, [](const Product& p) { return std::int64_t{p.id}; });
  json page = json::array();
  for (; product != products.end() && std::ssize(page) < limit; ++product) {
    page.push_back(to_json(*product, world_.catalogue));
  }
  const json next = product == products.end() ? json() : json(std::prev(product)->id);
  return reply_with({{"total", products.size()}, {"products", page}, {"next", next}});
}

HttpReply ControlApi::product(const HttpRequest& request) {
  const std::string sku = request.param("sku");
  const std::lock_guard lock(world_.mutex);
  const Product* product = world_.catalogue.find(sku);
  if (product == nullptr) return reply_with({{"error", "no product '" + sku + "'"}}, 404);
  return reply_with(to_json(*product, world_.catalogue));
}

HttpReply ControlApi::stats(const HttpRequest& /*request*/) {
  const std::lock_guard lock(world_.mutex);
  std::map<Outcome, std::uint64_t> outcomes;
  std::uint64_t rows = 0;
  std::uint64_t repeated = 0;
  std::uint64_t refused = 0;
  std::uint64_t zeroed = 0;
  for (const FileRecord& file : world_.files) {
    for (const auto& [outcome, count] : file.outcomes) outcomes[outcome] += count;
    rows += file.rows;
    repeated += file.repeated_rows;
    refused += file.refusal.empty() ? 0U : 1U;
    zeroed += file.zeroed;
  }
  return reply_with({{"products", world_.catalogue.products().size()},
                     {"files", world_.files.size()},
                     {"files_refused", refused},
                     {"partial_files_seen", world_.stats.partial_files_seen},
                     {"rows", rows},
                     {"repeated_rows", repeated},
                     {"outcomes", outcomes_to_json(outcomes)},
                     {"zeroed", zeroed},
                     {"idle", world_.processing == 0},
                     {"looks", world_.stats.looks},
                     {"tokens_issued", world_.stats.tokens_issued},
                     {"unauthorized", world_.stats.unauthorized},
                     {"over_limit", limits_.refused()},
                     {"requests", world_.stats.requests}});
}

HttpReply ControlApi::behaviour(const HttpRequest& /*request*/) { return reply_with(to_json(behaviour_.faults())); }

HttpReply ControlApi::set_behaviour(const HttpRequest& request) {
  const json wanted = json::parse(request.body, nullptr, false);
  if (!wanted.is_object()) return bad_request("a JSON object is expected");
  Faults faults = behaviour_.faults();
  bool expire = false;
  try {
    for (const auto& [key, value] : wanted.items()) {
      if (key == "latency_ms")
        faults.latency = std::chrono::milliseconds(value.get<std::int64_t>());
      else if (key == "status")
        faults.status = value.get<int>();
      else if (key == "status_requests")
        faults.status_requests = value.get<std::int64_t>();
      else if (key == "cut_connections")
        faults.cut_connections = value.get<std::int64_t>();
      else if (key == "path_prefix")
        faults.path_prefix = value.get<std::string>();
      else if (key == "pause_pickup")
        faults.pause_pickup = value.get<bool>();
      else if (key == "denied_as_200")
        faults.denied_as_200 = value.get<bool>();
      else if (key == "expire_tokens")
        expire = value.get<bool>();
      else
        return bad_request("no such behaviour: " + key);
    }
  } catch (const json::exception& error) {
    return bad_request(error.what());
  }
  behaviour_.set(faults);
  if (expire) tokens_.expire_all();
  return reply_with(to_json(faults));
}

HttpReply ControlApi::jobs(const HttpRequest& /*request*/) {
  const JobScript script = jobs_.script();
  return reply_with({{"steps", script.steps}, {"final_status", script.final_status}, {"hold", script.hold}});
}

HttpReply ControlApi::set_jobs(const HttpRequest& request) {
  const json wanted = json::parse(request.body, nullptr, false);
  if (!wanted.is_object()) return bad_request("a JSON object is expected");
  JobScript script = jobs_.script();
  try {
    for (const auto& [key, value] : wanted.items()) {
      if (key == "steps")
        script.steps = value.get<std::vector<std::string>>();
      else if (key == "final_status")
        script.final_status = value.get<std::string>();
      else if (key == "hold")
        script.hold = value.get<bool>();
      else
        return bad_request("no such setting: " + key);
    }
  } catch (const json::exception& error) {
    return bad_request(error.what());
  }
  jobs_.set_script(script);
  return jobs(request);
}

HttpReply ControlApi::tamper(const HttpRequest& request) try {
  const json wanted = json::parse(request.body);
  const std::string sku = wanted.at("sku");
  const std::lock_guard lock(world_.mutex);
  Product* product = world_.catalogue.find(sku);
  if (product == nullptr) return reply_with({{"error", "no product '" + sku + "'"}}, 404);
  const auto set = [product](std::uint32_t key, const json& value) {
    if (value.is_null()) {
      product->values.erase(key);
    } else {
      product->values.set(key, value.get<std::string>());
    }
  };
  const json values = wanted.value("values", json::object());
  for (const auto& [header, value] : values.items()) {
    const auto column = column_index(header);
    if (!column) return bad_request("no such header: " + header);
    set(static_cast<std::uint32_t>(*column), value);
  }
  const json attributes = wanted.value("attributes", json::object());
  for (const auto& [name, value] : attributes.items()) set(world_.catalogue.attribute_key(name), value);
  product->listed = wanted.value("listed", product->listed);
  product->updated_at = now_ms();
  if (wanted.value("new_id", false)) world_.catalogue.give_new_id(sku);
  if (wanted.value("remove", false)) world_.catalogue.remove(sku);
  return reply_with({{"tampered", sku}});
} catch (const json::exception& error) {
  return bad_request(error.what());
}

HttpReply ControlApi::reset(const HttpRequest& /*request*/) {
  behaviour_.reset();
  jobs_.clear();
  limits_.clear();
  const std::lock_guard lock(world_.mutex);
  world_.catalogue.clear();
  world_.files.clear();
  world_.stats = {};
  return reply_with({{"reset", true}});
}

}  // namespace rithum_simulator
