#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace product_sync::acumatica {

// Literals of OData version 3, which `$filter` of the contract-based REST API reads (acumatica.md §2.5). Not yet
// percent-encoded.

/// `'O''Brien'`
[[nodiscard]] std::string odata_string(std::string_view text);

/// `datetimeoffset'2024-07-15T10:31:28.402+03:00'`, with the offset given; milliseconds, rounded up. Rounding up keeps
/// [a, b) exact for the stamps Acumatica has, which are whole milliseconds.
[[nodiscard]] std::string odata_datetimeoffset(Instant instant, std::chrono::minutes zone_offset);

}  // namespace product_sync::acumatica
