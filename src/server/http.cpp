#include "server/http.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "front/syntax.hpp"

namespace product_sync::server {
namespace {

bool is_name(std::string_view segment) { return segment.size() > 2 && segment.front() == '{' && segment.back() == '}'; }

/// Takes the first segment, with its slash, off `path`.
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const auto segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

/// Calls `on_value(name, segment)` for each `{name}`.
template <class OnValue>
bool fits(std::string_view pattern, std::string_view path, OnValue on_value) {
  while (!pattern.empty() && !path.empty()) {
    const auto expected = take_segment(pattern);
    const auto given = take_segment(path);
    if (!is_name(expected) && expected != given) return false;
    if (!is_name(expected)) continue;
    if (given.empty()) return false;
    on_value(expected.substr(1, expected.size() - 2), given);
  }
  return pattern.empty() && path.empty();
}

}  // namespace

std::string_view Request::parameter(std::string_view name) const {
  const auto found = query.find(name);
  return found == query.end() ? std::string_view{} : std::string_view{found->second};
}

const std::string& Request::path_value(std::string_view name) const { return path_values.find(name)->second; }

std::string percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const auto high = front::hex_digit(text[i + 1]);
      const auto low = front::hex_digit(text[i + 2]);
      if (high && low) {
        decoded += static_cast<char>(*high * 16 + *low);
        i += 2;
        continue;
      }
    }
    decoded += text[i];
  }
  return decoded;
}

std::multimap<std::string, std::string, std::less<>> parse_query(std::string_view query) {
  std::multimap<std::string, std::string, std::less<>> parameters;
  const auto decode = [](std::string_view text) {
    std::string spaced(text);
    std::ranges::replace(spaced, '+', ' ');
    return percent_decode(spaced);
  };
  while (!query.empty()) {
    const auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    if (pair.empty()) continue;
    const auto name = pair.substr(0, pair.find('='));
    parameters.emplace(decode(name), decode(pair.substr(std::min(name.size() + 1, pair.size()))));
  }
  return parameters;
}

RouteMatch match(const std::vector<Route>& routes, std::string_view method, std::string_view path) {
  RouteMatch result;
  if (path.empty() || path.front() != '/') return result;
  for (const auto& route : routes) {
    if (!fits(route.pattern, path, [](auto, auto) {})) continue;
    if (route.method != method) {
      result.other_methods.push_back(route.method);
      continue;
    }
    result.route = &route;
    fits(route.pattern, path, [&](std::string_view name, std::string_view value) {
      result.path_values.emplace(name, percent_decode(value));
    });
    return result;
  }
  return result;
}

Response unknown_site(std::string_view site) {
  return problem(404, "site.unknown", fmt::format("There is no site \"{}\".", site),
                 "GET /v1/overview lists the sites of the configuration.");
}

Response problem(int status, const Error& error) { return problem(status, error.code, error.message, error.remedy); }

}  // namespace product_sync::server
