#include "schedule/verdict.hpp"

#include "schedule/moments.hpp"
#include "schedule/occurrences.hpp"

using namespace product_sync;
using namespace product_sync::schedule;
using namespace std::chrono_literals;
using Action = Verdict::Action;

namespace {

Timing timing(std::string_view expression, std::string_view zone_name = "UTC") {
  return {.cron = cron(expression), .zone = zone(zone_name)};
}

Blackout hours(std::string_view text) { return *Blackout::of({*BlackoutWindow::parse(text)}); }

Verdict at(const Timing& when, std::string_view handled, std::string_view now) {
  return decide(when, "eu/full", instant(handled), instant(now));
}

/// What a scheduler does that looks at the given moments.
struct Watch {
  Instant handled;
  std::vector<Instant> starts;
  std::size_t skipped = 0;

  /// Returns when to look again.
  Instant look(const Timing& when, Instant now) {
    while (true) {
      const auto verdict = decide(when, "eu/delta", handled, now);
      if (verdict.action == Action::wait) return verdict.at;
      if (verdict.action == Action::start) {
        starts.push_back(now);
      } else {
        ++skipped;
      }
      handled = verdict.occurrence;
    }
  }
};

}  // namespace

TEST_CASE("a schedule waits for its next occurrence, and starts on it") {
  const auto nightly = timing("0 2 * * *");
  const auto before = at(nightly, "2026-11-23T12:00Z", "2026-11-24T01:59:59Z");
  CHECK(before.action == Action::wait);
  CHECK(before.at == instant("2026-11-24T02:00Z"));
  const auto then = at(nightly, "2026-11-23T12:00Z", "2026-11-24T02:00Z");
  CHECK(then.action == Action::start);
  CHECK(then.occurrence == instant("2026-11-24T02:00Z"));
  CHECK(at(nightly, "2026-11-24T02:00Z", "2026-11-24T02:00Z").at == instant("2026-11-25T02:00Z"));
}

TEST_CASE("jitter delays the start, and never the next look at the clock") {
  auto nightly = timing("0 2 * * *");
  nightly.jitter = 30min;
  const auto verdict = at(nightly, "2026-11-23T12:00Z", "2026-11-24T00:00Z");
  CHECK(verdict.occurrence == instant("2026-11-24T02:00Z"));
  CHECK(verdict.at >= instant("2026-11-24T02:00Z"));
  CHECK(verdict.at <= instant("2026-11-24T02:30Z"));
  CHECK(decide(nightly, "eu/full", instant("2026-11-23T12:00Z"), verdict.at - 1s).action == Action::wait);
  CHECK(decide(nightly, "eu/full", instant("2026-11-23T12:00Z"), verdict.at).action == Action::start);
}

TEST_CASE("what falls into a blackout starts when it ends, once") {
  auto often = timing("*/15 * * * *", "Europe/Berlin");
  often.blackout = hours("08:00-18:00");
  Watch watch{instant("2026-11-24T06:50Z"), {}, 0};
  for (auto now = instant("2026-11-24T06:50Z"); now <= instant("2026-11-24T17:30Z"); now += 1min) watch.look(often, now);
  // 07:45Z to 16:45Z is 08:45 to 17:45 in Berlin.
  CHECK(watch.starts == std::vector{instant("2026-11-24T17:00Z"), instant("2026-11-24T17:15Z"), instant("2026-11-24T17:30Z")});
  CHECK(watch.skipped == 0);
}

TEST_CASE("what falls into a blackout is skipped where that is wished") {
  auto often = timing("30 * * * *");
  often.blackout = hours("08:00-10:00");
  often.in_blackout = InBlackout::skip;
  Watch watch{instant("2026-11-24T07:00Z"), {}, 0};
  for (auto now = instant("2026-11-24T07:00Z"); now <= instant("2026-11-24T10:59Z"); now += 1min) watch.look(often, now);
  CHECK(watch.starts == std::vector{instant("2026-11-24T07:30Z"), instant("2026-11-24T10:30Z")});
  CHECK(watch.skipped == 2);
}

TEST_CASE("after downtime the latest of the missed occurrences runs, once") {
  const auto often = timing("*/15 * * * *");
  Watch watch{instant("2026-11-01T00:00Z"), {}, 0};
  const auto next = watch.look(often, instant("2026-11-24T12:07Z"));
  CHECK(watch.starts == std::vector{instant("2026-11-24T12:07Z")});
  CHECK(watch.handled == instant("2026-11-24T12:00Z"));
  CHECK(next == instant("2026-11-24T12:15Z"));
}

TEST_CASE("a missed occurrence is skipped where that is wished") {
  auto nightly = timing("0 2 * * *");
  nightly.when_missed = WhenMissed::skip;
  CHECK(at(nightly, "2026-11-23T02:00Z", "2026-11-24T02:00:59Z").action == Action::start);
  const auto verdict = at(nightly, "2026-11-23T02:00Z", "2026-11-24T02:30Z");
  CHECK(verdict.action == Action::skip_missed);
  CHECK(verdict.occurrence == instant("2026-11-24T02:00Z"));
}

TEST_CASE("a missed occurrence that is too old is skipped") {
  auto nightly = timing("0 2 * * *");
  nightly.longest_lateness = 2h;
  CHECK(at(nightly, "2026-11-23T02:00Z", "2026-11-24T04:00Z").action == Action::start);
  CHECK(at(nightly, "2026-11-23T02:00Z", "2026-11-24T04:01Z").action == Action::skip_missed);
}

TEST_CASE("what was missed waits for the end of a blackout too") {
  auto nightly = timing("0 2 * * *");
  nightly.blackout = hours("08:00-18:00");
  nightly.longest_lateness = 24h;
  const auto verdict = at(nightly, "2026-11-23T02:00Z", "2026-11-24T09:00Z");
  CHECK(verdict.action == Action::wait);
  CHECK(verdict.at == instant("2026-11-24T18:00Z"));
  CHECK(at(nightly, "2026-11-23T02:00Z", "2026-11-24T18:00Z").action == Action::start);
}

TEST_CASE("the coming starts are those of the occurrences, one behind each blackout") {
  auto often = timing("0 */6 * * *");
  often.blackout = hours("05:00-13:00");
  CHECK(upcoming(often, "eu/full", instant("2026-11-24T00:00Z"), 4) ==
        std::vector{instant("2026-11-24T13:00Z"), instant("2026-11-24T18:00Z"), instant("2026-11-25T00:00Z"),
                    instant("2026-11-25T13:00Z")});
}

TEST_CASE("downtime of years costs no more than a look") {
  auto always = timing("* * * * *", "America/New_York");
  Watch watch{instant("2020-01-01T00:00Z"), {}, 0};
  watch.look(always, instant("2026-11-24T12:00Z"));
  CHECK(watch.starts.size() == 1);
  auto yearly = timing("@yearly", "America/New_York");
  yearly.longest_lateness = 24h * 30;
  CHECK(at(yearly, "2020-01-01T12:00Z", "2026-11-24T12:00Z").action == Action::skip_missed);
}

TEST_CASE("over a year with downtime, jitter and a blackout, each start belongs to an occurrence and none is in the blackout") {
  for (const auto* place : {"America/New_York", "Europe/Berlin", "Australia/Lord_Howe"}) {
    INFO(place);
    auto often = timing("10 */3 * * *", place);
    often.jitter = 20min;
    often.blackout = hours("MON-FRI 08:00-17:00");
    Watch watch{instant("2026-01-01T00:00Z"), {}, 0};
    auto handled_before = watch.handled;
    std::size_t late = 0;
    const auto year_end = instant("2027-01-01T00:00Z");
    const auto down = instant("2026-03-08T00:00Z");
    for (auto now = watch.handled; now < year_end; now += 5min) {
      if (now >= down && now < down + 48h) continue;  // nobody looks
      const auto count = watch.starts.size();
      watch.look(often, now);
      if (watch.starts.size() == count) continue;
      CHECK(watch.starts.size() == count + 1);
      CHECK_FALSE(often.blackout.end(often.zone, now));
      CHECK(watch.handled > handled_before);
      // On time: within jitter and the pace of the looks, from the occurrence or from the end of the blackout.
      const auto blackout_end = often.blackout.end(often.zone, watch.handled);
      if (now - blackout_end.value_or(watch.handled) > 20min + 5min) ++late;
      handled_before = watch.handled;
    }
    CHECK(late <= 2);  // after the downtime; and where jitter alone led into a blackout
    CHECK(watch.skipped == 0);
    CHECK(watch.starts.size() > 1'900);
  }
}
