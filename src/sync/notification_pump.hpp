#pragma once

#include <atomic>
#include <chrono>
#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/store.hpp"
#include "sync/coalescer.hpp"
#include "sync/site_sync.hpp"

namespace product_sync::sync {

/// Carries the pending notifications of one site on: inbox -> coalescer -> push run; reads what is due on the retry
/// list, and carries out the withdrawals that were confirmed. round() is for one Loop.
class NotificationPump {
 public:
  NotificationPump(CoalescerOptions options, SiteSync& sync, store::Store& store, Clock& clock);

  /// One round. Returns when the next one is due, at the latest in half a minute. After an error all that was gathered
  /// is still pending and will be gathered again.
  Result<Monotonic> round(std::stop_token stop);
  /// Whether a new notification is a reason for a round at once. While a burst grows it is not: the next round is due
  /// soon anyway, and one for each notification would cost more than taking it in. Thread-safe.
  [[nodiscard]] bool wants_waking() const { return wants_waking_; }
  /// Older notifications are pending again: the next round gathers all anew. Thread-safe.
  void start_over() { starts_over_ = true; }

 private:
  void forget();
  Result<void> gather();
  Result<void> carry_on(std::stop_token stop);

  Coalescer coalescer_;
  const std::chrono::milliseconds look_pause_;  // between two rounds while a burst grows
  std::atomic<bool> wants_waking_ = true;
  std::atomic<bool> starts_over_ = false;
  SiteSync& sync_;
  store::Store& store_;
  Clock& clock_;
  store::Sequence gathered_ = 0;  ///< notifications up to here are in the coalescer, or done
};

}  // namespace product_sync::sync
