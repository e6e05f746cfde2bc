#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>

#include "base/ip_address.hpp"
#include "base/time.hpp"

namespace product_sync::server {

/// How often one source (IpAddress::network()) may come: so many times a second, and as many at once. Knows a bounded
/// number of sources; the one that has been silent for the longest is forgotten first.
class SourceRate {
 public:
  /// 0 a second: no limit.
  explicit SourceRate(std::size_t per_second, std::size_t most_sources = 10'000);

  /// Whether it may come now; if so, that counts.
  [[nodiscard]] bool take(const IpAddress& source, Monotonic now);

 private:
  using Recent = std::list<IpAddress>;
  struct Bucket {
    double left = 0;
    Monotonic filled;
    Recent::iterator recent;
  };
  Bucket& bucket_of(const IpAddress& network, Monotonic now);

  double per_second_;
  std::size_t most_sources_;
  std::unordered_map<IpAddress, Bucket> buckets_;
  Recent recent_;  // the longest silent in front
};

}  // namespace product_sync::server
