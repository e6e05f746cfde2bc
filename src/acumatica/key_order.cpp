#include "acumatica/key_order.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/bytes.hpp"

namespace product_sync::acumatica {
namespace {

bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); }

}  // namespace

std::string fold_key(std::string_view key) { return to_lower_ascii(trim_right(key)); }

bool provably_descending(std::string_view first, std::string_view second) {
  first = trim_right(first);
  second = trim_right(second);
  const std::string a = to_lower_ascii(first);
  const std::string b = to_lower_ascii(second);
  const auto [at_a, at_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (at_b == b.end()) return at_a != a.end();  // `first` goes on where `second` ends
  if (at_a == a.end()) return false;
  if (!is_letter_or_digit(*at_a) || !is_letter_or_digit(*at_b)) return false;
  return *at_a > *at_b && first > second;
}

bool breaks_order(const std::vector<std::string>& previous, const std::vector<std::string>& page) {
  std::unordered_set<std::string> seen;
  for (const std::string& key : previous) seen.emplace(trim_right(key));
  const std::string* before = previous.empty() ? nullptr : &previous.back();
  for (const std::string& key : page) {
    if (!seen.emplace(trim_right(key)).second) return true;
    if (before != nullptr && provably_descending(*before, key)) return true;
    before = &key;
  }
  return false;
}

}  // namespace product_sync::acumatica
