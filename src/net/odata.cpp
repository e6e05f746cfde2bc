#include "net/odata.hpp"

namespace product_sync::net {

std::string odata_string(std::string_view text) {
  std::string literal = "'";
  for (const char c : text) {
    literal += c;
    if (c == '\'') literal += c;
  }
  literal += '\'';
  return literal;
}

}  // namespace product_sync::net
