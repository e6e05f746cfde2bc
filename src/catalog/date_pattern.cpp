#include "catalog/date_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

/// A part of a date: how a pattern names it, and where ISO 8601 has it.
struct Part {
  std::string_view name;
  std::size_t at;
};
constexpr Part kParts[] = {{"yyyy", 0}, {"MM", 5}, {"dd", 8}, {"HH", 11}, {"mm", 14}, {"ss", 17}};

const Part* part_at(std::string_view pattern) {
  const auto* found = std::ranges::find_if(kParts, [&](const Part& part) { return pattern.starts_with(part.name); });
  return found == std::end(kParts) ? nullptr : found;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

Result<DatePattern> DatePattern::parse(std::string_view pattern) {
  const std::string_view whole = pattern;
  bool any = false;
  while (!pattern.empty()) {
    const Part* part = part_at(pattern);
    if (part == nullptr && is_letter(pattern.front())) {
      return fail("date.pattern", fmt::format("{} is not a form of dates.", excerpt(whole)),
                  "Write it with yyyy, MM, dd, HH, mm and ss, such as MM/dd/yyyy.");
    }
    any = any || part != nullptr;
    pattern.remove_prefix(part == nullptr ? 1 : part->name.size());
  }
  if (any) return DatePattern(whole);
  return fail("date.pattern", fmt::format("{} names no part of a date.", excerpt(whole)),
              "Write it with yyyy, MM, dd, HH, mm and ss, such as MM/dd/yyyy.");
}

Result<std::string> DatePattern::format(std::string_view date) const {
  date = trim(date);
  if (!parse_iso8601(date)) {
    return fail("value.not_a_date", fmt::format("{} is not a date.", excerpt(date)),
                "Map a field that holds a date, such as 2026-11-24 or 2026-11-24T00:00:00+00:00.");
  }
  constexpr std::string_view kMidnight = "0000-00-00T00:00:00";
  std::string local(date.substr(0, std::min(date.find_first_of("Z+.", 10), date.size())));
  if (const auto minus = local.find('-', 10); minus != std::string::npos) local.resize(minus);
  local += kMidnight.substr(std::min(local.size(), kMidnight.size()));

  std::string text;
  for (std::string_view rest = pattern_; !rest.empty();) {
    const Part* part = part_at(rest);
    text += part == nullptr ? std::string(1, rest.front()) : local.substr(part->at, part->name.size());
    rest.remove_prefix(part == nullptr ? 1 : part->name.size());
  }
  return text;
}

}  // namespace product_sync::catalog
