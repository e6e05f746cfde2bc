#pragma once

#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace product_sync::rithum {

/// Reads the times of exports, `11/23/2026 4:18:54 PM`, taken to be UTC (rithum.md §5.3). An hour above 12 stands in
/// some of them beside the PM, and counts as it is.
[[nodiscard]] std::optional<Instant> parse_us_time(std::string_view text);

}  // namespace product_sync::rithum
