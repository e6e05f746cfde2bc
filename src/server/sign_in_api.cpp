#include "server/sign_in_api.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "server/json.hpp"

namespace product_sync::server {
namespace {

constexpr std::uint64_t kLongestSignIn = 4'096;
// Ten wrong passwords at once, then one in half a minute.
constexpr SourceRate::Rate kFailures{.per_second = 1.0 / 30, .at_once = 10};
constexpr std::string_view kTryAgain = "30";
constexpr int kComparedAtOnce = 2;
constexpr std::string_view kBusyTryAgain = "1";

struct Credentials {
  std::string user;
  std::string password;
  std::string token;
};

/// `{"user":…,"password":…}` or `{"token":…}`
std::optional<Credentials> parse_credentials(const std::string& text) {
  const auto body = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) return std::nullopt;
  Credentials given;
  for (const auto& [name, value] : body.items()) {
    auto* const member = name == "user"       ? &given.user
                         : name == "password" ? &given.password
                         : name == "token"    ? &given.token
                                              : nullptr;
    if (member == nullptr || !value.is_string()) return std::nullopt;
    *member = value.get<std::string>();
  }
  const bool by_password = !given.user.empty() && !given.password.empty() && given.token.empty();
  const bool by_token = given.user.empty() && given.password.empty() && !given.token.empty();
  if (!by_password && !by_token) return std::nullopt;
  return given;
}

Response too_many(std::string_view code, std::string_view title, std::string_view retry_after) {
  auto response = problem(429, code, title);
  response.headers.emplace_back("Retry-After", retry_after);
  return response;
}

/// SameSite: other sites cannot have it sent along. HttpOnly: scripts cannot read it.
std::string session_cookie(const Request& request, std::string_view token) {
  // Behind a proxy that speaks TLS, the browser tells so.
  const bool secure = request.peer.secure || request.header("origin").starts_with("https://");
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict{}{}", kSessionCookie, token, secure ? "; Secure" : "",
                     token.empty() ? "; Max-Age=0" : "");
}

Response caller_response(const Caller& caller) {
  static constexpr std::string_view kMeans[] = {"local", "token", "session"};
  return json_response(200, {{"user", caller.user},
                             {"role", to_text(caller.role)},
                             {"by", kMeans[static_cast<std::size_t>(caller.means)]},
                             {"expires", caller.expires ? Json(to_iso8601(*caller.expires)) : Json(nullptr)}});
}

/// One of few, while it lives.
class Turn {
 public:
  explicit Turn(std::atomic<int>& taken) : taken_(taken), mine_(taken.fetch_add(1) < kComparedAtOnce) {}
  ~Turn() { taken_.fetch_sub(1); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  explicit operator bool() const { return mine_; }

 private:
  std::atomic<int>& taken_;
  const bool mine_;
};

}  // namespace

SignInApi::SignInApi(const AccessControl& access, Sessions& sessions, Clock& clock, Logger& log)
    : access_(access), sessions_(sessions), clock_(clock), log_(log), failures_(kFailures) {}

std::vector<Route> SignInApi::routes() {
  const auto route = [](const char* method, std::uint64_t longest_body, std::function<Response(const Request&)> handle) {
    return Route{method, "/v1/session", Access::everyone, {}, longest_body, std::move(handle)};
  };
  return {route("POST", kLongestSignIn, [this](const Request& request) { return sign_in(request); }),
          route("GET", 0, [this](const Request& request) { return show(request); }),
          route("DELETE", 0, [this](const Request& request) { return sign_out(request); })};
}

Response SignInApi::sign_in(const Request& request) {
  if (!is_own_page(request)) {
    return problem(403, "access.foreign_page", "A page of another server may not do this.");
  }
  const auto given = parse_credentials(request.body);
  if (!given) {
    return problem(400, "session.bad_request", "The body must be a JSON object with \"user\" and \"password\", or with \"token\".");
  }
  if (!may_try(request)) return too_many("session.too_many", "Too many attempts to sign in have failed; wait half a minute.", kTryAgain);
  const Turn turn(comparing_);
  if (!turn) return too_many("session.busy", "Others are signing in; try again at once.", kBusyTryAgain);
  const auto* user = given->token.empty() ? access_.sign_in(given->user, given->password) : access_.sign_in(given->token);
  if (user == nullptr) {
    failed(request, given->token.empty() ? given->user : "(token)");
    return problem(401, "session.refused", given->token.empty() ? "User or password is wrong." : "The token is wrong.");
  }
  const auto token = sessions_.begin(*user);
  log_.info("session.begun", fmt::format("{} has signed in.", user->name), {{"address", request.peer.address.text()}});
  auto response = caller_response({user->name, user->role, Caller::Means::session, sessions_.find(token).value().expires});
  response.headers.emplace_back("Set-Cookie", session_cookie(request, token));
  return response;
}

Response SignInApi::sign_out(const Request& request) {
  sessions_.end(session_token(request));
  Response response{204, {}, {}, {}};
  response.headers.emplace_back("Set-Cookie", session_cookie(request, {}));
  return response;
}

Response SignInApi::show(const Request& request) const {
  const auto caller = access_.identify(request);
  return caller ? caller_response(*caller) : caller.error();
}

bool SignInApi::may_try(const Request& request) {
  const std::lock_guard lock(mutex_);
  return failures_.has(request.peer.address, clock_.monotonic());
}

void SignInApi::failed(const Request& request, std::string_view user) {
  const std::lock_guard lock(mutex_);
  static_cast<void>(failures_.take(request.peer.address, clock_.monotonic()));
  log_.warning("session.refused", fmt::format("Somebody could not sign in as {}.", user),
               {{"address", request.peer.address.text()}});
}

}  // namespace product_sync::server
