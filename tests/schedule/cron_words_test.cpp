#include "schedule/cron_words.hpp"

#include <array>

#include "schedule/moments.hpp"

using namespace product_sync::schedule;

TEST_CASE("an expression that is simple is said in words") {
  struct Row {
    const char* expression;
    const char* words;
  };
  constexpr std::array kRows{
      Row{"* * * * *", "every minute"},
      Row{"*/15 * * * *", "every 15 minutes"},
      Row{"5 * * * *", "every hour at minute 5"},
      Row{"0 */2 * * *", "every 2 hours at minute 0"},
      Row{"30 2 * * *", "every day at 02:30"},
      Row{"@daily", "every day at 00:00"},
      Row{"0 6,12,18 * * *", "every day at 06:00, 12:00 and 18:00"},
      Row{"0 6 * * MON-FRI", "Monday to Friday at 06:00"},
      Row{"0 6 * * FRI-SUN", "Friday to Sunday at 06:00"},
      Row{"0 6 * * SAT,SUN", "every Saturday and Sunday at 06:00"},
      Row{"0 6 * * SUN", "every Sunday at 06:00"},
      Row{"*/30 * * * MON-FRI", "Monday to Friday, every 30 minutes"},
      Row{"0 4 1 * *", "on day 1 of every month at 04:00"},
      Row{"*/7 * * * *", ""},
      Row{"0 0 1 JAN *", ""},
      Row{"0 0 13 * FRI", ""},
      Row{"0 8-18 * * *", ""},
  };
  for (const auto& row : kRows) {
    INFO(row.expression);
    CHECK(in_words(cron(row.expression)) == row.words);
  }
}
