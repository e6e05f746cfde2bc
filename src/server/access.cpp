#include "server/access.hpp"

#include <fmt/format.h>

#include <algorithm>

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

}  // namespace

std::optional<Response> refuse_stranger(const std::optional<Secret>& operator_token, const Request& request) {
  if (!operator_token) {
    if (is_local_operator(request)) return std::nullopt;
    return problem(403, "access.local_only", "Without an operator token this address answers local requests only.",
                   "Set server.operator_token and send it as Authorization: Bearer.");
  }
  const auto given = request.header("authorization");
  if (given.starts_with(kScheme) && operator_token->matches(given.substr(kScheme.size()))) return std::nullopt;
  auto response =
      problem(401, "access.token", "The operator token is missing or wrong.", "Send it as Authorization: Bearer.");
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace product_sync::server
