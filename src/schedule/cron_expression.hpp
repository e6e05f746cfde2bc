#pragma once

#include <bitset>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace product_sync::schedule {

/// What a clock on the wall shows, in a zone that the context names.
using LocalMinute = std::chrono::local_time<std::chrono::minutes>;

/// The values that each field of an expression names.
struct CronFields {
  std::bitset<60> minutes;
  std::bitset<24> hours;
  std::bitset<32> days;     ///< of the month, from 1
  std::bitset<13> months;   ///< from 1
  std::bitset<7> weekdays;  ///< from Sunday
  bool any_day = false;      ///< the day of the month begins with `*`
  bool any_weekday = false;  ///< the day of the week does
};

/// A cron expression: five fields (minute, hour, day of the month, month, day of the week) of `*`, values, names, ranges,
/// steps and lists of them, or a word such as `@daily`. Where both kinds of days are given, and neither begins with `*`,
/// one of them is enough, as in Vixie's cron. docs/schedules.md has the whole of it.
class CronExpression {
 public:
  /// Names no minute.
  CronExpression() = default;
  /// Error code `schedule.bad_cron`; the message names the column, from 1, and what was expected there. An expression that
  /// names no day of any year, such as 30 February, is refused too.
  [[nodiscard]] static Result<CronExpression> parse(std::string_view text);

  /// As it was written.
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const CronFields& fields() const { return fields_; }
  /// Whether it is about minutes alone: it names all hours of a day.
  [[nodiscard]] bool every_hour() const { return fields_.hours.all(); }

  /// The first minute from `from` on that it names. Absent when fifty years have none.
  [[nodiscard]] std::optional<LocalMinute> next(LocalMinute from) const;

 private:
  CronExpression(std::string_view text, const CronFields& fields) : text_(text), fields_(fields) {}
  [[nodiscard]] bool names(std::chrono::local_days day) const;

  std::string text_;
  CronFields fields_;
};

}  // namespace product_sync::schedule
