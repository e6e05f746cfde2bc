#include "catalog/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "base/bytes.hpp"
#include "catalog/detail_rows.hpp"
#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

__extension__ using Integer = __int128;

bool same_unit(std::string_view a, std::string_view b) { return same_without_case(trim(a), trim(b)); }

/// An exact fraction of decimals.
struct Ratio {
  Decimal above;
  Decimal below;
};

Decimal one() { return *Decimal::parse("1"); }

/// How many base units one `unit` is.
std::optional<Ratio> in_base_units(std::string_view unit, const Units& units) {
  if (same_unit(unit, units.base)) return Ratio{one(), one()};
  const auto found = std::ranges::find_if(units.conversions, [&](const UnitConversion& conversion) {
    return same_unit(conversion.from, unit) && same_unit(conversion.to, units.base);
  });
  if (found == units.conversions.end()) return std::nullopt;
  return found->multiplies ? Ratio{found->factor, one()} : Ratio{one(), found->factor};
}

Integer integer_of(const Decimal& whole) {
  Integer value = 0;
  for (const char c : whole.text()) {
    if (c != '-') value = value * 10 + (c - '0');
  }
  return whole.is_negative() ? -value : value;
}

/// None also where the numbers are too long to tell.
std::optional<std::int64_t> whole_quotient(Decimal above, Decimal below) {
  const Decimal ten = *Decimal::parse("10");
  while (!above.is_integer() || !below.is_integer()) {
    const auto more_above = above.times(ten);
    const auto more_below = below.times(ten);
    if (!more_above || !more_below) return std::nullopt;
    above = *more_above;
    below = *more_below;
  }
  const Integer divisor = integer_of(below);
  if (divisor == 0) return std::nullopt;
  const Integer quotient = integer_of(above) / divisor;
  if (integer_of(above) % divisor != 0) return std::nullopt;
  if (quotient < 1 || quotient > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return static_cast<std::int64_t>(quotient);
}

Result<std::int64_t> divide(const Result<Decimal>& above, const Result<Decimal>& below, const Decimal& quantity,
                            std::string_view unit, const Units& units) {
  if (above && below) {
    if (const auto whole = whole_quotient(*above, *below)) return *whole;
  }
  return fail("unit.not_whole",
              fmt::format("{} {} is not a whole number of {}, the unit in which it is sold.", quantity.text(),
                          excerpt(unit), excerpt(units.sold_in())),
              "Rithum's bundles hold whole numbers of products: change the quantity or its unit in the kit "
              "specification.");
}

}  // namespace

Units units_of(const Item& item) {
  Units units{std::string(trim(item.field("BaseUOM"))), std::string(trim(item.field("SalesUOM"))), {}};
  for (const DetailRow& row : item.detail("UOMConversions")) {
    const auto text = [&](std::string_view column) { return trim(column_of(row, column)); };
    auto factor = Decimal::parse(text("ConversionFactor"));
    if (!factor || *factor <= Decimal{}) continue;
    units.conversions.push_back({std::string(text("FromUOM")), std::string(text("ToUOM")),
                                 !same_without_case(text("MultiplyOrDivide"), "Divide"), *factor});
  }
  return units;
}

Result<std::int64_t> whole_sales_units(const Decimal& quantity, std::string_view unit, const Units& units) {
  const std::string_view from = trim(unit).empty() ? std::string_view(units.sold_in()) : unit;
  if (same_unit(from, units.sold_in())) return divide(quantity, one(), quantity, from, units);
  const auto unit_in_base = in_base_units(from, units);
  const auto sold_in_base = in_base_units(units.sold_in(), units);
  if (!unit_in_base || !sold_in_base) {
    return fail("unit.no_conversion",
                fmt::format("There is no conversion from {} to {}, the unit in which it is sold.", excerpt(from),
                            excerpt(units.sold_in())),
                "Add it to the item's units of measure in Acumatica.");
  }
  const auto product = [](const Decimal& a, const Decimal& b, const Decimal& c) -> Result<Decimal> {
    const auto first = a.times(b);
    return first ? first->times(c) : first;
  };
  return divide(product(quantity, unit_in_base->above, sold_in_base->below),
                product(one(), unit_in_base->below, sold_in_base->above), quantity, from, units);
}

}  // namespace product_sync::catalog
