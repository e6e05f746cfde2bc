#pragma once

#include <optional>
#include <string>

#include "config/codecs.hpp"
#include "schedule/task.hpp"
#include "schedule/verdict.hpp"

/// Codecs of what makes up a schedule.
namespace product_sync::config {

[[nodiscard]] Codec<schedule::Task> task();
[[nodiscard]] Codec<schedule::CronExpression> cron_expression();
[[nodiscard]] Codec<schedule::TimeZone> time_zone();
[[nodiscard]] Codec<std::optional<schedule::TimeZone>> optional_time_zone();
[[nodiscard]] Codec<schedule::Blackout> blackout();

/// What the reference page says of a site's schedules, with those that are there from the start.
[[nodiscard]] std::string schedules_help();

}  // namespace product_sync::config
