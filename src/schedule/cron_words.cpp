#include "schedule/cron_words.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace product_sync::schedule {
namespace {

constexpr std::size_t kMostTimes = 6;
constexpr std::array<std::string_view, 7> kDayNames{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                    "Thursday", "Friday", "Saturday"};

template <std::size_t Size>
std::vector<std::size_t> values_of(const std::bitset<Size>& set) {
  std::vector<std::size_t> values;
  for (std::size_t i = 0; i < Size; ++i) {
    if (set.test(i)) values.push_back(i);
  }
  return values;
}

/// `06:00, 12:00 and 18:00`
std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

/// The distance of values that cover the whole of their range evenly, from zero on; 0 when they do not.
std::size_t even_step(const std::vector<std::size_t>& values, std::size_t range) {
  if (values.size() < 2 || values.front() != 0 || range % values.size() != 0) return 0;
  const auto step = range / values.size();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] != i * step) return 0;
  }
  return step;
}

std::string every(std::size_t step, std::string_view unit) {
  return step == 1 ? fmt::format("every {}", unit) : fmt::format("every {} {}s", step, unit);
}

std::string days_in_words(const CronFields& fields) {
  const bool all_days = fields.days.count() == 31;
  const bool all_weekdays = fields.weekdays.all();
  if (!fields.months.to_ulong() || fields.months.count() != 12) return {};
  if (all_days && all_weekdays) return "every day";
  if (all_weekdays && fields.days.count() == 1) return fmt::format("on day {} of every month", values_of(fields.days)[0]);
  if (!all_days) return {};
  auto weekdays = values_of(fields.weekdays);
  if (weekdays.front() == 0) {  // weeks begin with Monday
    weekdays.erase(weekdays.begin());
    weekdays.push_back(7);
  }
  if (weekdays.size() > 2 && weekdays.back() - weekdays.front() + 1 == weekdays.size()) {
    return fmt::format("{} to {}", kDayNames[weekdays.front() % 7], kDayNames[weekdays.back() % 7]);
  }
  std::vector<std::string> words;
  for (const auto day : weekdays) words.emplace_back(kDayNames[day % 7]);
  return "every " + listed(words);
}

std::string times_in_words(const CronFields& fields) {
  std::vector<std::string> words;
  for (const auto hour : values_of(fields.hours)) {
    for (const auto minute : values_of(fields.minutes)) words.push_back(fmt::format("{:02}:{:02}", hour, minute));
  }
  return words.size() > kMostTimes ? std::string{} : listed(words);
}

/// `every 15 minutes`, `every 2 hours at minute 5`
std::string rhythm_in_words(const CronFields& fields) {
  const auto at = values_of(fields.minutes);
  const auto minute_step = even_step(at, 60);
  if (fields.hours.all() && minute_step > 0) return every(minute_step, "minute");
  const auto hour_step = even_step(values_of(fields.hours), 24);
  if (at.size() != 1 || hour_step == 0) return {};
  return fmt::format("{} at minute {}", every(hour_step, "hour"), at.front());
}

}  // namespace

std::string in_words(const CronExpression& cron) {
  const auto& fields = cron.fields();
  const auto days = days_in_words(fields);
  if (days.empty()) return {};
  const auto times = times_in_words(fields);
  if (!times.empty()) return fmt::format("{} at {}", days, times);
  const auto rhythm = rhythm_in_words(fields);
  if (rhythm.empty() || days == "every day") return rhythm;
  return fmt::format("{}, {}", days, rhythm);
}

}  // namespace product_sync::schedule
