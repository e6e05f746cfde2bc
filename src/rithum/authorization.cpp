#include "rithum/authorization.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "base/base64.hpp"
#include "net/url.hpp"
#include "rithum/reply.hpp"

namespace product_sync::rithum {
namespace {

using std::chrono::seconds;

/// A token counts as expired this early, but never in the first half of its life.
constexpr seconds kEarly{60};
/// A token lives for an hour (rithum.md §5.1); used where the answer does not say.
constexpr seconds kLifetime{3600};
/// How long a refused refresh token is left alone.
constexpr std::chrono::minutes kRefusalHolds{15};
constexpr std::chrono::milliseconds kTimeout{60'000};

constexpr std::string_view kRemedy =
    "The application ID, the shared secret or the refresh token is wrong or revoked: authorise the application again in "
    "Rithum's Developer Console and put the new credentials under `rithum:`.";

struct TokenReply {
  std::string access_token;
  seconds expires_in = kLifetime;
};

std::optional<TokenReply> parse_reply(const std::string& body) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(body).get(root) != simdjson::SUCCESS) return std::nullopt;
  std::string_view text;
  if (root["access_token"].get_string().get(text) != simdjson::SUCCESS || text.empty()) return std::nullopt;
  TokenReply reply{std::string(text)};
  std::int64_t lifetime = 0;
  if (root["expires_in"].get_int64().get(lifetime) == simdjson::SUCCESS && lifetime > 0) {
    reply.expires_in = seconds{lifetime};
  }
  return reply;
}

}  // namespace

Authorization::Authorization(const std::string& base_url, Credentials credentials, net::HttpClient& client,
                             Clock& clock, Logger& logger)
    : url_(net::join_url(base_url, "oauth2/token")),
      credentials_(std::move(credentials)),
      client_(client),
      clock_(clock),
      logger_(logger) {}

Result<Authorization::Generation> Authorization::authorize(net::HttpRequest& request, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  const auto ready = [&] { return token_ && clock_.now() < token_->use_until; };
  auto renewed = flight_.run(lock, stop, ready, [&] { return renew(stop); });
  if (!renewed) return tl::unexpected<Error>(std::move(renewed.error()));
  if (!token_) return fail("rithum.unauthorized", "The new access token was refused.", {}, Retry::later);
  request.headers.push_back({"Authorization", "Bearer " + token_->text});
  return generation_;
}

void Authorization::denied(Generation generation) {
  const std::lock_guard lock(mutex_);
  if (generation == generation_) token_.reset();  // else another thread has renewed meanwhile
}

Result<void> Authorization::keep_alive(std::chrono::hours idle, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  const Instant now = clock_.now();
  const auto ready = [&] { return used_ && now - *used_ < idle; };
  return flight_.run(lock, stop, ready, [&] { return renew(stop); });
}

Result<void> Authorization::renew(std::stop_token stop) {
  {
    const std::lock_guard lock(mutex_);
    if (refusal_ && clock_.now() < refusal_->until) return tl::unexpected<Error>(refusal_->error);
  }
  net::HttpRequest request;
  request.method = "POST";
  request.url = url_;
  request.headers = {
      {"Authorization",
       "Basic " + to_base64(credentials_.application_id + ":" + credentials_.shared_secret.reveal())},
      {"Content-Type", "application/x-www-form-urlencoded"},
      {"Accept", "application/json"}};
  request.body = net::QueryBuilder()
                     .add("grant_type", "refresh_token")
                     .add("refresh_token", credentials_.refresh_token.reveal())
                     .text();
  request.total_timeout = kTimeout;
  const Instant asked = clock_.now();
  auto response = client_.send(request, std::move(stop));
  if (!response) return tl::unexpected<Error>(std::move(response.error()));
  if (response->status != 200 || says_denied(*response)) return refused(*response);

  auto reply = parse_reply(response->body);
  if (!reply) {
    return fail("rithum.unexpected_reply", fmt::format("{} answered 200 without an access token.", url_),
                "Check rithum.url.");
  }
  const std::lock_guard lock(mutex_);
  token_ = Token{std::move(reply->access_token), asked + std::max(reply->expires_in - kEarly, reply->expires_in / 2)};
  ++generation_;
  used_ = asked;
  refusal_.reset();
  return {};
}

tl::unexpected<Error> Authorization::refused(const net::HttpResponse& response) {
  Error error = failure("Getting an access token", response, clock_.now());
  if (error.retry == Retry::later) return tl::unexpected<Error>(std::move(error));
  // Often the plain text "Bad Request": asking again brings the same (rithum.md §6.1, 13).
  error.code = "rithum.authorization_lost";
  error.remedy = kRemedy;
  logger_.error(error.code, error.message, {{"remedy", error.remedy}});
  const std::lock_guard lock(mutex_);
  refusal_ = Refusal{error, clock_.now() + kRefusalHolds};
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace product_sync::rithum
