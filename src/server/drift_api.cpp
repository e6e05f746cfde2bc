#include "server/drift_api.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

#include "server/answers.hpp"
#include "server/drift_report.hpp"

namespace product_sync::server {
namespace {

constexpr std::uint64_t kLongestRequest = 1U << 20U;
constexpr std::size_t kCsvPage = 1'000;

/// `{"repair":…,"most":…}`, or nothing
Result<sync::ReconcileRequest> parse_reconcile_request(const std::string& text) {
  sync::ReconcileRequest request;
  request.trigger = "api";
  if (text.empty()) return request;
  const auto body = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  bool known = body.is_object();
  for (auto member = body.begin(); known && member != body.end(); ++member) {
    if (member.key() == "repair" && member->is_boolean()) {
      request.repair = member->get<bool>();
    } else if (member.key() == "most" && member->is_number_unsigned()) {
      request.most = member->get<std::uint64_t>();
    } else {
      known = false;
    }
  }
  if (known) return request;
  return fail("reconcile.bad_request",
              "The body must be empty, or a JSON object with \"repair\" (true or false) and \"most\" (a number).");
}

Response no_report(const Request& request) {
  return problem(404, "reconcile.not_found",
                 fmt::format("Site {} has no report {}.", request.path_value("site"), request.path_value("id")),
                 "GET the reconciliations of the site for the latest ones.");
}

}  // namespace

std::vector<Route> DriftApi::routes() {
  struct Row {
    const char* method;
    const char* pattern;
    std::uint64_t longest_body;
    Response (DriftApi::*handle)(const Request&);
  };
  static constexpr std::array<Row, 5> kRows{{
      {"POST", "/v1/sites/{site}/reconciliations", kLongestRequest, &DriftApi::start},
      {"GET", "/v1/sites/{site}/reconciliations", 0, &DriftApi::list},
      {"GET", "/v1/sites/{site}/reconciliations/{id}", 0, &DriftApi::show},
      {"GET", "/v1/sites/{site}/reconciliations/{id}/drift", 0, &DriftApi::rows},
      {"GET", "/v1/sites/{site}/reconciliations/{id}/drift.csv", 0, &DriftApi::rows_as_csv},
  }};
  std::vector<Route> routes;
  for (const auto& row : kRows) {
    const auto call = [this, handle = row.handle](const Request& request) {
      const auto& site = request.path_value("site");
      return service_.site(site) == nullptr ? unknown_site(site) : (this->*handle)(request);
    };
    routes.push_back({row.method, row.pattern, Access::operators, {}, row.longest_body, call});
  }
  return routes;
}

Response DriftApi::start(const Request& request) {
  auto wanted = parse_reconcile_request(request.body);
  if (!wanted) return problem(400, wanted.error());
  const auto& site = request.path_value("site");
  auto* reconciliation = service_.reconciliation(site);
  if (reconciliation == nullptr) {
    return problem(409, "reconcile.no_interface", fmt::format("What Rithum holds of site {} cannot be read.", site),
                   "Give the credentials of Rithum's interface under rithum in the configuration.");
  }
  const auto run = service_.runs().start(*reconciliation, std::move(*wanted));
  if (!run) return run.error().code == "run.conflict" ? problem(409, run.error()) : store_failed(run.error());
  auto response = json_response(202, to_json(*run));
  response.headers.emplace_back("Location", fmt::format("/v1/sites/{}/reconciliations/{}", site, run->id));
  return response;
}

Response DriftApi::list(const Request& request) {
  const auto reports = store_.reconciliations().list(request.path_value("site"), limit_of(request));
  if (!reports) return store_failed(reports.error());
  Json list = Json::array();
  for (const auto& report : *reports) {
    auto json = report_json(report);
    if (!json) return store_failed(json.error());
    list.push_back(std::move(*json));
  }
  return json_response(200, {{"reconciliations", std::move(list)}});
}

Result<Json> DriftApi::report_json(const store::DriftReport& report) const {
  const auto run = store_.runs().find(report.run_id);
  if (!run) return tl::unexpected(run.error());
  return to_json(report, *run ? &**run : nullptr);
}

Result<std::optional<store::DriftReport>> DriftApi::report_of(const Request& request) const {
  return store_.reconciliations().find(request.path_value("site"), request.path_value("id"));
}

Response DriftApi::show(const Request& request) {
  const auto report = report_of(request);
  if (!report) return store_failed(report.error());
  if (!*report) return no_report(request);
  const auto json = report_json(**report);
  return json ? json_response(200, *json) : store_failed(json.error());
}

Response DriftApi::rows(const Request& request) {
  std::optional<store::DriftKind> kind;
  if (const auto text = request.parameter("kind"); !text.empty()) {
    kind = store::parse_drift_kind(text);
    if (!kind) {
      return problem(400, "reconcile.bad_kind", fmt::format("\"{}\" is not a kind of drift.", text),
                     "Kinds are missing, different and extra.");
    }
  }
  std::int64_t after = 0;
  const auto cursor = request.parameter("after");
  std::from_chars(cursor.data(), cursor.data() + cursor.size(), after);
  const auto report = report_of(request);
  if (!report) return store_failed(report.error());
  if (!*report) return no_report(request);
  const auto limit = limit_of(request);
  const auto found = store_.reconciliations().rows((*report)->id, kind, after, limit);
  if (!found) return store_failed(found.error());
  Json list = Json::array();
  for (const auto& row : *found) list.push_back(to_json(row));
  return json_response(
      200, {{"drift", std::move(list)}, {"next", found->size() == limit ? Json(found->back().number) : Json(nullptr)}});
}

Response DriftApi::rows_as_csv(const Request& request) {
  const auto report = report_of(request);
  if (!report) return store_failed(report.error());
  if (!*report) return no_report(request);
  auto csv = drift_csv_header();
  std::int64_t after = 0;
  while (true) {
    const auto page = store_.reconciliations().rows((*report)->id, std::nullopt, after, kCsvPage);
    if (!page) return store_failed(page.error());
    for (const auto& row : *page) csv += drift_csv((*report)->site, row);
    if (page->size() < kCsvPage) return {200, "text/csv; charset=utf-8", std::move(csv), {}};
    after = page->back().number;
  }
}

}  // namespace product_sync::server
