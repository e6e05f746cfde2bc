#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace product_sync::server {

/// A request as a route sees it: parsed, and bounded by the route's own limits.
struct Request {
  std::string method;
  std::string path;
  std::map<std::string, std::string, std::less<>> path_values;  ///< of the route's `{names}`, percent-decoded
  std::multimap<std::string, std::string, std::less<>> query;
  std::multimap<std::string, std::string, std::less<>> headers;  ///< names in lower case
  std::string body;
  std::string peer;  ///< address of the connection's other end

  /// The header of that lower-case name; empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  /// The query parameter; empty when there is none.
  [[nodiscard]] std::string_view parameter(std::string_view name) const;
  [[nodiscard]] const std::string& path_value(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Who may call a route.
enum class Access {
  everyone,  ///< the route itself decides, or tells nothing worth hiding
  operators  ///< holders of the operator token
};

/// One row of the route table.
struct Route {
  std::string method;
  std::string pattern;  ///< `/v1/sites/{site}/notifications`: each `{name}` stands for one segment
  Access access = Access::operators;
  /// Runs when the head is there and the body is not: a response here refuses the request without reading it. May be
  /// empty.
  std::function<std::optional<Response>(const Request&)> admit;
  std::uint64_t longest_body = 0;
  std::function<Response(const Request&)> handle;
};

/// What matching a path against the table found.
struct RouteMatch {
  const Route* route = nullptr;  ///< null: no route
  bool path_known = false;       ///< the path exists with another method
  std::map<std::string, std::string, std::less<>> path_values;
};
[[nodiscard]] RouteMatch match(const std::vector<Route>& routes, std::string_view method, std::string_view path);

/// `application/problem+json` (RFC 9457): `title` is for people, `code` stable and for machines, `remedy` may be empty.
[[nodiscard]] Response problem(int status, std::string_view code, std::string_view title, std::string_view remedy = {});
[[nodiscard]] Response problem(int status, const Error& error);

/// `%20` and the like decoded; a broken escape is left as it is.
[[nodiscard]] std::string percent_decode(std::string_view text);

}  // namespace product_sync::server
