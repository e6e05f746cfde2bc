#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"
#include "net/http_client.hpp"

namespace product_sync::rithum {

/// What an answer says about its failure. Rithum has three shapes: OData's `{"error":{"message":…}}`, WebAPI's
/// `{"Message":…}`, and plain text or HTML (rithum.md §5.7). One line, bounded.
[[nodiscard]] std::string failure_text(std::string_view body);

/// The error for an answer that is no success. `what` begins the sentence: `Reading products`. Codes:
/// `rithum.refused` (400), `.unauthorized`, `.not_found`, `.too_large` (413, 414), `.throttled`, `.server_error`,
/// `.unexpected_status`.
[[nodiscard]] Error failure(std::string_view what, const net::HttpResponse& response, Instant now);

/// Whether the access token was refused: status 401, or a 200 whose whole message says so (rithum.md §5.1).
[[nodiscard]] bool says_denied(const net::HttpResponse& response);

}  // namespace product_sync::rithum
