#include "catalog/decimal.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "catalog/text.hpp"

namespace product_sync::catalog {
namespace {

__extension__ using Integer = __int128;
__extension__ using Unsigned = unsigned __int128;

constexpr auto kPowersOfTen = [] {
  std::array<Integer, Decimal::kMostDigits + 1> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

constexpr Integer power_of_ten(int exponent) { return kPowersOfTen[static_cast<std::size_t>(exponent)]; }

constexpr Integer magnitude(Integer value) { return value < 0 ? -value : value; }

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

auto malformed(std::string_view text) {
  return fail("decimal.malformed", excerpt(text) + " is not a decimal number.",
              "Write digits with an optional point, such as 12.50.");
}

auto overflow(std::string_view what) {
  return fail("decimal.overflow", std::string(what) + " has more digits than the 38 that are held exactly.");
}

/// The parts of a number as written: value = digits * 10^exponent.
struct Written {
  bool negative = false;
  std::string digits;  // without leading zeros
  long exponent = 0;
};

// `+5`, `-05`: at most 9 digits, so that sums stay in range; none when malformed.
std::optional<long> parse_exponent(std::string_view text) {
  bool negative = false;
  if (text.starts_with('+') || text.starts_with('-')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (text.empty() || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  const auto significant = std::min(text.find_first_not_of('0'), text.size());
  text.remove_prefix(significant);
  long value = text.size() > 9 ? 1'000'000'000 : 0;
  if (value == 0) {
    for (const char c : text) value = value * 10 + (c - '0');
  }
  return negative ? -value : value;
}

std::optional<Written> parse_written(std::string_view text) {
  Written number;
  if (text.starts_with('+') || text.starts_with('-')) {
    number.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  bool any_digit = false;
  bool after_point = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && !after_point) {
      after_point = true;
      continue;
    }
    if (!is_digit(c)) break;
    any_digit = true;
    if (after_point) --number.exponent;
    if (c != '0' || !number.digits.empty()) number.digits += c;
  }
  if (!any_digit) return std::nullopt;
  if (i == text.size()) return number;
  if (text[i] != 'e' && text[i] != 'E') return std::nullopt;
  const auto exponent = parse_exponent(text.substr(i + 1));
  if (!exponent) return std::nullopt;
  number.exponent += *exponent;
  return number;
}

std::string digits_of(Unsigned value) {
  std::string digits;
  do {
    digits += static_cast<char>('0' + static_cast<int>(value % 10));
    value /= 10;
  } while (value != 0);
  std::ranges::reverse(digits);
  return digits;
}

// `coefficient` / 10^scale written with exactly `scale` digits behind the point.
std::string written(Integer coefficient, int scale) {
  const bool negative = coefficient < 0;
  std::string digits = digits_of(static_cast<Unsigned>(magnitude(coefficient)));
  const auto behind = static_cast<std::size_t>(scale);
  if (digits.size() <= behind) digits.insert(0, behind + 1 - digits.size(), '0');
  if (behind > 0) digits.insert(digits.size() - behind, 1, '.');
  return negative ? "-" + digits : digits;
}

}  // namespace

Decimal Decimal::normal(Integer coefficient, int scale) {
  while (scale > 0 && coefficient % 10 == 0) {
    coefficient /= 10;
    --scale;
  }
  return {coefficient, scale};
}

Result<Decimal> Decimal::parse(std::string_view text) {
  auto number = parse_written(text);
  if (!number) return malformed(text);
  if (number->digits.empty()) return Decimal{};
  while (number->digits.ends_with('0')) {
    number->digits.pop_back();
    ++number->exponent;
  }
  const auto digits = static_cast<long>(number->digits.size());
  if (digits > kMostDigits || digits + number->exponent > kMostDigits || -number->exponent > kMostDigits) {
    return overflow(excerpt(text));
  }
  Integer coefficient = 0;
  for (const char c : number->digits) coefficient = coefficient * 10 + (c - '0');
  if (number->exponent > 0) coefficient *= power_of_ten(static_cast<int>(number->exponent));
  return Decimal(number->negative ? -coefficient : coefficient, static_cast<int>(std::max(0L, -number->exponent)));
}

Decimal Decimal::rounded(int places, Rounding rounding) const {
  places = std::clamp(places, 0, kMostDigits);
  if (scale_ <= places) return *this;
  const Integer unit = power_of_ten(scale_ - places);
  const Integer kept = coefficient_ / unit;
  const Integer rest = magnitude(coefficient_ % unit);  // not zero: scale_ is the smallest possible
  const bool more_than_half = rest > unit - rest;
  const bool half = rest == unit - rest;
  bool away = false;
  switch (rounding) {
    case Rounding::half_up:
      away = more_than_half || half;
      break;
    case Rounding::half_even:
      away = more_than_half || (half && kept % 2 != 0);
      break;
    case Rounding::up:
      away = true;
      break;
    case Rounding::down:
      break;
  }
  const int direction = coefficient_ < 0 ? -1 : 1;
  return normal(away ? kept + direction : kept, places);
}

Result<Decimal> Decimal::times(const Decimal& other) const {
  Integer a = coefficient_;
  Integer b = other.coefficient_;
  int scale = scale_ + other.scale_;
  // Tens that the product would end in are taken out first: a product overflows only if it has too many digits.
  const auto take_out_tens = [&scale](Integer& twos, Integer& fives) {
    while (scale > 0 && twos % 2 == 0 && fives % 5 == 0) {
      twos /= 2;
      fives /= 5;
      --scale;
    }
  };
  if (a == 0 || b == 0) return Decimal{};
  take_out_tens(a, b);
  take_out_tens(b, a);
  const Integer limit = power_of_ten(kMostDigits);
  Integer product = 0;
  if (__builtin_mul_overflow(a, b, &product) || scale > kMostDigits || product >= limit || product <= -limit) {
    return overflow("The product of " + text() + " and " + other.text());
  }
  return normal(product, scale);
}

Result<Decimal> Decimal::divided_by(const Decimal& divisor, int places) const {
  places = std::clamp(places, 0, kMostDigits - 1);
  const auto too_large = [&] { return overflow("The quotient of " + text() + " and " + divisor.text()); };
  if (divisor.coefficient_ == 0) return fail("decimal.by_zero", text() + " cannot be divided by zero.");
  // Long division of a / 10^m by b / 10^n, one digit behind the point at a time; the last one only rounds.
  Integer a = magnitude(coefficient_);
  Integer b = magnitude(divisor.coefficient_);
  const int shift = divisor.scale_ - scale_;
  if (__builtin_mul_overflow(shift > 0 ? a : b, power_of_ten(shift > 0 ? shift : -shift), shift > 0 ? &a : &b)) {
    return too_large();
  }
  Integer quotient = a / b;
  Integer rest = a % b;
  for (int digit = 0; digit <= places; ++digit) {
    if (__builtin_mul_overflow(rest, 10, &rest) || __builtin_mul_overflow(quotient, 10, &quotient)) return too_large();
    quotient += rest / b;
    rest %= b;
  }
  if (quotient >= power_of_ten(kMostDigits)) return too_large();
  const bool negative = (coefficient_ < 0) != (divisor.coefficient_ < 0);
  return normal(negative ? -quotient : quotient, places + 1).rounded(places);
}

std::string Decimal::text() const { return written(coefficient_, scale_); }

std::string Decimal::text(int places) const {
  places = std::clamp(places, 0, kMostDigits);
  const Decimal number = rounded(places);
  std::string fixed = written(number.coefficient_, number.scale_);
  if (places > 0 && number.scale_ == 0) fixed += '.';
  fixed.append(static_cast<std::size_t>(places - number.scale_), '0');
  return fixed;
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  // Whole parts first, then fractions brought to 38 places: neither can overflow. A fraction has the number's sign.
  const Integer unit_a = power_of_ten(a.scale_);
  const Integer unit_b = power_of_ten(b.scale_);
  if (const auto order = a.coefficient_ / unit_a <=> b.coefficient_ / unit_b; order != 0) return order;
  const Integer fraction_a = a.coefficient_ % unit_a * power_of_ten(Decimal::kMostDigits - a.scale_);
  const Integer fraction_b = b.coefficient_ % unit_b * power_of_ten(Decimal::kMostDigits - b.scale_);
  return fraction_a <=> fraction_b;
}

}  // namespace product_sync::catalog
