#include "front/forwarded_for.hpp"

#include <algorithm>
#include <string>

#include "front/syntax.hpp"

namespace product_sync::front {

bool is_in(const std::vector<IpRange>& ranges, const IpAddress& address) {
  return std::ranges::any_of(ranges, [&](const auto& range) { return range.contains(address); });
}

IpAddress client_behind(const IpAddress& peer, const Fields& fields, const std::vector<IpRange>& trusted_proxies) {
  auto client = peer;
  if (trusted_proxies.empty()) return client;
  std::string list;  // several fields are one list, RFC 9110 §5.3
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == "x-forwarded-for") list.append(",").append(fields[i].value);
  }
  std::string_view rest = list;
  while (!rest.empty() && is_in(trusted_proxies, client)) {
    const auto comma = rest.rfind(',');
    const auto address = IpAddress::parse(trim_blanks(rest.substr(comma + 1)));
    if (!address) break;
    client = *address;
    rest = rest.substr(0, comma);
  }
  return client;
}

}  // namespace product_sync::front
