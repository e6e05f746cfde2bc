#include "instant.hpp"

#include <chrono>
#include <cstdio>

namespace acumatica_sim {
namespace {

constexpr Millis kMinute = 60'000;
constexpr Millis kDay = 24 * 60 * kMinute;

struct Civil {
  int year, month, day, hour, minute, second, millis;
};

Civil civil(Millis time) {
  using namespace std::chrono;
  const sys_time<milliseconds> point{milliseconds{time}};
  const auto day = floor<days>(point);
  const year_month_day date{day};
  const hh_mm_ss clock{point - day};
  return {static_cast<int>(date.year()),
          static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(clock.hours().count()),
          static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count()),
          static_cast<int>(clock.subseconds().count())};
}

std::string fraction(int millis) {
  if (millis == 0) return {};
  char text[8];
  int length = std::snprintf(text, sizeof text, ".%03d", millis);
  while (text[length - 1] == '0') --length;
  return {text, static_cast<std::size_t>(length)};
}

/// Reads unsigned numbers and single characters from the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool number(std::size_t digits, int& value) {
    if (rest_.size() < digits) return false;
    value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return false;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return true;
  }
  bool skip(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool fraction_millis(int& millis) {
    int digits = 0;
    millis = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; ++digits, rest_.remove_prefix(1)) {
      if (digits < 3) millis = millis * 10 + (rest_.front() - '0');
    }
    for (int i = digits; i < 3; ++i) millis *= 10;
    return digits >= 1 && digits <= 7;
  }
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

bool read_clock(Scanner& scan, Civil& at) {
  if (!scan.number(2, at.hour) || !scan.skip(':') || !scan.number(2, at.minute)) return false;
  if (!scan.skip(':')) return true;
  if (!scan.number(2, at.second)) return false;
  return !scan.skip('.') || scan.fraction_millis(at.millis);
}

bool read_offset(Scanner& scan, int& minutes) {
  if (scan.done()) return true;
  if (scan.skip('Z')) {
    minutes = 0;
    return scan.done();
  }
  const int sign = scan.skip('-') ? -1 : scan.skip('+') ? 1 : 0;
  int hour = 0;
  int minute = 0;
  if (sign == 0 || !scan.number(2, hour) || !scan.skip(':') || !scan.number(2, minute)) return false;
  minutes = sign * (hour * 60 + minute);
  return scan.done();
}

}  // namespace

Millis now_millis() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::string local_text(Millis time, int offset_minutes) {
  const Civil c = civil(time + offset_minutes * kMinute);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month, c.day, c.hour, c.minute, c.second);
  return text + fraction(c.millis);
}

std::string offset_text(Millis time, int offset_minutes) {
  char offset[16];
  const int size = offset_minutes < 0 ? -offset_minutes : offset_minutes;
  std::snprintf(offset, sizeof offset, "%c%02d:%02d", offset_minutes < 0 ? '-' : '+', size / 60 % 100, size % 60);
  return local_text(time, offset_minutes) + offset;
}

std::string invariant_text(Millis time) {
  const Civil c = civil(time);
  char text[40];
  std::snprintf(text, sizeof text, "%02d/%02d/%04d %02d:%02d:%02d", c.month, c.day, c.year, c.hour, c.minute, c.second);
  return text;
}

std::uint64_t dotnet_ticks(Millis time) {
  constexpr std::uint64_t kUnixEpochTicks = 621'355'968'000'000'000;
  return kUnixEpochTicks + static_cast<std::uint64_t>(time) * 10'000;
}

std::optional<Millis> parse_datetime(std::string_view text, int local_offset_minutes) {
  Scanner scan(text);
  Civil at{};
  if (!scan.number(4, at.year) || !scan.skip('-') || !scan.number(2, at.month) || !scan.skip('-') ||
      !scan.number(2, at.day)) {
    return std::nullopt;
  }
  if (scan.skip('T') && !read_clock(scan, at)) return std::nullopt;
  int offset = local_offset_minutes;
  if (!read_offset(scan, offset)) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{at.year},
                                         std::chrono::month{static_cast<unsigned>(at.month)},
                                         std::chrono::day{static_cast<unsigned>(at.day)}};
  if (!date.ok() || at.hour > 23 || at.minute > 59 || at.second > 59) return std::nullopt;
  const Millis days = std::chrono::sys_days{date}.time_since_epoch().count();
  return days * kDay + (at.hour * 60 + at.minute - offset) * kMinute + at.second * 1000 + at.millis;
}

}  // namespace acumatica_sim
