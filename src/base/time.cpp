#include "base/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace product_sync {
namespace {

using std::chrono::microseconds;

/// Reads fixed-width numbers off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view rest) : rest_(rest) {}

  std::optional<int> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return std::nullopt;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Digits behind the decimal point, as microseconds; finer digits are cut off.
  std::optional<microseconds> fraction() {
    std::int64_t value = 0;
    std::size_t count = 0;
    while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') {
      if (count < 6) value = value * 10 + (rest_[count] - '0');
      ++count;
    }
    if (count == 0) return std::nullopt;
    for (std::size_t i = count; i < 6; ++i) value *= 10;
    rest_.remove_prefix(count);
    return microseconds{value};
  }

  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<std::chrono::sys_days> scan_date(Scanner& scan) {
  const auto year = scan.digits(4);
  if (!year || !scan.take('-')) return std::nullopt;
  const auto month = scan.digits(2);
  if (!month || !scan.take('-')) return std::nullopt;
  const auto day = scan.digits(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date};
}

std::optional<microseconds> scan_time_of_day(Scanner& scan) {
  const auto hour = scan.digits(2);
  if (!hour || *hour > 23 || !scan.take(':')) return std::nullopt;
  const auto minute = scan.digits(2);
  if (!minute || *minute > 59) return std::nullopt;
  microseconds time = std::chrono::hours{*hour} + std::chrono::minutes{*minute};
  if (!scan.take(':')) return time;
  const auto second = scan.digits(2);
  if (!second || *second > 59) return std::nullopt;
  time += std::chrono::seconds{*second};
  if (!scan.take('.')) return time;
  const auto fraction = scan.fraction();
  if (!fraction) return std::nullopt;
  return time + *fraction;
}

std::optional<std::chrono::minutes> scan_zone(Scanner& scan, std::chrono::minutes fallback) {
  if (scan.done()) return fallback;
  if (scan.take('Z')) return std::chrono::minutes{0};
  const bool west = scan.take('-');
  if (!west && !scan.take('+')) return std::nullopt;
  const auto hours = scan.digits(2);
  if (!hours || *hours > 14) return std::nullopt;
  scan.take(':');
  const auto minutes = scan.digits(2);
  if (!minutes || *minutes > 59) return std::nullopt;
  const auto offset = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
  return west ? -offset : offset;
}

std::optional<Instant> scan_instant(std::string_view text, std::chrono::minutes zone_offset) {
  Scanner scan(text);
  const auto date = scan_date(scan);
  if (!date) return std::nullopt;
  microseconds time{0};
  if (scan.take('T') || scan.take(' ')) {
    const auto time_of_day = scan_time_of_day(scan);
    if (!time_of_day) return std::nullopt;
    time = *time_of_day;
  }
  const auto offset = scan_zone(scan, zone_offset);
  if (!offset || !scan.done()) return std::nullopt;
  return Instant{*date} + time - *offset;
}

// An offset may carry a time out of the years that four digits can write.
constexpr Instant kYearZero{std::chrono::sys_days{std::chrono::year{0} / 1 / 1}};
constexpr Instant kYear10000{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}};

}  // namespace

std::string to_iso8601(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{instant - day};
  auto text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                          static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                          time.minutes().count(), time.seconds().count());
  if (time.subseconds().count() != 0) text += fmt::format(".{:06}", time.subseconds().count());
  return text + "Z";
}

Result<Instant> parse_iso8601(std::string_view text, std::chrono::minutes zone_offset) {
  const auto instant = scan_instant(text, zone_offset);
  if (instant && *instant >= kYearZero && *instant < kYear10000) return *instant;
  return fail("time.malformed", fmt::format("\"{}\" is not a date or time.", text),
              "Write YYYY-MM-DD or YYYY-MM-DDThh:mm:ss, with Z or an offset such as +02:00 behind it.");
}

Instant from_dotnet_ticks(std::uint64_t ticks) {
  constexpr std::int64_t kUnixEpochTicks = 621'355'968'000'000'000;
  constexpr std::uint64_t kLastTicks = 3'155'378'975'999'999'999;
  const auto believable = static_cast<std::int64_t>(std::min(ticks, kLastTicks));
  return Instant{microseconds{(believable - kUnixEpochTicks) / 10}};
}

}  // namespace product_sync
