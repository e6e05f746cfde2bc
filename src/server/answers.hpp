#pragma once

#include <cstddef>

#include "server/http.hpp"

/// What the routes of operators have in common.
namespace product_sync::server {

[[nodiscard]] Response store_failed(const Error& error);

/// The `limit` of a list: 100 unless asked otherwise, 1,000 at most.
[[nodiscard]] std::size_t limit_of(const Request& request);

}  // namespace product_sync::server
