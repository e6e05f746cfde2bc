#include "server/source_rate.hpp"

#include <algorithm>
#include <chrono>

namespace product_sync::server {

SourceRate::SourceRate(std::size_t per_second, std::size_t most_sources)
    : per_second_(static_cast<double>(per_second)), most_sources_(most_sources) {}

bool SourceRate::take(const IpAddress& source, Monotonic now) {
  if (per_second_ == 0) return true;
  auto& bucket = bucket_of(source.network(), now);
  const std::chrono::duration<double> passed = now - bucket.filled;
  bucket.left = std::min(per_second_, bucket.left + passed.count() * per_second_);
  bucket.filled = now;
  if (bucket.left < 1) return false;
  bucket.left -= 1;
  return true;
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
  return buckets_[network] = {per_second_, now, recent_.insert(recent_.end(), network)};
}

}  // namespace product_sync::server
