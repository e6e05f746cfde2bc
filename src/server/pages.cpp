#include "server/pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "embedded_files.hpp"

namespace product_sync::server {
namespace {

std::string_view type_of(std::string_view name) {
  struct Type {
    std::string_view suffix;
    std::string_view text;
  };
  static constexpr Type kTypes[] = {{".html", "text/html; charset=utf-8"},
                                    {".js", "text/javascript; charset=utf-8"},
                                    {".css", "text/css; charset=utf-8"},
                                    {".svg", "image/svg+xml"}};
  const auto* const found = std::ranges::find_if(kTypes, [&](const Type& type) { return name.ends_with(type.suffix); });
  return found->text;
}

/// What a browser may do with a file: nothing that does not come from here, and nothing inside of other pages.
const std::vector<std::pair<std::string, std::string>>& page_fields() {
  static const std::vector<std::pair<std::string, std::string>> kPageFields{
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
       "form-action 'self'; frame-ancestors 'none'"},
      {"X-Frame-Options", "DENY"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"}};
  return kPageFields;
}

Route page(const web::File& file) {
  auto address = file.name == "index.html" ? std::string("/") : fmt::format("/{}", file.name);
  return {"GET", std::move(address), Access::everyone, {}, 0, [&file](const Request&) {
            return Response{200, std::string(type_of(file.name)), std::string(file.text), page_fields()};
          }};
}

}  // namespace

std::vector<Route> page_routes(std::function<Result<void>()> ready) {
  const auto alive = [](const Request&) { return Response{200, "text/plain; charset=utf-8", "ok\n", {}}; };
  const auto is_ready = [ready = std::move(ready)](const Request&) {
    if (const auto state = ready(); !state) return problem(503, state.error());
    return Response{200, "text/plain; charset=utf-8", "ready\n", {}};
  };
  std::vector<Route> routes{{"GET", "/healthz", Access::everyone, {}, 0, alive},
                            {"GET", "/readyz", Access::everyone, {}, 0, is_ready}};
  for (const auto& file : web::kFiles) routes.push_back(page(file));
  return routes;
}

Route metrics_route(const Metrics& metrics) {
  return {"GET", "/metrics", Access::operators, {}, 0, [&metrics](const Request&) {
            return Response{200, "text/plain; version=0.0.4; charset=utf-8", metrics.text(), {}};
          }};
}

}  // namespace product_sync::server
