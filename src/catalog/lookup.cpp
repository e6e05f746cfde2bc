#include "catalog/lookup.hpp"

#include <algorithm>

#include "base/bytes.hpp"

namespace product_sync::catalog {

bool LessWithoutCase::operator()(std::string_view a, std::string_view b) const {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::lexicographical_compare(trim(a), trim(b), {}, lower, lower);
}

}  // namespace product_sync::catalog
