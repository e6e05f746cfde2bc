#include "server/source_rate.hpp"

#include <algorithm>
#include <chrono>

namespace product_sync::server {

bool SourceRate::take(const IpAddress& source, Monotonic now) {
  if (rate_.per_second == 0) return true;
  auto& left = this->left(source, now);
  if (left < 1) return false;
  left -= 1;
  return true;
}

double& SourceRate::left(const IpAddress& source, Monotonic now) {
  auto& bucket = bucket_of(source.network(), now);
  const std::chrono::duration<double> passed = now - bucket.filled;
  bucket.left = std::min(rate_.at_once, bucket.left + passed.count() * rate_.per_second);
  bucket.filled = now;
  return bucket.left;
}

SourceRate::Bucket& SourceRate::bucket_of(const IpAddress& network, Monotonic now) {
  if (const auto found = buckets_.find(network); found != buckets_.end()) {
    recent_.splice(recent_.end(), recent_, found->second.recent);
    return found->second;
  }
  if (buckets_.size() >= most_sources_) {
    buckets_.erase(recent_.front());
    recent_.pop_front();
  }
  return buckets_[network] = {rate_.at_once, now, recent_.insert(recent_.end(), network)};
}

}  // namespace product_sync::server
