#include "collation.hpp"

#include <algorithm>

namespace acumatica_sim {
namespace {

unsigned char fold(char c) { return static_cast<unsigned char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); }

}  // namespace

std::string_view trim_right(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

int collate(std::string_view left, std::string_view right) {
  left = trim_right(left);
  right = trim_right(right);
  const std::size_t shared = std::min(left.size(), right.size());
  for (std::size_t i = 0; i < shared; ++i) {
    if (fold(left[i]) != fold(right[i])) return fold(left[i]) < fold(right[i]) ? -1 : 1;
  }
  if (left.size() == right.size()) return 0;
  return left.size() < right.size() ? -1 : 1;
}

std::string folded(std::string_view text) {
  std::string result(trim_right(text));
  for (char& c : result) c = static_cast<char>(fold(c));
  return result;
}

}  // namespace acumatica_sim
