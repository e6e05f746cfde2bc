#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "store/inbox.hpp"

namespace product_sync::sync {

struct CoalescerOptions {
  std::chrono::milliseconds debounce{15'000};      ///< quiet time that ends a burst
  std::chrono::milliseconds longest_wait{60'000};  ///< a burst that never goes quiet ends after this
  std::size_t flood = 500;                         ///< keys from which on the change is read by modification time
  std::size_t most_notifications = 10'000;         ///< a burst is ended at this many, whatever the time
};

/// All notifications of one site between two quiet times, as one piece of work.
struct Burst {
  std::vector<std::string> keys;  ///< sorted, each once
  std::vector<store::Sequence> notifications;
  Instant changed_since;              ///< no change of this burst is older, by Acumatica's clock or ours
  bool by_modification_time = false;  ///< too many keys, or some are unknown: read what changed since, not key by key
};

/// Gathers notifications until a burst is over. Pure: time is what the caller says. Not thread-safe.
class Coalescer {
 public:
  explicit Coalescer(CoalescerOptions options) : options_(options) {}

  void add(const store::PendingNotification& notification, Monotonic now);

  /// When the burst will be over if nothing more arrives; nothing when none has begun.
  [[nodiscard]] std::optional<Monotonic> due() const;

  /// The burst, once it is over; the next add() begins a new one.
  [[nodiscard]] std::optional<Burst> take(Monotonic now);

  /// Forgets the burst: its notifications are still pending in the inbox and will be added again.
  void clear();

  [[nodiscard]] bool full() const { return notifications_.size() >= options_.most_notifications; }

 private:
  CoalescerOptions options_;
  std::set<std::string> keys_;
  std::vector<store::Sequence> notifications_;
  Instant changed_since_ = Instant::max();
  bool keys_complete_ = true;
  Monotonic first_{};
  Monotonic last_{};
};

}  // namespace product_sync::sync
