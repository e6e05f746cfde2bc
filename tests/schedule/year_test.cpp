// A year in three zones, minute by minute, against the C library's clocks: an oracle that shares nothing with the program.

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <random>

#include "schedule/moments.hpp"
#include "schedule/occurrences.hpp"
#include "support/seed.hpp"

using namespace product_sync;
using namespace product_sync::schedule;

namespace {

/// What an expression names, as plain tables, and the text that says the same.
struct Model {
  std::array<bool, 60> minutes{};
  std::array<bool, 24> hours{};
  std::array<bool, 32> days{};
  std::array<bool, 13> months{};
  std::array<bool, 7> weekdays{};
  bool any_day = true;
  bool any_weekday = true;
  std::string text;

  [[nodiscard]] bool names(const std::tm& wall) const {
    const auto at = [](const auto& table, int index) { return table[static_cast<std::size_t>(index)]; };
    if (!at(minutes, wall.tm_min) || !at(hours, wall.tm_hour) || !at(months, wall.tm_mon + 1)) return false;
    const bool day = at(days, wall.tm_mday);
    const bool weekday = at(weekdays, wall.tm_wday);
    return any_day || any_weekday ? day && weekday : day || weekday;
  }
};

/// A field of an expression at random; what it names goes into `table`, from `least` on.
template <std::size_t Size>
std::string random_field(std::mt19937_64& random, std::array<bool, Size>& table, std::size_t least) {
  const auto pick = [&](std::size_t from, std::size_t to) {
    return std::uniform_int_distribution<std::size_t>(from, to)(random);
  };
  const auto last = Size - 1;
  const auto name_range = [&](std::size_t from, std::size_t to, std::size_t step) {
    for (auto value = from; value <= to; value += step) table[value] = true;
  };
  switch (pick(0, 4)) {
    case 0:
      name_range(least, last, 1);
      return "*";
    case 1: {
      const auto step = pick(1, last - least);
      name_range(least, last, step);
      return fmt::format("*/{}", step);
    }
    case 2: {
      const auto from = pick(least, last);
      const auto to = pick(from, last);
      const auto step = pick(1, last - least);
      name_range(from, to, step);
      return fmt::format("{}-{}/{}", from, to, step);
    }
    default: {
      std::string list;
      for (auto count = pick(1, 4); count > 0; --count) {
        const auto value = pick(least, last);
        table[value] = true;
        list += fmt::format("{}{}", list.empty() ? "" : ",", value);
      }
      return list;
    }
  }
}

Model random_model(std::mt19937_64& random) {
  Model model;
  const auto minute = random_field(random, model.minutes, 0);
  const auto hour = random_field(random, model.hours, 0);
  const auto day = random_field(random, model.days, 1);
  const auto month = random_field(random, model.months, 1);
  const auto weekday = random_field(random, model.weekdays, 0);
  model.any_day = day.front() == '*';
  model.any_weekday = weekday.front() == '*';
  model.text = fmt::format("{} {} {} {} {}", minute, hour, day, month, weekday);
  return model;
}

/// The C library's clocks in a zone, until the end of the scope.
class WallClock {
 public:
  explicit WallClock(const char* zone_name) {
    ::setenv("TZ", zone_name, 1);
    ::tzset();
  }
  ~WallClock() {
    ::unsetenv("TZ");
    ::tzset();
  }
  WallClock(const WallClock&) = delete;
  WallClock& operator=(const WallClock&) = delete;

  static std::tm show(std::time_t at) {
    std::tm wall{};
    ::localtime_r(&at, &wall);
    return wall;
  }
};

/// Walks through the minutes of a time, and asks at each what the clocks show.
std::vector<Instant> walk(const Model& model, std::time_t begin, std::time_t end) {
  const bool every_hour = std::ranges::all_of(model.hours, [](bool named) { return named; });
  std::vector<Instant> found;
  auto wall = WallClock::show(begin - 60);
  std::time_t latest_shown = ::timegm(&wall);  // as if the clocks were UTC's
  for (auto at = begin; at < end; at += 60) {
    wall = WallClock::show(at);
    const auto shown = ::timegm(&wall);
    bool occurs = model.names(wall) && (every_hour || shown > latest_shown);
    for (auto left_out = latest_shown + 60; !every_hour && left_out < shown; left_out += 60) {
      std::tm never_shown{};
      ::gmtime_r(&left_out, &never_shown);
      occurs = occurs || model.names(never_shown);
    }
    latest_shown = std::max(latest_shown, shown);
    if (occurs) found.emplace_back(std::chrono::seconds{at});
  }
  return found;
}

std::vector<Instant> computed(const CronExpression& expression, const TimeZone& place, Instant begin, Instant end) {
  std::vector<Instant> found;
  auto next = next_occurrence(expression, place, begin - std::chrono::microseconds{1});
  for (; next && *next < end; next = next_occurrence(expression, place, *next)) found.push_back(*next);
  return found;
}

void compare_over_a_year(const Model& model, const TimeZone& place, int year) {
  INFO(model.text << " in " << place.name() << ", " << year);
  const auto begin = instant(fmt::format("{}-01-01T00:00Z", year));
  const auto end = instant(fmt::format("{}-01-01T00:00Z", year + 1));
  const auto seconds = [](Instant at) { return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count(); };
  const auto expected = walk(model, seconds(begin), seconds(end));
  const auto parsed = CronExpression::parse(model.text);
  if (!parsed) {  // a day that no month has
    CHECK(expected.empty());
    return;
  }
  const auto found = computed(*parsed, place, begin, end);
  const auto [differs, other] = std::ranges::mismatch(expected, found);
  INFO("the first difference: expected "
       << (differs == expected.end() ? "nothing" : place.format(*differs)) << ", found "
       << (other == found.end() ? "nothing" : place.format(*other)));
  CHECK((differs == expected.end() && other == found.end()));
}

constexpr std::array kPlaces{"America/New_York", "Europe/Berlin", "Australia/Lord_Howe"};

/// Of an expression whose reading other tests are about.
Model model_of(std::string_view text) {
  const auto fields = cron(text).fields();
  Model model;
  const auto copy = [](const auto& from, auto& to) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = from.test(i);
  };
  copy(fields.minutes, model.minutes);
  copy(fields.hours, model.hours);
  copy(fields.days, model.days);
  copy(fields.months, model.months);
  copy(fields.weekdays, model.weekdays);
  model.any_day = fields.any_day;
  model.any_weekday = fields.any_weekday;
  model.text = text;
  return model;
}

}  // namespace

TEST_CASE("over a year in three zones, occurrences are those that a walk through its minutes finds") {
  constexpr std::array kExpressions{"30 2 * * *",    "*/15 * * * *",     "0 0 * * *",    "45 1 * * SUN", "*/20 1-3 * * *",
                                    "0 */2 * * *",   "15 2 1-7 4,10 *", "* 2 * * *",    "59 * * * *",   "0 0 29 2 *"};
  for (const auto* place : kPlaces) {
    const WallClock clock(place);
    for (const auto* expression : kExpressions) compare_over_a_year(model_of(expression), zone(place), 2026);
    compare_over_a_year(model_of("0 0 29 2 *"), zone(place), 2028);
  }
}

TEST_CASE("over a year in three zones, random expressions occur when a walk through its minutes says") {
  const auto seed = testing::random_seed();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  for (const auto* place : kPlaces) {
    const WallClock clock(place);
    for (int round = 0; round < 12; ++round) compare_over_a_year(random_model(random), zone(place), 2026);
  }
}
