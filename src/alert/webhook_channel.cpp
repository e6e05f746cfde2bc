#include "alert/webhook_channel.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace product_sync::alert {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::seconds kLongestWait{30};

std::string json_body(const Notice& notice) {
  const Json body{{"event", to_text(notice.kind)}, {"site", notice.site},     {"rule", notice.rule},
                  {"message", notice.message},     {"remedy", notice.remedy}, {"since", to_iso8601(notice.since)},
                  {"source", "product-sync"}};
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Slack takes `&`, `<` and `>` for markup of its own.
std::string slack_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    escaped += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  }
  return escaped;
}

std::string slack_body(const Notice& notice) {
  const bool over = notice.kind == Notice::Kind::recovered;
  auto text = fmt::format("*Product Sync{}*: {}", over ? ", over" : notice.kind == Notice::Kind::reminder ? ", still" : "",
                          slack_text(notice.message));
  if (!over && !notice.remedy.empty()) text += "\n" + slack_text(notice.remedy);
  return Json{{"text", text}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

/// The host alone: the path of such an address is what lets one post.
std::string WebhookChannel::describe() const {
  const auto& url = url_.reveal();
  const auto scheme = url.find("://");
  const auto host = scheme == std::string::npos ? 0 : scheme + 3;
  return "webhook " + url.substr(host, url.find_first_of("/?#", host) - host);
}

Result<void> WebhookChannel::tell(const Notice& notice, std::stop_token stop) {
  net::HttpRequest request;
  request.method = "POST";
  request.url = url_.reveal();
  request.headers = {{"Content-Type", "application/json"}};
  request.body = form_ == WebhookForm::slack ? slack_body(notice) : json_body(notice);
  request.total_timeout = kLongestWait;
  request.longest_response = 1U << 16U;
  const auto response = http_.send(request, std::move(stop));
  if (!response) {
    // Its message has the address in it.
    return fail("alerts.webhook", fmt::format("{} could not be told ({}).", describe(), response.error().code),
                "Check alerts.webhook.url and the way to it.", response.error().retry);
  }
  if (response->status / 100 == 2) return {};
  return fail("alerts.webhook", fmt::format("{} answered {}.", describe(), response->status), "Check alerts.webhook.",
              Retry::later);
}

}  // namespace product_sync::alert
