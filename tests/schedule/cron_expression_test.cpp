#include "schedule/cron_expression.hpp"

#include <array>

#include "schedule/moments.hpp"

using namespace product_sync;
using namespace product_sync::schedule;

namespace {

/// `2026-11-24T02:30`, without a zone.
LocalMinute on_the_wall(std::string_view text) {
  return LocalMinute{std::chrono::floor<std::chrono::minutes>(instant(text).time_since_epoch())};
}

std::string next_on_the_wall(const CronExpression& expression, std::string_view from) {
  const auto next = expression.next(on_the_wall(from));
  return next ? to_iso8601(Instant{next->time_since_epoch()}).substr(0, 16) : "never";
}

}  // namespace

TEST_CASE("an expression names minutes by values, ranges, steps, lists and names") {
  struct Row {
    const char* expression;
    const char* from;
    const char* next;
  };
  // 24 November 2026 is a Tuesday.
  constexpr std::array kRows{
      Row{"* * * * *", "2026-11-24T02:30", "2026-11-24T02:30"},
      Row{"0 2 * * *", "2026-11-24T02:00", "2026-11-24T02:00"},
      Row{"0 2 * * *", "2026-11-24T02:01", "2026-11-25T02:00"},
      Row{"*/15 * * * *", "2026-11-24T02:31", "2026-11-24T02:45"},
      Row{"5-20/5 * * * *", "2026-11-24T02:11", "2026-11-24T02:15"},
      Row{"5-20/5 * * * *", "2026-11-24T02:21", "2026-11-24T03:05"},
      Row{"0,10,58-59 * * * *", "2026-11-24T02:11", "2026-11-24T02:58"},
      Row{"30 6,18 * * *", "2026-11-24T07:00", "2026-11-24T18:30"},
      Row{"0 0 1 * *", "2026-11-24T00:00", "2026-12-01T00:00"},
      Row{"0 0 31 * *", "2026-11-24T00:00", "2026-12-31T00:00"},
      Row{"0 0 1 JAN,jul *", "2026-02-01T00:00", "2026-07-01T00:00"},
      Row{"0 0 * Mar-May *", "2026-06-01T00:00", "2027-03-01T00:00"},
      Row{"0 12 * * MON", "2026-11-24T00:00", "2026-11-30T12:00"},
      Row{"0 12 * * mon-fri", "2026-11-28T00:00", "2026-11-30T12:00"},
      Row{"0 12 * * 0", "2026-11-24T00:00", "2026-11-29T12:00"},
      Row{"0 12 * * 7", "2026-11-24T00:00", "2026-11-29T12:00"},
      Row{"0 12 * * FRI-SUN", "2026-11-29T12:01", "2026-12-04T12:00"},
      Row{"0 12 * * 6-7", "2026-11-24T00:00", "2026-11-28T12:00"},
      Row{"0 12 * * */2", "2026-11-25T00:00", "2026-11-26T12:00"},
      Row{"  0\t12  *  * *  ", "2026-11-24T00:00", "2026-11-24T12:00"},
      Row{"0 0 29 2 *", "2026-03-01T00:00", "2028-02-29T00:00"},
      Row{"0 0 29 2 *", "2096-03-01T00:00", "2104-02-29T00:00"},
      Row{"0 0 */29 2 *", "2026-02-02T00:00", "2027-02-01T00:00"},
      Row{"59 23 31 12 *", "2026-12-31T23:59", "2026-12-31T23:59"},
      Row{"@hourly", "2026-11-24T02:01", "2026-11-24T03:00"},
      Row{"@daily", "2026-11-24T02:01", "2026-11-25T00:00"},
      Row{"@midnight", "2026-11-24T02:01", "2026-11-25T00:00"},
      Row{"@weekly", "2026-11-24T02:01", "2026-11-29T00:00"},
      Row{"@monthly", "2026-11-24T02:01", "2026-12-01T00:00"},
      Row{"@Yearly", "2026-11-24T02:01", "2027-01-01T00:00"},
      Row{"@annually", "2026-11-24T02:01", "2027-01-01T00:00"},
  };
  for (const auto& row : kRows) {
    INFO(row.expression << " from " << row.from);
    CHECK(next_on_the_wall(cron(row.expression), row.from) == row.next);
  }
}

TEST_CASE("of a day of the month and a day of the week one is enough, unless one begins with a star") {
  const auto either = cron("0 0 13 * FRI");
  CHECK(next_on_the_wall(either, "2026-11-10T00:00") == "2026-11-13T00:00");  // a Friday, and the 13th
  CHECK(next_on_the_wall(either, "2026-11-14T00:00") == "2026-11-20T00:00");  // a Friday
  CHECK(next_on_the_wall(either, "2026-12-12T00:00") == "2026-12-13T00:00");  // a Sunday

  const auto both = cron("0 0 */2 * FRI");
  CHECK(next_on_the_wall(both, "2026-11-14T00:00") == "2026-11-27T00:00");  // the 20th is even
  CHECK(next_on_the_wall(cron("0 0 29 2 */6"), "2026-01-01T00:00") == "2032-02-29T00:00");  // a Sunday; 2028's is a Tuesday
}

TEST_CASE("an expression that is wrong is refused with the column and what was expected there") {
  struct Row {
    const char* expression;
    const char* message;
  };
  constexpr std::array kRows{
      Row{"", "column 1: expected a minute from 0 to 59, found the end"},
      Row{"0 2 * *", "column 8: expected a day of the week from 0 to 7 or SUN to SAT, found the end"},
      Row{"0 2 * * * *", "column 11: expected the end behind five fields, found \"*\""},
      Row{"60 2 * * *", "column 1: expected a minute from 0 to 59, found \"60\""},
      Row{"0 24 * * *", "column 3: expected an hour from 0 to 23, found \"24\""},
      Row{"0 2 0 * *", "column 5: expected a day of the month from 1 to 31, found \"0\""},
      Row{"0 2 * 13 *", "column 7: expected a month from 1 to 12 or JAN to DEC, found \"13\""},
      Row{"0 2 * MAI *", "column 7: expected a month from 1 to 12 or JAN to DEC, found \"MAI\""},
      Row{"0 2 * * 8", "column 9: expected a day of the week from 0 to 7 or SUN to SAT, found \"8\""},
      Row{"0 2 * * MON-", "column 13: expected a day of the week from 0 to 7 or SUN to SAT, found the end"},
      Row{"0 2-x * * *", "column 5: expected an hour from 0 to 23, found \"x\""},
      Row{"0 5-2 * * *", "column 5: expected the end of the range, 5 or later, found \"2\""},
      Row{"0 2 * * FRI-MON", "column 13: expected the end of the range, 5 or later, found \"MON\""},
      Row{"*/0 * * * *", "column 3: expected a step from 1 to 59, found \"0\""},
      Row{"*/90 * * * *", "column 3: expected a step from 1 to 59, found \"90\""},
      Row{"* */24 * * *", "column 5: expected a step from 1 to 23, found \"24\""},
      Row{"5/10 * * * *", "column 2: expected no step behind a single value; write a range, such as 5-59/10, found \"/10\""},
      Row{"1,,2 * * * *", "column 3: expected a minute from 0 to 59, found \",2\""},
      Row{"1;2 * * * *", "column 2: expected a comma, or a blank before the next field, found \";2\""},
      Row{"-1 * * * *", "column 1: expected a minute from 0 to 59, found \"-1\""},
      Row{"99999999999999999999 * * * *",
          "column 1: expected a minute from 0 to 59, found \"99999999999999999999\""},
      Row{"0 0 L * *", "column 5: expected a day of the month from 1 to 31, found \"L\""},
      Row{"0 0 ? * MON", "column 5: expected a day of the month from 1 to 31, found \"?\""},
      Row{"@reboot",
          "column 1: expected one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly, found \"@reboot\""},
      Row{"0 0 30 2 *", "column 5: expected a day that the month has, found \"30 2\""},
      Row{"0 0 30,31 FEB *", "column 5: expected a day that the month has, found \"30,31 FEB\""},
      Row{"0 0 31 4,6,9,11 *", "column 5: expected a day that the month has, found \"31 4,6,9,11\""},
      Row{"0 0 31 4 */2", "column 5: expected a day that the month has, found \"31 4\""},
  };
  for (const auto& row : kRows) {
    INFO(row.expression);
    const auto parsed = CronExpression::parse(row.expression);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == "schedule.bad_cron");
    CHECK(parsed.error().message == row.message);
  }
}

TEST_CASE("30 February is no fault where a day of the week is enough") {
  CHECK(next_on_the_wall(cron("0 0 30 2 MON"), "2026-02-03T00:00") == "2026-02-09T00:00");
}
