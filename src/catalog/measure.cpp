#include "catalog/measure.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

using enum Measure::Dimension;

// Acumatica's units of measure are named by each company; these are the usual spellings.
constexpr std::string_view kKilogram[] = {"kgs", "kilo", "kilogram", "kilograms"};
constexpr std::string_view kGram[] = {"gr", "gram", "grams"};
constexpr std::string_view kPound[] = {"lbs", "pound", "pounds"};
constexpr std::string_view kOunce[] = {"ounce", "ounces"};
constexpr std::string_view kMetre[] = {"meter", "meters", "metre", "metres"};
constexpr std::string_view kCentimetre[] = {"centimeter", "centimeters", "centimetre", "centimetres"};
constexpr std::string_view kMillimetre[] = {"millimeter", "millimeters", "millimetre", "millimetres"};
constexpr std::string_view kInch[] = {"inch", "inches"};
constexpr std::string_view kFoot[] = {"foot", "feet"};

// The pound is 0.45359237 kg and the inch 25.4 mm by definition.
constexpr Measure kMeasures[] = {
    {"kg", weight, "1000", kKilogram},      {"g", weight, "1", kGram},     {"lb", weight, "453.59237", kPound},
    {"oz", weight, "28.349523125", kOunce}, {"m", length, "1000", kMetre}, {"cm", length, "10", kCentimetre},
    {"mm", length, "1", kMillimetre},       {"in", length, "25.4", kInch}, {"ft", length, "304.8", kFoot},
};

}  // namespace

std::span<const Measure> measures() { return kMeasures; }

const Measure* find_measure(std::string_view name) {
  const auto same = [name = trim(name)](std::string_view spelling) { return same_without_case(spelling, name); };
  const auto* found = std::ranges::find_if(
      kMeasures, [&](const Measure& unit) { return same(unit.name) || std::ranges::any_of(unit.aliases, same); });
  return found == std::end(kMeasures) ? nullptr : found;
}

Result<Decimal> convert(const Decimal& amount, const Measure& from, const Measure& to, int places) {
  if (&from == &to) return amount.rounded(places);
  const auto smallest = amount.times(Decimal::parse(from.factor).value());
  if (!smallest) return smallest;
  return smallest->divided_by(Decimal::parse(to.factor).value(), places);
}

}  // namespace product_sync::catalog
