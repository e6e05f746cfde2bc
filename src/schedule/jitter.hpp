#pragma once

#include <chrono>
#include <string_view>

#include "base/time.hpp"

namespace product_sync::schedule {

/// How long an occurrence waits, from zero up to `most`: evenly spread over what `identity` names (a site's schedule) and
/// over the occurrences, and always the same for one of them, so that a restart does not roll again.
[[nodiscard]] std::chrono::seconds jitter(std::string_view identity, Instant occurrence, std::chrono::seconds most);

}  // namespace product_sync::schedule
