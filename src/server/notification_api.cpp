#include "server/notification_api.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "server/answers.hpp"
#include "server/json.hpp"

namespace product_sync::server {
namespace {

constexpr std::uint64_t kLongestReplayBody = 4'096;
constexpr std::uint64_t kMostReplayed = 50'000;

Json notification_json(const store::ReceivedNotification& one) {
  return {{"sequence", one.sequence},
          {"received", to_iso8601(one.received)},
          {"query", one.query},
          {"id", one.id},
          {"keys", one.keys},
          {"keys_complete", one.keys_complete},
          {"pending", one.pending},
          {"run", one.run_id.empty() ? Json(nullptr) : Json(one.run_id)}};
}

/// `TIME~SEQUENCE`, as `next` had it.
std::optional<store::ArchiveFilter::Place> parse_place(std::string_view text) {
  const auto mark = text.find('~');
  if (mark == std::string_view::npos) return std::nullopt;
  const auto received = parse_iso8601(text.substr(0, mark));
  const auto digits = text.substr(mark + 1);
  store::ArchiveFilter::Place place;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), place.sequence);
  if (!received || fault != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  place.received = *received;
  return place;
}

struct Range {
  Instant from;
  Instant to;
};

/// `{"from":…,"to":…}`
Result<Range> parse_range(const std::string& text) {
  const auto body = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  const bool known = body.is_object() && body.size() == 2 && body.contains("from") && body.contains("to") &&
                     body["from"].is_string() && body["to"].is_string();
  if (!known) {
    return fail("replay.bad_request", "The body must be a JSON object with \"from\" and \"to\" alone.",
                R"(Send for instance {"from":"2026-11-01T08:00:00Z","to":"2026-11-01T09:00:00Z"}.)");
  }
  const auto from = parse_iso8601(body["from"].get<std::string>());
  if (!from) return tl::unexpected(from.error());
  const auto to = parse_iso8601(body["to"].get<std::string>());
  if (!to) return tl::unexpected(to.error());
  if (*to <= *from) return fail("replay.bad_request", "The range ends before it begins.");
  return Range{*from, *to};
}

}  // namespace

std::vector<Route> NotificationApi::routes() {
  const auto at_site = [this](auto handle) {
    return [this, handle](const Request& request) {
      const auto& site = request.path_value("site");
      return service_.site(site) == nullptr ? unknown_site(site) : handle(request);
    };
  };
  return {{"GET", "/v1/sites/{site}/inbox", Access::operators, {}, 0, at_site([this](const Request& request) { return list(request); })},
          {"POST", "/v1/sites/{site}/inbox/replay", Access::operators, {}, kLongestReplayBody,
           at_site([this](const Request& request) { return replay(request); })}};
}

Response NotificationApi::list(const Request& request) const {
  store::ArchiveFilter filter;
  filter.limit = limit_of(request);
  if (const auto state = request.parameter("state"); !state.empty()) {
    if (state != "waiting" && state != "completed") {
      return problem(400, "inbox.bad_state", fmt::format("\"{}\" is not a state of a notification.", state),
                     "States are waiting and completed.");
    }
    filter.pending = state == "waiting";
  }
  if (const auto after = request.parameter("after"); !after.empty()) {
    const auto place = parse_place(after);
    if (!place) return problem(400, "inbox.bad_place", "\"after\" is not the \"next\" of another page.");
    filter.behind = *place;
  }
  const auto found = store_.notification_archive().list(request.path_value("site"), filter);
  if (!found) return store_failed(found.error());
  Json all = Json::array();
  for (const auto& one : *found) all.push_back(notification_json(one));
  Json next = nullptr;
  if (found->size() == filter.limit) next = fmt::format("{}~{}", to_iso8601(found->back().received), found->back().sequence);
  return json_response(200, {{"notifications", std::move(all)}, {"next", std::move(next)}});
}

Response NotificationApi::replay(const Request& request) {
  const auto range = parse_range(request.body);
  if (!range) return problem(400, range.error());
  const auto& site = request.path_value("site");
  const auto count = store_.notification_archive().replay(site, range->from, range->to, kMostReplayed);
  if (!count) return count.error().code == "replay.too_many" ? problem(422, count.error()) : store_failed(count.error());
  service_.replayed(site);
  return json_response(202, {{"replayed", *count}});
}

}  // namespace product_sync::server
