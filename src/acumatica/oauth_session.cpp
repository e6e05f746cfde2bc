#include "acumatica/oauth_session.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "acumatica/reply.hpp"
#include "base/digest.hpp"
#include "net/retry.hpp"

namespace product_sync::acumatica {
namespace {

using std::chrono::seconds;

constexpr std::string_view kScope = "api offline_access";

/// A token counts as expired this early (acumatica.md §2.2), but never in the first half of its life.
constexpr seconds kEarly{60};

/// After a refusal the same credentials are not tried again for so long: repeated wrong passwords lock a user out.
constexpr std::chrono::minutes kRefusalHolds{15};

constexpr std::chrono::milliseconds kTokenTimeout{60'000};

constexpr std::string_view kRemedy =
    "On the Connected Applications form (SM303010) check that the application is active, its secret, its flow and its "
    "refresh "
    "token settings (Sliding, Infinite); then authorise it again and put the new credentials into the configuration.";

template <class Grant>
std::string seed_of(const Grant& grant) {
  if constexpr (std::is_same_v<Grant, RefreshTokenGrant>) {
    return "refresh\n" + grant.refresh_token.reveal();
  } else {
    return "password\n" + grant.user;
  }
}

std::string with_tenant(const std::string& client_id, const std::string& tenant) {
  return client_id.find('@') != std::string::npos ? client_id : client_id + "@" + tenant;
}

struct TokenReply {
  std::string access_token;
  std::string refresh_token;
  seconds expires_in{0};
};

std::optional<TokenReply> parse_reply(const std::string& body) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(body).get(root) != simdjson::SUCCESS) return std::nullopt;
  TokenReply reply;
  std::string_view text;
  if (root["access_token"].get_string().get(text) != simdjson::SUCCESS || text.empty()) return std::nullopt;
  reply.access_token = text;
  if (root["refresh_token"].get_string().get(text) == simdjson::SUCCESS) reply.refresh_token = text;

  std::int64_t count = 0;  // a number in the documentation, a string in the vendor's client
  if (root["expires_in"].get_int64().get(count) != simdjson::SUCCESS) {
    if (root["expires_in"].get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
    if (std::from_chars(text.data(), text.data() + text.size(), count).ec != std::errc{}) return std::nullopt;
  }
  if (count <= 0) return std::nullopt;
  reply.expires_in = seconds{count};
  return reply;
}

}  // namespace

OAuthSession::OAuthSession(Options options, net::HttpClient& client, TokenStore& store, Clock& clock, Logger& logger)
    : options_(std::move(options)),
      client_(client),
      store_(store),
      clock_(clock),
      logger_(logger),
      client_id_(
          std::visit([&](const auto& grant) { return with_tenant(grant.client_id, options_.tenant); }, options_.grant)),
      client_secret_(std::visit([](const auto& grant) { return grant.client_secret; }, options_.grant)),
      origin_(to_hex(sha256(options_.base_url + "\n" + client_id_ + "\n" +
                            std::visit([](const auto& grant) { return seed_of(grant); }, options_.grant)))) {}

Result<Session::Generation> OAuthSession::authorize(net::HttpRequest& request, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  const auto ready = [&] { return grant_ && clock_.now() < grant_->use_until; };
  auto renewed = flight_.run(lock, stop, ready, [&] { return renew(stop); });
  if (!renewed) return tl::unexpected<Error>(std::move(renewed.error()));
  if (!grant_) return fail("acumatica.unauthorized", "The new access token was refused.", {}, Retry::later);
  request.headers.push_back({"Authorization", "Bearer " + grant_->access_token.reveal()});
  return generation_;
}

void OAuthSession::answered(Generation generation, const net::HttpResponse& response) {
  if (response.status != 401) return;
  const std::lock_guard lock(mutex_);
  if (generation != generation_ || !grant_) return;  // another thread has renewed meanwhile
  rejected_ = grant_->access_token.reveal();
  grant_.reset();
}

Result<void> OAuthSession::renew(std::stop_token stop) {
  auto lock = store_.lock(stop);
  if (!lock) return tl::unexpected<Error>(std::move(lock.error()));
  if (unsaved_) return keep(*unsaved_);
  auto stored = store_.load();
  if (!stored) return tl::unexpected<Error>(std::move(stored.error()));
  if (*stored && (*stored)->origin != origin_) stored->reset();
  return renew_from(*stored);
}

Result<void> OAuthSession::renew_from(const std::optional<Grant>& stored) {
  std::string rejected;
  {
    const std::lock_guard lock(mutex_);
    rejected = rejected_;
  }
  if (stored && clock_.now() < stored->use_until && stored->access_token.reveal() != rejected) {
    use(*stored);  // of an earlier run, or another process has renewed
    return {};
  }

  Grant current{origin_, {}, {}, {}};
  if (stored) current = *stored;
  const auto* seed = std::get_if<RefreshTokenGrant>(&options_.grant);
  if (current.refresh_token.empty() && seed != nullptr) current.refresh_token = seed->refresh_token;
  if (refusal_ && refusal_->refresh_token == current.refresh_token.reveal() && clock_.now() < refusal_->until) {
    return tl::unexpected<Error>(refusal_->error);
  }

  const auto* password = std::get_if<PasswordGrant>(&options_.grant);
  if (!current.refresh_token.empty()) {
    auto refreshed = refresh(current);
    if (refreshed || refreshed.error().code != "acumatica.authorization_lost" || password == nullptr) return refreshed;
    logger_.warning("acumatica.refresh_refused", "The refresh token was refused; signing in with the password again.");
  }
  return sign_in(*password);
}

Result<void> OAuthSession::refresh(const Grant& current) {
  auto writable = store_.save(current);
  if (!writable) return writable;
  return request_token(current.refresh_token.reveal(),
                       form("refresh_token").add("refresh_token", current.refresh_token.reveal()));
}

Result<void> OAuthSession::sign_in(const PasswordGrant& grant) {
  return request_token(
      {}, form("password").add("username", grant.user).add("password", grant.password.reveal()).add("scope", kScope));
}

Result<void> OAuthSession::request_token(const std::string& refresh_token, const net::QueryBuilder& form) {
  net::HttpRequest request;
  request.method = "POST";
  request.url = net::join_url(options_.base_url, "identity/connect/token");
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  request.body = form.text();
  request.total_timeout = kTokenTimeout;
  auto response =
      client_.send(request, {});  // not to be cancelled: the answer holds a seat, and the only valid refresh token
  if (!response) return tl::unexpected<Error>(std::move(response.error()));
  if (response->status != 200) return refused(refresh_token, *response);

  auto reply = parse_reply(response->body);
  if (!reply) {
    return fail("acumatica.unexpected_reply", fmt::format("{} answered 200 without an access token.", request.url),
                "Check that the base URL is the Acumatica instance itself.");
  }
  const seconds usable = std::max(reply->expires_in - kEarly, reply->expires_in / 2);
  const std::string& newest = reply->refresh_token.empty() ? refresh_token : reply->refresh_token;
  return keep({origin_, Secret(newest), Secret(reply->access_token), clock_.now() + usable});
}

Result<void> OAuthSession::keep(Grant grant) {
  auto saved = store_.save(grant);
  if (!saved) {
    unsaved_ = std::move(grant);  // the next authorize() saves it before anything else
    return saved;
  }
  unsaved_.reset();
  refusal_.reset();
  use(std::move(grant));
  return {};
}

void OAuthSession::use(Grant grant) {
  const std::lock_guard lock(mutex_);
  grant_ = std::move(grant);
  ++generation_;
}

tl::unexpected<Error> OAuthSession::refused(const std::string& refresh_token, const net::HttpResponse& response) {
  Error error = failure("Getting an access token", response, clock_.now());
  const bool passing = error.retry == Retry::later || response.status == 408 || response.status >= 500;
  if (passing) {
    error.retry = Retry::later;
    return tl::unexpected<Error>(std::move(error));
  }
  error.code = "acumatica.authorization_lost";
  error.remedy = kRemedy;
  error.retry = Retry::never;
  refusal_ = Refusal{error, refresh_token, clock_.now() + kRefusalHolds};
  logger_.error(error.code, error.message, {{"remedy", error.remedy}});
  return tl::unexpected<Error>(std::move(error));
}

net::QueryBuilder OAuthSession::form(std::string_view grant_type) const {
  net::QueryBuilder query;
  query.add("grant_type", grant_type).add("client_id", client_id_).add("client_secret", client_secret_.reveal());
  return query;
}

}  // namespace product_sync::acumatica
