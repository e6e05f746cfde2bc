#include "net/http_client.hpp"

#include "base/bytes.hpp"

namespace product_sync::net {

std::string_view HttpResponse::header(std::string_view name) const {
  const std::string wanted = to_lower_ascii(name);
  for (const Header& candidate : headers) {
    if (to_lower_ascii(candidate.name) == wanted) return candidate.value;
  }
  return {};
}

}  // namespace product_sync::net
