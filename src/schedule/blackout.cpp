#include "schedule/blackout.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.hpp"
#include "schedule/cron_expression.hpp"

namespace product_sync::schedule {
namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr minutes kWholeDay{24 * 60};
constexpr std::string_view kForm = "write hours such as 08:00-18:00, with days before them if they are meant: MON-FRI 08:00-18:00";

/// `08:00`, up to `24:00`
std::optional<minutes> read_time(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 100'000; };
  const int hour = 10 * digit(0) + digit(1);
  const int minute = 10 * digit(3) + digit(4);
  const minutes time{60 * hour + minute};
  if (minute > 59 || time > kWholeDay) return std::nullopt;
  return time;
}

/// Both days of the week and hours are written as everywhere else: the days as in a cron expression.
Result<std::bitset<7>> read_weekdays(std::string_view text) {
  const auto cron = CronExpression::parse(fmt::format("0 0 * * {}", text));
  if (cron) return cron->fields().weekdays;
  return fail("schedule.bad_blackout", fmt::format("\"{}\" does not name days of the week", excerpt(text, 40)),
              std::string(kForm));
}

}  // namespace

Result<BlackoutWindow> BlackoutWindow::parse(std::string_view text) {
  const auto whole = trim(text);
  const auto blank = whole.rfind(' ');
  const auto hours = blank == std::string_view::npos ? whole : whole.substr(blank + 1);
  const auto dash = hours.find('-');
  const auto from = read_time(hours.substr(0, dash));
  const auto to = dash == std::string_view::npos ? std::nullopt : read_time(hours.substr(dash + 1));
  if (!from || !to || *from == kWholeDay || *from == *to) {
    return fail("schedule.bad_blackout", fmt::format("\"{}\" does not name hours of a day", excerpt(hours, 40)),
                std::string(kForm));
  }
  BlackoutWindow window{std::string(whole), {}, *from, *to};
  window.weekdays.set();
  if (blank != std::string_view::npos) {
    const auto weekdays = read_weekdays(trim(whole.substr(0, blank)));
    if (!weekdays) return tl::unexpected(weekdays.error());
    window.weekdays = *weekdays;
  }
  return window;
}

Result<Blackout> Blackout::of(std::vector<BlackoutWindow> windows) {
  Blackout blackout;
  blackout.windows_ = std::move(windows);
  const LocalMinute week{};
  for (minutes minute{0}; minute < 7 * kWholeDay; ++minute) {
    if (!blackout.window_end(week + minute)) return blackout;
  }
  return fail("schedule.bad_blackout", "the blackout leaves no minute of the week in which something could start",
              "switch the schedule off instead");
}

/// Of the window that `local` lies in.
std::optional<LocalMinute> Blackout::window_end(LocalMinute local) const {
  std::optional<LocalMinute> latest;
  const auto today = std::chrono::floor<days>(local);
  for (const auto& window : windows_) {
    for (const auto day : {today - days{1}, today}) {
      if (!window.weekdays.test(std::chrono::weekday(day).c_encoding())) continue;
      const LocalMinute end = day + (window.to > window.from ? window.to : window.to + kWholeDay);
      if (day + window.from <= local && local < end) latest = std::max(latest.value_or(end), end);
    }
  }
  return latest;
}

std::optional<Instant> Blackout::end(const TimeZone& zone, Instant at) const {
  std::optional<Instant> end;
  while (const auto local = window_end(zone.local(end.value_or(at)))) {
    const auto next = zone.first_instant(*local);
    // Where the clocks were set back into the window, they show its end for the second time.
    end = next > end.value_or(at) ? next : end.value_or(at) + minutes{1};
  }
  return end;
}

}  // namespace product_sync::schedule
