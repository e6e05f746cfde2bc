#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "store/store.hpp"
#include "sync/event_bus.hpp"

namespace product_sync::sync {

/// Tells the bus, at most once a second for each site, how much waits there, when that has changed. round() is for one
/// Loop; the rest is thread-safe.
class QueueWatch {
 public:
  QueueWatch(const std::vector<std::string>& sites, EventBus& events, store::Store& store, Clock& clock);

  /// A new notification was stored.
  void notified(std::string_view site);
  /// Returns when the next round is due.
  Result<Monotonic> round();

 private:
  struct Site {
    explicit Site(std::string named) : id(std::move(named)) {}
    std::string id;
    std::atomic<std::uint64_t> arrived = 0;  // since the last round that told of it
    std::uint64_t pending = 0;               // as last told
    std::uint64_t files = 0;
  };

  std::vector<std::unique_ptr<Site>> sites_;
  EventBus& events_;
  store::Store& store_;
  Clock& clock_;
};

}  // namespace product_sync::sync
