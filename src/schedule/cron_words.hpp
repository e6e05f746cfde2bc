#pragma once

#include <string>

#include "schedule/cron_expression.hpp"

namespace product_sync::schedule {

/// The expression as people say it: `every day at 02:30`, `every 15 minutes`, `Monday to Friday at 06:00 and 18:00`.
/// Empty when that would be longer than it helps.
[[nodiscard]] std::string in_words(const CronExpression& cron);

}  // namespace product_sync::schedule
