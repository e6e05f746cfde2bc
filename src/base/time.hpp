#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace product_sync {

/// A point in time, UTC, microseconds.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

/// A point on a clock that never jumps; for deadlines and durations, not for people.
using Monotonic = std::chrono::steady_clock::time_point;

/// `2026-11-23T16:18:54.123456Z`; the fraction is left out when it is zero.
[[nodiscard]] std::string to_iso8601(Instant instant);

/// Reads `YYYY-MM-DD` (midnight) or `YYYY-MM-DDThh:mm[:ss[.f…]]` with `Z`, `±hh:mm` or nothing behind it. Without a zone the
/// text is taken to be `zone_offset` east of UTC. Error code `time.malformed`.
[[nodiscard]] Result<Instant> parse_iso8601(std::string_view text, std::chrono::minutes zone_offset = {});

/// Acumatica's TimeStamp: .NET ticks, 100 ns since 0001-01-01 UTC (acumatica.md §1.2). What lies beyond the last one that .NET
/// can have, the end of the year 9999, is taken for that.
[[nodiscard]] Instant from_dotnet_ticks(std::uint64_t ticks);

}  // namespace product_sync
