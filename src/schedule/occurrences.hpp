#pragma once

#include <optional>

#include "base/time.hpp"
#include "schedule/cron_expression.hpp"
#include "schedule/time_zone.hpp"

namespace product_sync::schedule {

/// The first occurrence behind `after`. Where the zone's clocks jump:
/// - An expression that names single hours follows the clocks on the wall: a time that they leave out occurs when the gap
///   ends, once for all times in it; a time that they show twice occurs the first time only.
/// - One that names every hour (`*/15 * * * *`) follows the time that passes: it occurs whenever the clocks show a time that
///   it names, both times if twice, and never in a gap.
/// Absent when fifty years have none.
[[nodiscard]] std::optional<Instant> next_occurrence(const CronExpression& cron, const TimeZone& zone, Instant after);

}  // namespace product_sync::schedule
