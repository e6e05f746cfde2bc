#pragma once

#include <chrono>
#include <string>

#include "base/time.hpp"

namespace product_sync::acumatica {

// Literals of OData version 3, which `$filter` of the contract-based REST API reads (acumatica.md §2.5), beside those
// of net/odata.hpp. Not yet percent-encoded.

/// `datetimeoffset'2024-07-15T10:31:28.402+03:00'`, with the offset given; milliseconds, rounded up. Rounding up keeps
/// [a, b) exact for the stamps Acumatica has, which are whole milliseconds.
[[nodiscard]] std::string odata_datetimeoffset(Instant instant, std::chrono::minutes zone_offset);

}  // namespace product_sync::acumatica
