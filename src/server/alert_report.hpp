#pragma once

#include "server/json.hpp"
#include "store/alerts.hpp"

namespace product_sync::server {

[[nodiscard]] Json to_json(const store::Alert& alert);

/// `GET /v1/alerts`: the open ones, or with `all=true` those that are over too; newest first.
[[nodiscard]] Route alerts_route(store::Alerts& alerts);

}  // namespace product_sync::server
