#pragma once

#include <string_view>

#include "base/time.hpp"
#include "catch.hpp"
#include "schedule/cron_expression.hpp"
#include "schedule/time_zone.hpp"

/// Short ways to write what the tests of schedules are about.
namespace product_sync::schedule {

/// `2026-03-29T01:00Z`, or with an offset
inline Instant instant(std::string_view text) {
  const auto parsed = parse_iso8601(text);
  INFO(text);
  REQUIRE(parsed);
  return *parsed;
}

inline CronExpression cron(std::string_view text) {
  const auto parsed = CronExpression::parse(text);
  INFO(text);
  if (!parsed) INFO(parsed.error().message);
  REQUIRE(parsed);
  return *parsed;
}

inline TimeZone zone(std::string_view name) {
  const auto found = TimeZone::find(name);
  INFO(name);
  REQUIRE(found);
  return *found;
}

}  // namespace product_sync::schedule
