#include "sync/queue_watch.hpp"

#include <utility>

namespace product_sync::sync {
namespace {

constexpr std::chrono::seconds kLookPause{1};

}  // namespace

QueueWatch::QueueWatch(const std::vector<std::string>& sites, EventBus& events, store::Store& store, Clock& clock)
    : events_(events), store_(store), clock_(clock) {
  for (const auto& id : sites) sites_.push_back(std::make_unique<Site>(id));
}

void QueueWatch::notified(std::string_view site) {
  for (auto& watched : sites_) {
    if (watched->id == site) watched->arrived.fetch_add(1, std::memory_order_relaxed);
  }
}

Result<Monotonic> QueueWatch::round() {
  for (auto& site : sites_) {
    const auto pending = store_.inbox().pending_count(site->id);
    if (!pending) return tl::unexpected(pending.error());
    const auto files = store_.outbox().waiting_count(site->id);
    if (!files) return tl::unexpected(files.error());
    const auto arrived = site->arrived.exchange(0, std::memory_order_relaxed);
    if (arrived == 0 && *pending == site->pending && *files == site->files) continue;
    site->pending = *pending;
    site->files = *files;
    events_.publish(QueueEvent{site->id, arrived, *pending, *files});
  }
  return clock_.monotonic() + kLookPause;
}

}  // namespace product_sync::sync
