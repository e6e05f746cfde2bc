#include "schedule/occurrences.hpp"

#include <array>

#include "schedule/moments.hpp"

using namespace product_sync;
using namespace product_sync::schedule;

namespace {

/// The occurrences of some hours, by the clocks of the zone.
std::vector<std::string> occurrences(std::string_view expression, std::string_view zone_name, std::string_view after,
                                     std::string_view until) {
  const auto place = zone(zone_name);
  std::vector<std::string> shown;
  auto next = next_occurrence(cron(expression), place, instant(after));
  for (; next && *next <= instant(until); next = next_occurrence(cron(expression), place, *next)) {
    shown.push_back(place.format(*next).substr(11, 5) + place.format(*next).substr(19));
  }
  return shown;
}

using Times = std::vector<std::string>;

}  // namespace

TEST_CASE("in spring, what a gap leaves out occurs once when it ends") {
  const auto spring = [](std::string_view expression) {  // 02:00 is followed by 03:00
    return occurrences(expression, "Europe/Berlin", "2026-03-29T00:00+01:00", "2026-03-29T05:00+02:00");
  };
  CHECK(spring("30 2 * * *") == Times{"03:00+02:00"});
  CHECK(spring("*/20 2 * * *") == Times{"03:00+02:00"});
  CHECK(spring("0,30 2,3 * * *") == Times{"03:00+02:00", "03:30+02:00"});
  CHECK(spring("0 1,2,4 * * *") == Times{"01:00+01:00", "03:00+02:00", "04:00+02:00"});
  CHECK(spring("30 2 30 3 *").empty());
}

TEST_CASE("in autumn, what the clocks show twice occurs the first time") {
  const auto autumn = [](std::string_view expression) {  // 03:00 is followed by 02:00
    return occurrences(expression, "Europe/Berlin", "2026-10-25T00:00+02:00", "2026-10-25T05:00+01:00");
  };
  CHECK(autumn("30 2 * * *") == Times{"02:30+02:00"});
  CHECK(autumn("0 2,3 * * *") == Times{"02:00+02:00", "03:00+01:00"});
  CHECK(autumn("*/30 1-3 * * *") ==
        Times{"01:00+02:00", "01:30+02:00", "02:00+02:00", "02:30+02:00", "03:00+01:00", "03:30+01:00"});
}

TEST_CASE("an expression of every hour follows the time that passes") {
  CHECK(occurrences("*/30 * * * *", "Europe/Berlin", "2026-03-29T01:00+01:00", "2026-03-29T03:30+02:00") ==
        Times{"01:30+01:00", "03:00+02:00", "03:30+02:00"});
  CHECK(occurrences("*/30 * * * *", "Europe/Berlin", "2026-10-25T02:00+02:00", "2026-10-25T03:00+01:00") ==
        Times{"02:30+02:00", "02:00+01:00", "02:30+01:00", "03:00+01:00"});
}

TEST_CASE("summer time of half an hour is kept like one of a whole") {
  // 5 April 2026: 02:00 is followed by 01:30. 4 October: 02:00 is followed by 02:30.
  const auto lord_howe = "Australia/Lord_Howe";
  CHECK(occurrences("45 1 * * *", lord_howe, "2026-04-05T00:00+11:00", "2026-04-05T04:00+10:30") == Times{"01:45+11:00"});
  CHECK(occurrences("15 2 * * *", lord_howe, "2026-10-04T00:00+10:30", "2026-10-04T04:00+11:00") == Times{"02:30+11:00"});
  CHECK(occurrences("15 * * * *", lord_howe, "2026-10-04T01:00+10:30", "2026-10-04T03:30+11:00") ==
        Times{"01:15+10:30", "03:15+11:00"});
  CHECK(occurrences("45 * * * *", lord_howe, "2026-04-05T01:00+11:00", "2026-04-05T02:45+10:30") ==
        Times{"01:45+11:00", "01:45+10:30", "02:45+10:30"});
}

TEST_CASE("a day that a zone left out has its occurrences when it is over") {
  // Samoa had no 30 December 2011.
  CHECK(occurrences("0 9 30 12 *", "Pacific/Apia", "2011-12-29T00:00-10:00", "2012-01-01T00:00+14:00") ==
        Times{"00:00+14:00"});
}

TEST_CASE("an occurrence lies behind the moment that is asked about") {
  const auto expression = cron("0 2 * * *");
  const auto at = instant("2026-11-24T02:00Z");
  CHECK(next_occurrence(expression, {}, at - std::chrono::microseconds{1}) == at);
  CHECK(next_occurrence(expression, {}, at) == at + std::chrono::hours{24});
  CHECK(next_occurrence(cron("* * * * *"), {}, at) == at + std::chrono::minutes{1});
  CHECK(next_occurrence(cron("* * * * *"), {}, at + std::chrono::seconds{59}) == at + std::chrono::minutes{1});
}
