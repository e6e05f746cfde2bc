#include "server/pages.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "embedded_files.hpp"

namespace product_sync::server {
namespace {

Route page(std::string path, std::string content_type, std::string_view text) {
  return {
      "GET", std::move(path), Access::everyone, {}, 0, [content_type = std::move(content_type), text](const Request&) {
        return Response{200,
                        content_type,
                        std::string(text),
                        {{"Content-Security-Policy",
                          "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; "
                          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}}};
      }};
}

}  // namespace

std::vector<Route> page_routes(std::function<Result<void>()> ready) {
  const auto alive = [](const Request&) { return Response{200, "text/plain; charset=utf-8", "ok\n", {}}; };
  const auto is_ready = [ready = std::move(ready)](const Request&) {
    if (const auto state = ready(); !state) return problem(503, state.error());
    return Response{200, "text/plain; charset=utf-8", "ready\n", {}};
  };
  return {
      page("/", "text/html; charset=utf-8", web::kStatusHtml),
      page("/status.js", "text/javascript; charset=utf-8", web::kStatusJs),
      {"GET", "/healthz", Access::everyone, {}, 0, alive},
      {"GET", "/readyz", Access::everyone, {}, 0, is_ready},
  };
}

Route metrics_route(const Metrics& metrics) {
  return {"GET", "/metrics", Access::operators, {}, 0, [&metrics](const Request&) {
            return Response{200, "text/plain; version=0.0.4; charset=utf-8", metrics.text(), {}};
          }};
}

}  // namespace product_sync::server
