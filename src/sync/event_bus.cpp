#include "sync/event_bus.hpp"

#include <utility>

namespace product_sync::sync {

EventBus::Subscription::~Subscription() {
  const std::lock_guard lock(bus_.mutex_);
  bus_.receivers_.erase(place_);
}

EventBus::Subscription EventBus::subscribe(Receiver receiver) {
  const std::lock_guard lock(mutex_);
  return {*this, receivers_.insert(receivers_.end(), std::move(receiver))};
}

void EventBus::publish(const Event& event) {
  const std::lock_guard lock(mutex_);
  for (const auto& receiver : receivers_) receiver(event);
}

}  // namespace product_sync::sync
