#include "server/access.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/bytes.hpp"

namespace product_sync::server {
namespace {

constexpr std::string_view kScheme = "Bearer ";

/// Without its port: `[::1]:8080` -> `::1`.
std::string_view host_name(std::string_view host) {
  if (host.starts_with('[')) return host.substr(1, std::min(host.find(']'), host.size()) - 1);
  return host.substr(0, std::min(host.find(':'), host.size()));
}

bool is_loopback_name(std::string_view host) {
  if (host == "localhost") return true;
  const auto address = IpAddress::parse(host);
  return address && address->is_loopback();
}

/// A loopback peer, no proxy in between, and no foreign web page behind it (its Origin, or a Host name that merely
/// resolves to loopback, would show that).
bool is_local_operator(const Request& request) {
  if (!request.peer.address.is_loopback()) return false;
  if (!request.header("x-forwarded-for").empty() || !request.header("forwarded").empty()) return false;
  if (!is_loopback_name(host_name(request.header("host")))) return false;
  const auto origin = request.header("origin");
  return origin.empty() ||
         origin == fmt::format("{}://{}", request.peer.secure ? "https" : "http", request.header("host"));
}

Response not_signed_in() {
  auto response = problem(401, "access.token", "You are not signed in, or the token is wrong.",
                          "Sign in at the dashboard, or send a token as Authorization: Bearer.");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

bool only_reads(const Request& request) { return request.method == "GET"; }

}  // namespace

AccessControl::AccessControl(std::vector<User> users, const Sessions* sessions)
    : users_(std::move(users)), sessions_(sessions) {
  const bool has_passwords = std::ranges::any_of(users_, [](const User& user) { return user.password.has_value(); });
  if (has_passwords) nobodys_ = PasswordHash::of(random_hex(16));
}

tl::expected<Caller, Response> AccessControl::admit(const Request& request, Role needed) const {
  auto caller = identify(request);
  if (!caller) return caller;
  // Browsers send the cookie along whoever asks them to; SameSite keeps it from other sites, this from their subdomains too.
  if (caller->means == Caller::Means::session && !only_reads(request) && (request.header("origin").empty() || !is_own_page(request))) {
    return tl::unexpected(problem(403, "access.foreign_page", "A page of another server may not do this.",
                                  "Use the dashboard of this server; programs send a token as Authorization: Bearer."));
  }
  if (caller->role < needed) {
    return tl::unexpected(problem(
        403, "access.role", fmt::format("This needs the role {}; {} is a {}.", to_text(needed), caller->user, to_text(caller->role)),
        "Roles are given under server.users in the configuration."));
  }
  return caller;
}

tl::expected<Caller, Response> AccessControl::identify(const Request& request) const {
  using Means = Caller::Means;
  if (users_.empty()) {
    if (is_local_operator(request)) return Caller{"local", Role::operator_, Means::local};
    return tl::unexpected(problem(403, "access.local_only", "Without users and an operator token this address answers local requests only.",
                                  "Set server.operator_token or server.users in the configuration."));
  }
  if (const auto given = request.header("authorization"); given.starts_with(kScheme)) {
    const auto* user = sign_in(given.substr(kScheme.size()));
    if (user != nullptr) return Caller{user->name, user->role, Means::token};
    return tl::unexpected(not_signed_in());
  }
  const auto session = sessions_ != nullptr ? sessions_->find(session_token(request)) : std::nullopt;
  if (session) return Caller{session->user, session->role, Means::session, session->expires};
  return tl::unexpected(not_signed_in());
}

const User* AccessControl::sign_in(std::string_view name, std::string_view password) const {
  if (!nobodys_) return nullptr;
  const auto has_name = [&](const User& user) { return user.password && user.name == name; };
  const auto found = std::ranges::find_if(users_, has_name);
  const auto& hash = found != users_.end() ? *found->password : *nobodys_;
  return hash.matches(password) && found != users_.end() ? &*found : nullptr;
}

const User* AccessControl::sign_in(std::string_view token) const {
  const User* known = nullptr;
  for (const auto& user : users_) {  // no early end
    if (user.token && user.token->matches(token)) known = &user;
  }
  return known;
}

std::string_view session_token(const Request& request) {
  auto cookies = request.header("cookie");
  while (!cookies.empty()) {
    const auto cookie = trim(cookies.substr(0, cookies.find(';')));
    cookies.remove_prefix(std::min(cookies.find(';'), cookies.size() - 1) + 1);
    if (cookie.starts_with(kSessionCookie) && cookie.substr(kSessionCookie.size()).starts_with('=')) {
      return cookie.substr(kSessionCookie.size() + 1);
    }
  }
  return {};
}

// The scheme is left out: a proxy may speak TLS to the browser and not to us.
bool is_own_page(const Request& request) {
  const auto origin = request.header("origin");
  if (origin.empty()) return true;
  const auto host = request.header("host");
  return origin == fmt::format("https://{}", host) || origin == fmt::format("http://{}", host);
}

}  // namespace product_sync::server
