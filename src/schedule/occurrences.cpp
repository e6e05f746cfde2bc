#include "schedule/occurrences.hpp"

namespace product_sync::schedule {
namespace {

using std::chrono::minutes;

std::optional<Instant> next_on_the_wall(const CronExpression& cron, const TimeZone& zone, Instant after) {
  // first_instant() rises with its argument, so that nothing before this minute can lie behind `after`.
  auto from = zone.local(after);
  while (const auto local = cron.next(from)) {
    const auto instant = zone.first_instant(*local);
    if (instant > after) return instant;
    from = *local + minutes{1};
  }
  return std::nullopt;
}

std::optional<Instant> next_as_time_passes(const CronExpression& cron, const TimeZone& zone, Instant after) {
  auto from = after;
  while (true) {
    const auto period = zone.period(from);
    auto local = cron.next(zone.local(from));
    // The minute in which `after` lies began before it, or with it.
    if (local && Instant{local->time_since_epoch() - period.offset} <= after) local = cron.next(*local + minutes{1});
    if (!local) return std::nullopt;
    const Instant instant{local->time_since_epoch() - period.offset};
    if (instant < period.end) return instant;
    from = period.end;
  }
}

}  // namespace

std::optional<Instant> next_occurrence(const CronExpression& cron, const TimeZone& zone, Instant after) {
  return cron.every_hour() ? next_as_time_passes(cron, zone, after) : next_on_the_wall(cron, zone, after);
}

}  // namespace product_sync::schedule
