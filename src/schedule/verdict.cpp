#include "schedule/verdict.hpp"

#include <algorithm>
#include <optional>

#include "schedule/jitter.hpp"
#include "schedule/occurrences.hpp"

namespace product_sync::schedule {
namespace {

using Action = Verdict::Action;

struct Planned {
  Instant occurrence;
  Instant start;
  bool blacked_out = false;  ///< and is to be skipped therefore
};

Planned plan_occurrence(const Timing& timing, std::string_view identity, Instant occurrence) {
  const auto delay = jitter(identity, occurrence, timing.jitter);
  Planned planned{occurrence, occurrence + delay, false};
  const auto end = timing.blackout.end(timing.zone, planned.start);
  if (!end) return planned;
  if (timing.in_blackout == InBlackout::skip) {
    planned.blacked_out = true;
    return planned;
  }
  const auto delayed = *end + delay;  // what was postponed is spread as well
  planned.start = timing.blackout.end(timing.zone, delayed).value_or(delayed);
  return planned;
}

/// The latest occurrence behind `handled` that is due; one that may run before one that is blacked out. There is one.
Planned latest_due(const Timing& timing, std::string_view identity, Instant handled, Instant now) {
  std::optional<Planned> due;
  // Looks back further and further: a schedule of every minute has half a million occurrences in a year of downtime.
  for (auto window = std::chrono::hours{1};; window *= 8) {
    const auto from = std::max<Instant>(handled, now - window);
    for (auto next = next_occurrence(timing.cron, timing.zone, from); next && *next <= now;
         next = next_occurrence(timing.cron, timing.zone, *next)) {
      const auto planned = plan_occurrence(timing, identity, *next);
      if (planned.start > now) continue;
      if (!due || !planned.blacked_out || due->blacked_out) due = planned;
    }
    if (from == handled || (due && !due->blacked_out)) return due.value_or(Planned{now, now, false});
  }
}

}  // namespace

std::vector<Instant> upcoming(const Timing& timing, std::string_view identity, Instant after, std::size_t count) {
  std::vector<Instant> starts;
  auto next = next_occurrence(timing.cron, timing.zone, after);
  for (; next && starts.size() < count; next = next_occurrence(timing.cron, timing.zone, *next)) {
    const auto planned = plan_occurrence(timing, identity, *next);
    const bool stands_for_more = !starts.empty() && planned.start <= starts.back();  // behind one blackout
    if (!planned.blacked_out && !stands_for_more) starts.push_back(planned.start);
  }
  return starts;
}

Verdict decide(const Timing& timing, std::string_view identity, Instant handled, Instant now) {
  const auto next = next_occurrence(timing.cron, timing.zone, handled);
  if (!next) return {Action::wait, Instant::max(), Instant::max()};
  const auto first = plan_occurrence(timing, identity, *next);
  if (first.start > now) return {Action::wait, first.occurrence, first.start};

  const auto due = latest_due(timing, identity, handled, now);
  if (due.blacked_out) return {Action::skip_blackout, due.occurrence, due.start};
  if (const auto end = timing.blackout.end(timing.zone, now)) {
    if (timing.in_blackout == InBlackout::skip) return {Action::skip_blackout, due.occurrence, due.start};
    return {Action::wait, due.occurrence, *end};
  }
  const auto lateness = now - due.start;
  const bool too_late = timing.when_missed == WhenMissed::skip || lateness > timing.longest_lateness;
  if (lateness > kOnTime && too_late) return {Action::skip_missed, due.occurrence, due.start};
  return {Action::start, due.occurrence, due.start};
}

}  // namespace product_sync::schedule
