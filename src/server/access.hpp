#pragma once

#include <optional>

#include "base/secret.hpp"
#include "server/http.hpp"

namespace product_sync::server {

/// Whether a request may use routes for operators: it holds the operator token, or, when none is configured, can only
/// have come from somebody at this machine who meant it. The response refuses it.
[[nodiscard]] std::optional<Response> refuse_stranger(const std::optional<Secret>& operator_token,
                                                      const Request& request);

}  // namespace product_sync::server
