#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "front/message.hpp"
#include "front/service.hpp"

namespace product_sync::server {

using front::problem;
using front::Reply;
using front::Response;

/// A request as a route sees it: parsed, and bounded by the route's own limits.
struct Request {
  std::string method;
  std::string path;
  std::map<std::string, std::string, std::less<>> path_values;  ///< of the route's `{names}`, percent-decoded
  std::multimap<std::string, std::string, std::less<>> query;
  front::Fields headers;
  std::string body;
  front::Peer peer;
  std::string user = {};  ///< who sent it; empty where the route is for everyone

  /// The header of that lower-case name; empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const { return headers.find(name); }
  /// The query parameter; empty when there is none.
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
  [[nodiscard]] const std::string& path_value(std::string_view name) const;
};

/// Who may call a route.
enum class Access {
  everyone,  ///< the route itself decides, or tells nothing worth hiding
  operators  ///< operators; a GET also viewers
};

/// Whose threads serve a route: one crowd does not hold up the other.
enum class Pool {
  intake,  ///< notifications; the only routes that the public address has when there is a private one
  control  ///< control API and dashboard
};

/// One row of the route table. Exactly one of `handle` and `begin` is set.
struct Route {
  std::string method;
  std::string pattern;  ///< `/v1/sites/{site}/notifications`: each `{name}` stands for one segment
  Access access = Access::operators;
  /// Runs when the head is there and the body is not: a response here refuses the request without reading it. Must not
  /// block. May be empty.
  std::function<std::optional<Response>(const Request&)> admit;
  std::uint64_t longest_body = 0;
  std::function<Response(const Request&)> handle;
  Pool pool = Pool::control;
  /// Instead of `handle`, for routes that answer when something else has happened and hold no thread until then. Must
  /// not block.
  std::function<void(Request, Reply)> begin = nullptr;
};

/// What matching a path against the table found.
struct RouteMatch {
  const Route* route = nullptr;                 ///< null: no route
  std::vector<std::string_view> other_methods;  ///< with which the path exists, when it does not with this one
  std::map<std::string, std::string, std::less<>> path_values;
};
[[nodiscard]] RouteMatch match(const std::vector<Route>& routes, std::string_view method, std::string_view path);

[[nodiscard]] Response problem(int status, const Error& error);
/// 404 for operators: the configuration has no such site.
[[nodiscard]] Response unknown_site(std::string_view site);

/// `a=1&b=x%20y`, decoded; `+` is a space.
[[nodiscard]] std::multimap<std::string, std::string, std::less<>> parse_query(std::string_view query);

/// `%20` and the like decoded; a broken escape is left as it is.
[[nodiscard]] std::string percent_decode(std::string_view text);

}  // namespace product_sync::server
