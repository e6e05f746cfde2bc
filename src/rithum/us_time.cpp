#include "rithum/us_time.hpp"

#include <array>
#include <charconv>

#include "base/bytes.hpp"

namespace product_sync::rithum {
namespace {

/// Takes a number and the character behind it off `text`; -1 when it does not begin so. `behind` 0: the end or a blank.
int take_number(std::string_view& text, char behind) {
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0) return -1;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (behind == '\0') return text.empty() || text.front() == ' ' ? number : -1;
  if (text.empty() || text.front() != behind) return -1;
  text.remove_prefix(1);
  return number;
}

}  // namespace

std::optional<Instant> parse_us_time(std::string_view text) {
  using namespace std::chrono;
  text = trim(text);
  const int month = take_number(text, '/');
  const int day = take_number(text, '/');
  const int year = take_number(text, ' ');
  int hour = take_number(text, ':');
  const int minute = take_number(text, ':');
  const int second = take_number(text, '\0');
  if (month < 0 || day < 0 || year < 0 || hour < 0 || minute < 0 || second < 0) return std::nullopt;
  const auto half = to_lower_ascii(trim(text));
  if (half != "am" && half != "pm") return std::nullopt;
  if (half == "pm" && hour < 12) hour += 12;
  if (half == "am" && hour == 12) hour = 0;
  const year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                            std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return Instant{sys_days{date} + hours{hour} + minutes{minute} + seconds{second}};
}

}  // namespace product_sync::rithum
