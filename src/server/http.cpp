#include "server/http.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.hpp"

namespace product_sync::server {
namespace {

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const auto end = std::min(path.find('/'), path.size());
    parts.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return parts;
}

bool is_name(std::string_view segment) { return segment.size() > 2 && segment.front() == '{' && segment.back() == '}'; }

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

template <class Map>
std::string_view first_of(const Map& map, std::string_view name) {
  const auto found = map.find(name);
  return found == map.end() ? std::string_view{} : std::string_view{found->second};
}

}  // namespace

std::string_view Request::header(std::string_view name) const { return first_of(headers, name); }
std::string_view Request::parameter(std::string_view name) const { return first_of(query, name); }

const std::string& Request::path_value(std::string_view name) const { return path_values.find(name)->second; }

std::string percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const auto high = hex_digit(text[i + 1]);
      const auto low = hex_digit(text[i + 2]);
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

RouteMatch match(const std::vector<Route>& routes, std::string_view method, std::string_view path) {
  RouteMatch result;
  if (path.empty() || path.front() != '/') return result;
  const auto wanted = segments(path);
  for (const auto& route : routes) {
    const auto pattern = segments(route.pattern);
    const bool fits = pattern.size() == wanted.size() &&
                      std::equal(pattern.begin(), pattern.end(), wanted.begin(), [](auto expected, auto given) {
                        return is_name(expected) ? !given.empty() : expected == given;
                      });
    if (!fits) continue;
    result.path_known = true;
    if (route.method != method) continue;
    result.route = &route;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (is_name(pattern[i])) {
        result.path_values.emplace(pattern[i].substr(1, pattern[i].size() - 2), percent_decode(wanted[i]));
      }
    }
    return result;
  }
  return result;
}

Response problem(int status, std::string_view code, std::string_view title, std::string_view remedy) {
  auto body = fmt::format(R"({{"status":{},"code":{},"title":{})", status, json_quote(code), json_quote(title));
  if (!remedy.empty()) body += fmt::format(R"(,"detail":{})", json_quote(remedy));
  return {status, "application/problem+json", body + "}\n", {}};
}

Response problem(int status, const Error& error) { return problem(status, error.code, error.message, error.remedy); }

}  // namespace product_sync::server
