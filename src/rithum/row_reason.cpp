#include "rithum/row_reason.hpp"

#include "base/bytes.hpp"
#include "catalog/text.hpp"

namespace product_sync::rithum {
namespace {

constexpr std::size_t kLongestReason = 1'000;

}  // namespace

std::string row_reason(std::string_view text) {
  auto line = excerpt(text, kLongestReason);
  if (catalog::valid_utf8(line)) return line;
  for (char& c : line) {
    if (static_cast<unsigned char>(c) >= 0x80U) c = '?';
  }
  return line;
}

}  // namespace product_sync::rithum
