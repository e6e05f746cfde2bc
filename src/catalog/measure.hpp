#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/error.hpp"
#include "catalog/decimal.hpp"

namespace product_sync::catalog {

/// A unit of weight or length.
struct Measure {
  enum class Dimension : std::uint8_t { weight, length };
  std::string_view name;  ///< `kg`
  Dimension dimension;
  std::string_view factor;  ///< how many grams or millimetres it has, exactly
  std::span<const std::string_view> aliases;
};

[[nodiscard]] std::span<const Measure> measures();

/// The unit of that name or alias, trimmed and without case; null when there is none.
[[nodiscard]] const Measure* find_measure(std::string_view name);

/// Rounded to `places`. Both units have one dimension. Error code `decimal.overflow`.
[[nodiscard]] Result<Decimal> convert(const Decimal& amount, const Measure& from, const Measure& to, int places);

}  // namespace product_sync::catalog
