#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace product_sync::catalog {

/// How a date is written: `yyyy`, `MM`, `dd`, `HH`, `mm` and `ss` stand for its parts, every other character but a
/// letter for itself: `MM/dd/yyyy`.
class DatePattern {
 public:
  /// Error code `date.pattern`.
  [[nodiscard]] static Result<DatePattern> parse(std::string_view pattern);

  /// `date` in this form. It may be a day alone or a moment with or without an offset, as Acumatica sends both
  /// (acumatica.md §2.4); the parts are written as they stand there, so that a day stays that day. Error code
  /// `value.not_a_date`.
  [[nodiscard]] Result<std::string> format(std::string_view date) const;

  [[nodiscard]] const std::string& text() const { return pattern_; }

 private:
  explicit DatePattern(std::string_view pattern) : pattern_(pattern) {}
  std::string pattern_;
};

}  // namespace product_sync::catalog
