#include "acumatica/cookie_session.hpp"

#include <fmt/format.h>

#include <exception>
#include <utility>

#include "acumatica/reply.hpp"
#include "base/bytes.hpp"
#include "net/url.hpp"

namespace product_sync::acumatica {
namespace {

constexpr std::chrono::milliseconds kSignInTimeout{60'000};
constexpr std::chrono::milliseconds kSignOutTimeout{10'000};

void take_cookies(const net::HttpResponse& response, std::map<std::string, std::string>& cookies) {
  for (const net::Header& header : response.headers) {
    if (to_lower_ascii(header.name) != "set-cookie") continue;
    const std::string_view pair = std::string_view(header.value).substr(0, header.value.find(';'));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string name(trim(pair.substr(0, equals)));
    const std::string_view value = trim(pair.substr(equals + 1));
    if (value.empty()) {
      cookies.erase(name);
    } else {
      cookies[name] = value;
    }
  }
}

std::string cookie_header(const std::map<std::string, std::string>& cookies) {
  std::string text;
  for (const auto& [name, value] : cookies)
    text.append(text.empty() ? "" : "; ").append(name).append("=").append(value);
  return text;
}

std::string login_body(const CookieSession::Options& options) {
  std::string body = fmt::format("{{\"name\":{},\"password\":{}", json_quote(options.login.user),
                                 json_quote(options.login.password.reveal()));
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) body += fmt::format(",\"{}\":{}", name, json_quote(value));
  };
  add("tenant", options.tenant);
  add("branch", options.login.branch);
  add("locale", options.login.locale);
  return body + "}";
}

}  // namespace

CookieSession::CookieSession(Options options, net::HttpClient& client, Clock& clock, Logger& logger)
    : options_(std::move(options)), client_(client), clock_(clock), logger_(logger) {}

CookieSession::~CookieSession() {
  try {
    CookieSession::close();
  } catch (const std::exception& error) {
    logger_.warning("acumatica.logout_failed", error.what());
  }
}

Result<Session::Generation> CookieSession::authorize(net::HttpRequest& request, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  auto signed_in = flight_.run(
      lock, stop, [&] { return !cookies_.empty(); }, [&] { return sign_in(); });
  if (!signed_in) return tl::unexpected<Error>(std::move(signed_in.error()));
  request.headers.push_back({"Cookie", cookie_header(cookies_)});
  return generation_;
}

void CookieSession::answered(Generation generation, const net::HttpResponse& response) {
  const std::lock_guard lock(mutex_);
  if (generation != generation_ || cookies_.empty()) return;
  if (response.status == 401) {
    cookies_.clear();
  } else {
    take_cookies(response, cookies_);
  }
}

void CookieSession::close() {
  Cookies cookies;
  {
    const std::lock_guard lock(mutex_);
    cookies.swap(cookies_);
  }
  if (!cookies.empty()) sign_out(cookies);
}

Result<void> CookieSession::sign_in() {
  net::HttpRequest request;
  request.method = "POST";
  request.url = net::join_url(options_.base_url, "entity/auth/login");
  request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  request.body = login_body(options_);
  request.total_timeout = kSignInTimeout;
  auto response = client_.send(request, {});  // not to be cancelled: a sign-in whose cookies are lost keeps its seat
  if (!response) return tl::unexpected<Error>(std::move(response.error()));

  if (response->status != 204 && response->status != 200) {
    Error error = failure("Signing in", *response, clock_.now());
    // 500 also stands for an unknown tenant (acumatica.md §2.2), and repeated wrong sign-ins lock the user out.
    if (error.retry == Retry::never || (response->status == 500 && !says_seats_exhausted(*response))) {
      error.code = "acumatica.login_refused";
      error.remedy = fmt::format("Check user, password and tenant ({}) in the configuration.", options_.tenant);
      error.retry = Retry::never;
    }
    return tl::unexpected<Error>(std::move(error));
  }
  Cookies cookies;
  take_cookies(*response, cookies);
  if (cookies.empty()) {
    return fail("acumatica.unexpected_reply",
                fmt::format("{} answered {} without a cookie.", request.url, response->status),
                "Check that the base URL is the Acumatica instance itself.");
  }
  const std::lock_guard lock(mutex_);
  cookies_ = std::move(cookies);
  ++generation_;
  return {};
}

void CookieSession::sign_out(const Cookies& cookies) {
  net::HttpRequest request;
  request.method = "POST";  // without a body it says Content-Length: 0, which IIS insists on
  request.url = net::join_url(options_.base_url, "entity/auth/logout");
  request.headers = {{"Cookie", cookie_header(cookies)}};
  request.total_timeout = kSignOutTimeout;
  const auto response = client_.send(request, {});
  if (response && response->status < 400) return;
  logger_.warning("acumatica.logout_failed",
                  "Signing out of Acumatica failed; its seat stays taken until it times out.",
                  {{"reason", response ? fmt::format("status {}", response->status) : response.error().message}});
}

}  // namespace product_sync::acumatica
