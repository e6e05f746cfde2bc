#include "server/sites_api.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "server/answers.hpp"
#include "server/json.hpp"

namespace product_sync::server {
namespace {

constexpr std::size_t kHours = 24;
// The newest files; an installation with more of them in a day is told that its oldest hours may lack some.
constexpr std::size_t kMostFiles = 2'000;

/// What was delivered in one hour.
struct Hour {
  std::uint64_t files = 0;
  std::uint64_t rows = 0;
  std::vector<std::int64_t> milliseconds;  ///< from reading to delivery, of each file
};

Json hour_json(Hour hour, Instant from) {
  auto& times = hour.milliseconds;
  std::ranges::sort(times);
  return {{"from", to_iso8601(from)},
          {"to", to_iso8601(from + std::chrono::hours{1})},
          {"files", hour.files},
          {"rows", hour.rows},
          {"median_ms", times.empty() ? Json(nullptr) : Json(times[times.size() / 2])},
          {"slowest_ms", times.empty() ? Json(nullptr) : Json(times.back())}};
}

}  // namespace

SitesApi::SitesApi(std::vector<std::string> sites, store::Store& store, Clock& clock)
    : sites_(std::move(sites)), store_(store), clock_(clock) {}

std::vector<Route> SitesApi::routes() {
  return {{"GET", "/v1/sites", Access::operators, {}, 0, [this](const Request&) { return list(); }},
          {"GET", "/v1/sites/{site}/activity", Access::operators, {}, 0, [this](const Request& request) { return activity(request); }}};
}

Response SitesApi::list() const {
  Json all = Json::array();
  for (const auto& site : sites_) all.push_back({{"site", site}});
  return json_response(200, {{"sites", std::move(all)}});
}

Response SitesApi::activity(const Request& request) const {
  const auto& site = request.path_value("site");
  if (std::ranges::find(sites_, site) == sites_.end()) return unknown_site(site);
  const auto files = store_.outbox().list(site, kMostFiles);
  if (!files) return store_failed(files.error());
  const auto begin = clock_.now() - std::chrono::hours{kHours};
  std::array<Hour, kHours> hours;
  for (const auto& file : *files) {
    if (!file.delivered || *file.delivered < begin) continue;
    const auto past = static_cast<std::size_t>((*file.delivered - begin) / std::chrono::hours{1});
    auto& hour = hours[std::min(past, kHours - 1)];
    ++hour.files;
    hour.rows += file.file.rows;
    hour.milliseconds.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(*file.delivered - file.created).count());
  }
  Json all = Json::array();
  for (std::size_t i = 0; i < kHours; ++i) all.push_back(hour_json(std::move(hours[i]), begin + std::chrono::hours{i}));
  const bool complete = files->size() < kMostFiles || files->back().created < begin;
  return json_response(200, {{"hours", std::move(all)}, {"complete", complete}});
}

}  // namespace product_sync::server
