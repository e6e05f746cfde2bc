#pragma once

#include <vector>

#include "base/ip_address.hpp"
#include "front/message.hpp"

namespace product_sync::front {

[[nodiscard]] bool is_in(const std::vector<IpRange>& ranges, const IpAddress& address);

/// Who sent a request that came from `peer`: where that is a trusted proxy, the last address of X-Forwarded-For that is
/// none. Whatever stands before it may be invented by the client.
[[nodiscard]] IpAddress client_behind(const IpAddress& peer, const Fields& fields,
                                      const std::vector<IpRange>& trusted_proxies);

}  // namespace product_sync::front
