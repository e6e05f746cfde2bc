#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace acumatica_sim {

/// Milliseconds since 1970-01-01 UTC: the precision that Acumatica's samples show.
using Millis = std::int64_t;

[[nodiscard]] Millis now_millis();

/// The form of push notifications: local time, no offset, fraction without trailing zeros (acumatica.md §1.3).
[[nodiscard]] std::string local_text(Millis time, int offset_minutes);

/// The form of contract REST: local time with its offset (acumatica.md §2.4).
[[nodiscard]] std::string offset_text(Millis time, int offset_minutes);

/// `MM/dd/yyyy HH:mm:ss`, the form of PXPerformanceInfoStartTime (acumatica.md §1.1).
[[nodiscard]] std::string invariant_text(Millis time);

/// 100 ns units since 0001-01-01 (acumatica.md §1.2).
[[nodiscard]] std::uint64_t dotnet_ticks(Millis time);

/// Reads `yyyy-MM-dd[THH:mm[:ss[.fffffff]]][Z|+hh:mm]`; text without an offset is taken as local at
/// `local_offset_minutes`.
[[nodiscard]] std::optional<Millis> parse_datetime(std::string_view text, int local_offset_minutes);

}  // namespace acumatica_sim
