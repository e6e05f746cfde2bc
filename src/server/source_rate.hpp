#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>

#include "base/ip_address.hpp"
#include "base/time.hpp"

namespace product_sync::server {

/// How often one source (IpAddress::network()) may come. Knows a bounded number of sources; the one that has been silent for
/// the longest is forgotten first.
class SourceRate {
 public:
  struct Rate {
    double per_second = 0;  ///< 0: no limit
    double at_once = 0;
  };
  explicit SourceRate(Rate rate, std::size_t most_sources = 10'000) : rate_(rate), most_sources_(most_sources) {}
  /// So many times a second, and as many at once.
  explicit SourceRate(std::size_t per_second)
      : SourceRate(Rate{static_cast<double>(per_second), static_cast<double>(per_second)}) {}

  /// Whether it may come now; if so, that counts.
  [[nodiscard]] bool take(const IpAddress& source, Monotonic now);
  /// The same without counting.
  [[nodiscard]] bool has(const IpAddress& source, Monotonic now) { return left(source, now) >= 1; }

 private:
  using Recent = std::list<IpAddress>;
  struct Bucket {
    double left = 0;
    Monotonic filled;
    Recent::iterator recent;
  };
  /// How often it may still come at once.
  double& left(const IpAddress& source, Monotonic now);
  Bucket& bucket_of(const IpAddress& network, Monotonic now);

  Rate rate_;
  std::size_t most_sources_;
  std::unordered_map<IpAddress, Bucket> buckets_;
  Recent recent_;  // the longest silent in front
};

}  // namespace product_sync::server
