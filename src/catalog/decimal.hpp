#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace product_sync::catalog {

/// What becomes of the digits that are cut off.
enum class Rounding : std::uint8_t {
  half_up,    ///< to the nearest; halves away from zero
  half_even,  ///< to the nearest; halves to the even neighbour
  up,         ///< away from zero
  down,       ///< toward zero
};

/// An exact decimal number: up to 38 significant digits, of which up to 38 stand behind the point. Prices, weights and
/// quantities are Decimals, never `double`. Equal numbers are equal objects: `1.50` and `1.5` are the same.
class Decimal {
 public:
  static constexpr int kMostDigits = 38;

  constexpr Decimal() = default;

  /// Reads `12`, `-0.50`, `+.5`, `1.25E-05`; nothing may stand around it. Error codes `decimal.malformed` and
  /// `decimal.overflow` (more digits than are held).
  [[nodiscard]] static Result<Decimal> parse(std::string_view text);

  /// Rounded to `places` digits behind the point (0 to 38): 0.125 -> 0.13, -0.125 -> -0.13.
  [[nodiscard]] Decimal rounded(int places, Rounding rounding = Rounding::half_up) const;

  /// The exact product. Error code `decimal.overflow` when it does not fit.
  [[nodiscard]] Result<Decimal> times(const Decimal& other) const;

  /// The quotient rounded half away from zero to `places` digits behind the point. Error codes `decimal.overflow` and
  /// `decimal.by_zero`.
  [[nodiscard]] Result<Decimal> divided_by(const Decimal& divisor, int places) const;

  [[nodiscard]] bool is_negative() const { return coefficient_ < 0; }
  [[nodiscard]] bool is_integer() const { return scale_ == 0; }

  /// Without superfluous zeros, never with an exponent: `12`, `-0.5`.
  [[nodiscard]] std::string text() const;
  /// Rounded to `places`, always with that many digits behind the point: `12.50`.
  [[nodiscard]] std::string text(int places) const;

  friend bool operator==(const Decimal&, const Decimal&) = default;
  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);

 private:
  __extension__ using Integer = __int128;
  constexpr Decimal(Integer coefficient, int scale) : coefficient_(coefficient), scale_(scale) {}
  [[nodiscard]] static Decimal normal(Integer coefficient, int scale);

  // The value is coefficient_ / 10^scale_, with the smallest scale_ (0 to 38) that can hold it.
  Integer coefficient_ = 0;
  int scale_ = 0;
};

}  // namespace product_sync::catalog
