#pragma once

#include <cstdint>
#include <string>

namespace rithum_simulator {

/// Milliseconds since 1970, UTC.
[[nodiscard]] std::int64_t now_ms();
/// `2026-09-01T12:00:00.123Z`
[[nodiscard]] std::string to_iso(std::int64_t ms);

}  // namespace rithum_simulator
