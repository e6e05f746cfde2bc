#pragma once

#include <functional>
#include <vector>

#include "base/metrics.hpp"
#include "server/http.hpp"

namespace product_sync::server {

/// The files of the dashboard (web/) and the two health routes. They hold no data: they ask the control API.
/// `/healthz` answers 200 while the process serves; `/readyz` answers 200 when `ready` finds nothing wrong, else 503.
[[nodiscard]] std::vector<Route> page_routes(std::function<Result<void>()> ready);

/// `/metrics`, for Prometheus; operators alone may read it.
[[nodiscard]] Route metrics_route(const Metrics& metrics);

}  // namespace product_sync::server
