#include "server/request_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "server/answers.hpp"
#include "server/request_report.hpp"

namespace product_sync::server {
namespace {

constexpr std::size_t kExportPage = 1'000;
/// Exchanges of one export; the command line has no such limit.
constexpr std::size_t kMostExported = 20'000;

std::int64_t number_of(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::vector<Route> RequestApi::routes() {
  struct Row {
    const char* pattern;
    Response (RequestApi::*handle)(const Request&);
  };
  static constexpr std::array<Row, 5> kRows{{
      {"/v1/requests", &RequestApi::list},
      {"/v1/requests.csv", &RequestApi::csv},
      {"/v1/requests.jsonl", &RequestApi::json_lines},
      {"/v1/requests/{number}", &RequestApi::show},
      {"/v1/sites/{site}/requests", &RequestApi::list},
  }};
  std::vector<Route> routes;
  for (const auto& row : kRows) {
    const auto call = [this, handle = row.handle](const Request& request) { return (this->*handle)(request); };
    routes.push_back({"GET", row.pattern, Access::operators, {}, 0, call});
  }
  return routes;
}

/// The site may stand in the path; else in the query, as all else.
Result<store::ExchangeFilter> RequestApi::filter_of(const Request& request) const {
  const auto in_path = request.path_values.find("site");
  return parse_exchange_filter([&](std::string_view name) -> std::string_view {
    if (name == "site" && in_path != request.path_values.end()) return in_path->second;
    return request.parameter(name);
  });
}

Response RequestApi::list(const Request& request) {
  const auto filter = filter_of(request);
  if (!filter) return problem(400, filter.error());
  if (!filter->site.empty() && std::ranges::find(sites_, filter->site) == sites_.end()) return unknown_site(filter->site);
  const auto limit = limit_of(request);
  const auto found = log_.list(*filter, number_of(request.parameter("before")), limit);
  if (!found) return store_failed(found.error());
  Json list = Json::array();
  for (const auto& exchange : *found) list.push_back(to_json(exchange));
  return json_response(200, {{"requests", std::move(list)},
                             {"next", found->size() == limit ? Json(found->back().number) : Json(nullptr)},
                             {"dropped", recorder_.dropped()}});
}

Response RequestApi::show(const Request& request) {
  const auto number = number_of(request.path_value("number"));
  const auto found = log_.find(number);
  if (!found) return store_failed(found.error());
  if (*found) return json_response(200, to_json(**found));
  return problem(404, "requests.not_found", fmt::format("The request log has no number {}.", request.path_value("number")),
                 "It may have been forgotten: see request_log.keep and .most_bytes in the configuration.");
}

Response RequestApi::csv(const Request& request) {
  return exported(request, "text/csv; charset=utf-8", exchanges_csv_header(), exchange_csv);
}

Response RequestApi::json_lines(const Request& request) {
  return exported(request, "application/x-ndjson", {}, [](const store::LoggedExchange& exchange) {
    return to_json(exchange).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  });
}

template <class Line>
Response RequestApi::exported(const Request& request, std::string_view content_type, std::string text, const Line& line) {
  const auto filter = filter_of(request);
  if (!filter) return problem(400, filter.error());
  auto before = number_of(request.parameter("before"));
  std::size_t exported = 0;
  while (exported < kMostExported) {
    const auto page = log_.list(*filter, before, kExportPage);
    if (!page) return store_failed(page.error());
    for (const auto& exchange : *page) text += line(exchange);
    exported += page->size();
    if (page->size() < kExportPage) return {200, std::string(content_type), std::move(text), {}};
    before = page->back().number;
  }
  Response response{200, std::string(content_type), std::move(text), {}};
  response.headers.emplace_back("X-Next-Before", std::to_string(before));
  return response;
}

}  // namespace product_sync::server
