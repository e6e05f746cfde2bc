#pragma once

#include <functional>
#include <list>
#include <mutex>

#include "sync/event.hpp"

namespace product_sync::sync {

/// Brings events from those who make them to those who watch, who may come and go. Keeps nothing. Thread-safe; all
/// receivers see the events in one order.
class EventBus {
 public:
  /// Called on the publisher's thread, one event at a time: must be quick, and must not publish or subscribe.
  using Receiver = std::function<void(const Event&)>;

  /// Its end is the end of the receiver's calls, also of one under way.
  class [[nodiscard]] Subscription {
   public:
    ~Subscription();
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;

   private:
    friend class EventBus;
    Subscription(EventBus& bus, std::list<Receiver>::iterator place) : bus_(bus), place_(place) {}

    EventBus& bus_;
    std::list<Receiver>::iterator place_;
  };

  Subscription subscribe(Receiver receiver);
  void publish(const Event& event);

 private:
  std::mutex mutex_;
  std::list<Receiver> receivers_;  // guarded by mutex_
};

}  // namespace product_sync::sync
