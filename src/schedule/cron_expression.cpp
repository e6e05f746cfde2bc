#include "schedule/cron_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <vector>

#include "base/bytes.hpp"

namespace product_sync::schedule {
namespace {

constexpr int kYearsAhead = 50;  // 29 February on a given weekday comes every 28 years, or 40 across 2100

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

struct FieldForm {
  std::string_view what;
  unsigned least;
  unsigned most;  ///< that can be written: 7 is Sunday too
  std::span<const std::string_view> names;
  std::string_view example;  ///< of a range with a step

  [[nodiscard]] std::string expected() const {
    const auto names_too = names.empty() ? std::string{} : fmt::format(" or {} to {}", upper(names.front()), upper(names.back()));
    return fmt::format("{} from {} to {}{}", what, least, most, names_too);
  }
  static std::string upper(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = static_cast<char>(c - 'a' + 'A');
    return result;
  }
};

const std::array<FieldForm, 5> kForms{{{"a minute", 0, 59, {}, "5-59/10"},
                                       {"an hour", 0, 23, {}, "2-23/4"},
                                       {"a day of the month", 1, 31, {}, "2-31/7"},
                                       {"a month", 1, 12, kMonths, "2-12/3"},
                                       {"a day of the week", 0, 7, kWeekdays, "1-6/2"}}};

struct Nickname {
  std::string_view word;
  std::string_view meaning;
};
constexpr std::array<Nickname, 7> kNicknames{{{"@yearly", "0 0 1 1 *"},
                                              {"@annually", "0 0 1 1 *"},
                                              {"@monthly", "0 0 1 * *"},
                                              {"@weekly", "0 0 * * 0"},
                                              {"@daily", "0 0 * * *"},
                                              {"@midnight", "0 0 * * *"},
                                              {"@hourly", "0 * * * *"}}};

tl::unexpected<Error> refuse(std::size_t at, std::string_view expected, std::string_view found) {
  const auto shown = found.empty() ? std::string("the end") : fmt::format("\"{}\"", excerpt(found, 20));
  return fail("schedule.bad_cron", fmt::format("column {}: expected {}, found {}", at + 1, expected, shown));
}

/// One of the five parts of the text, and where it begins.
struct Part {
  std::string_view text;
  std::size_t at = 0;
};

std::vector<Part> split_parts(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  std::vector<Part> parts;
  for (std::size_t i = 0; i < text.size();) {
    if (blank(text[i])) {
      ++i;
      continue;
    }
    const auto begin = i;
    while (i < text.size() && !blank(text[i])) ++i;
    parts.push_back({text.substr(begin, i - begin), begin});
  }
  return parts;
}

/// Reads one field from left to right. `values` are those it names.
class FieldReader {
 public:
  FieldReader(const FieldForm& form, Part part) : form_(form), part_(part) {}

  Result<std::bitset<64>> read() {
    while (true) {
      if (auto item = read_item(); !item) return tl::unexpected(std::move(item.error()));
      if (rest().empty()) return values_;
      if (!take(',')) return wrong("a comma, or a blank before the next field");
    }
  }

 private:
  Result<void> read_item() {
    unsigned low = form_.least;
    unsigned high = last_value();
    bool spans = true;
    if (!take('*')) {
      const auto first = read_value();
      if (!first) return tl::unexpected(first.error());
      low = high = *first;
      spans = take('-');
      if (spans) {
        const auto at = cursor_;
        const auto last = read_value();
        if (!last) return tl::unexpected(last.error());
        high = *last == 0 && is_weekday() && low > 0 ? 7 : *last;  // a week may end on SUN
        if (high < low) return wrong_at(at, fmt::format("the end of the range, {} or later", low));
      }
    }
    unsigned step = 1;
    const auto slash = cursor_;
    if (take('/')) {
      if (!spans) return wrong_at(slash, fmt::format("no step behind a single value; write a range, such as {}", form_.example));
      const auto read = read_step();
      if (!read) return tl::unexpected(read.error());
      step = *read;
    }
    for (auto value = low; value <= high; value += step) values_.set(is_weekday() ? value % 7 : value);
    return {};
  }

  Result<unsigned> read_value() {
    const auto at = cursor_;
    const auto word = take_word();
    unsigned value = 0;
    if (const auto name = std::ranges::find(form_.names, to_lower_ascii(word)); name != form_.names.end()) {
      return static_cast<unsigned>(name - form_.names.begin()) + form_.least;
    }
    if (!read_number(word, value) || value < form_.least || value > form_.most) return wrong_at(at, form_.expected());
    return value;
  }

  Result<unsigned> read_step() {
    const auto at = cursor_;
    unsigned step = 0;
    // A longer one would name the first value alone: */90 is not every 90 minutes.
    const auto longest = last_value() - form_.least;
    if (!read_number(take_word(), step) || step < 1 || step > longest)
      return wrong_at(at, fmt::format("a step from 1 to {}", longest));
    return step;
  }

  static bool read_number(std::string_view word, unsigned& value) {
    const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), value);
    return !word.empty() && code == std::errc{} && end == word.data() + word.size();
  }

  std::string_view take_word() {
    const auto begin = cursor_;
    const auto belongs = [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    while (cursor_ < part_.text.size() && belongs(part_.text[cursor_])) ++cursor_;
    return part_.text.substr(begin, cursor_ - begin);
  }

  bool take(char c) {
    if (rest().empty() || rest().front() != c) return false;
    ++cursor_;
    return true;
  }

  [[nodiscard]] bool is_weekday() const { return form_.most == 7; }
  [[nodiscard]] unsigned last_value() const { return is_weekday() ? 6 : form_.most; }
  [[nodiscard]] std::string_view rest() const { return part_.text.substr(cursor_); }
  [[nodiscard]] tl::unexpected<Error> wrong(std::string_view expected) const { return wrong_at(cursor_, expected); }
  [[nodiscard]] tl::unexpected<Error> wrong_at(std::size_t cursor, std::string_view expected) const {
    return refuse(part_.at + cursor, expected, part_.text.substr(cursor));
  }

  const FieldForm& form_;
  const Part part_;
  std::size_t cursor_ = 0;
  std::bitset<64> values_;
};

template <std::size_t Size>
std::bitset<Size> narrow(const std::bitset<64>& values) {
  return std::bitset<Size>(values.to_ullong());
}

/// Whether one of the months has one of the days.
bool has_a_day(const CronFields& fields) {
  constexpr std::array<unsigned, 12> kLongest{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (unsigned month = 1; month <= 12; ++month) {
    for (unsigned day = 1; fields.months.test(month) && day <= kLongest[month - 1]; ++day) {
      if (fields.days.test(day)) return true;
    }
  }
  return false;
}

Result<CronFields> read_fields(std::string_view text) {
  const auto parts = split_parts(text);
  std::array<std::bitset<64>, kForms.size()> values;
  for (std::size_t i = 0; i < kForms.size(); ++i) {
    if (i == parts.size()) return refuse(text.size(), kForms[i].expected(), "");
    auto read = FieldReader(kForms[i], parts[i]).read();
    if (!read) return tl::unexpected(std::move(read.error()));
    values[i] = *read;
  }
  if (parts.size() > kForms.size()) {
    return refuse(parts[kForms.size()].at, "the end behind five fields", parts[kForms.size()].text);
  }
  CronFields fields{narrow<60>(values[0]), narrow<24>(values[1]), narrow<32>(values[2]),
                    narrow<13>(values[3]), narrow<7>(values[4]),  parts[2].text.starts_with('*'),
                    parts[4].text.starts_with('*')};
  const bool day_decides = fields.any_day || fields.any_weekday;
  if (day_decides && !has_a_day(fields)) {
    return refuse(parts[2].at, "a day that the month has", fmt::format("{} {}", parts[2].text, parts[3].text));
  }
  return fields;
}

std::string nickname_words() {
  std::string words;
  for (const auto& one : kNicknames) words += fmt::format("{}{}", words.empty() ? "" : ", ", one.word);
  return words;
}

}  // namespace

Result<CronExpression> CronExpression::parse(std::string_view text) {
  const auto trimmed = trim(text);
  auto meaning = text;
  if (trimmed.starts_with('@')) {
    const auto found = std::ranges::find(kNicknames, to_lower_ascii(trimmed), &Nickname::word);
    if (found == kNicknames.end()) return refuse(text.find('@'), "one of " + nickname_words(), trimmed);
    meaning = found->meaning;
  }
  const auto fields = read_fields(meaning);
  if (!fields) return tl::unexpected(fields.error());
  return CronExpression(trimmed, *fields);
}

bool CronExpression::names(std::chrono::local_days day) const {
  const std::chrono::year_month_day date(day);
  if (!fields_.months.test(static_cast<unsigned>(date.month()))) return false;
  const bool day_fits = fields_.days.test(static_cast<unsigned>(date.day()));
  const bool weekday_fits = fields_.weekdays.test(std::chrono::weekday(day).c_encoding());
  return fields_.any_day || fields_.any_weekday ? day_fits && weekday_fits : day_fits || weekday_fits;
}

std::optional<LocalMinute> CronExpression::next(LocalMinute from) const {
  using std::chrono::days;
  auto day = std::chrono::floor<days>(from);
  const auto last = day + days{366 * kYearsAhead};
  auto minute = static_cast<std::size_t>((from - day).count());
  for (; day <= last; day += days{1}, minute = 0) {
    if (!names(day)) continue;
    for (; minute < 24 * 60; ++minute) {
      if (!fields_.hours.test(minute / 60)) {
        minute += 59 - minute % 60;
      } else if (fields_.minutes.test(minute % 60)) {
        return day + std::chrono::minutes{static_cast<int>(minute)};
      }
    }
  }
  return std::nullopt;
}

}  // namespace product_sync::schedule
