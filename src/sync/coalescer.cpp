#include "sync/coalescer.hpp"

#include <algorithm>
#include <utility>

namespace product_sync::sync {
namespace {

/// Acumatica keeps what it could not deliver for two days (acumatica.md §1.5); an older time stamp is not believed.
constexpr std::chrono::hours kOldestBelievable{72};

/// The transaction's own time where the notification tells it: it may have been resent long after.
Instant changed_at(const store::PendingNotification& notification) {
  if (notification.ticks == 0) return notification.received;
  return std::clamp(from_dotnet_ticks(notification.ticks), notification.received - kOldestBelievable,
                    notification.received);
}

}  // namespace

void Coalescer::add(const store::PendingNotification& notification, Monotonic now) {
  if (notifications_.empty()) first_ = now;
  last_ = now;
  notifications_.push_back(notification.sequence);
  keys_.insert(notification.keys.begin(), notification.keys.end());
  keys_complete_ = keys_complete_ && notification.keys_complete;
  changed_since_ = std::min(changed_since_, changed_at(notification));
}

std::optional<Monotonic> Coalescer::due() const {
  if (notifications_.empty()) return std::nullopt;
  if (full()) return last_;
  return std::min(last_ + options_.debounce, first_ + options_.longest_wait);
}

std::optional<Burst> Coalescer::take(Monotonic now) {
  const auto ready = due();
  if (!ready || now < *ready) return std::nullopt;
  Burst burst;
  burst.keys.assign(keys_.begin(), keys_.end());
  burst.notifications = std::move(notifications_);
  burst.changed_since = changed_since_;
  burst.by_modification_time = !keys_complete_ || burst.keys.size() >= options_.flood;
  clear();
  return burst;
}

void Coalescer::clear() {
  keys_.clear();
  notifications_.clear();
  changed_since_ = Instant::max();
  keys_complete_ = true;
}

}  // namespace product_sync::sync
