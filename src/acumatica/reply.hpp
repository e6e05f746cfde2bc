#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"
#include "net/http_client.hpp"

namespace product_sync::acumatica {

/// What an answer says about its failure: the messages of Acumatica's error object or of an OAuth error, else the
/// beginning of the body. One line, bounded.
[[nodiscard]] std::string failure_text(std::string_view body);

/// The error for an answer that is no success. `what` begins the sentence: `Reading stock items`. Codes:
/// `acumatica.seats_exhausted`, `.throttled`, `.not_optimizable`, `.unauthorized`, `.forbidden`, `.not_found`,
/// `.server_error`,
/// `.unexpected_status`.
[[nodiscard]] Error failure(std::string_view what, const net::HttpResponse& response, Instant now);

/// Whether the answer says that all API seats of the licence are taken; that is not always status 429 (acumatica.md
/// §2.2).
[[nodiscard]] bool says_seats_exhausted(const net::HttpResponse& response);

}  // namespace product_sync::acumatica
