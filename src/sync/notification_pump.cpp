#include "sync/notification_pump.hpp"

#include <algorithm>

namespace product_sync::sync {
namespace {

constexpr std::size_t kPage = 1'000;
constexpr std::chrono::seconds kRetryPoll{30};
constexpr std::chrono::milliseconds kShortestLook{1};
constexpr std::chrono::milliseconds kLongestLook{100};

}  // namespace

NotificationPump::NotificationPump(CoalescerOptions options, SiteSync& sync, store::Store& store, Clock& clock)
    : coalescer_(options),
      look_pause_(std::clamp(options.debounce / 10, kShortestLook, kLongestLook)),
      sync_(sync),
      store_(store),
      clock_(clock) {}

Result<Monotonic> NotificationPump::round(std::stop_token stop) {
  wants_waking_ = true;  // what comes from now on may be missed by this round
  if (starts_over_.exchange(false)) forget();
  auto done = carry_on(stop);
  if (!done) {
    forget();
    return tl::unexpected(std::move(done.error()));
  }
  const auto now = clock_.monotonic();
  const auto due = coalescer_.due();
  if (!due) return now + kRetryPoll;
  wants_waking_ = false;
  return std::min(*due, now + look_pause_);
}

/// All that was gathered is still pending, and will be gathered again.
void NotificationPump::forget() {
  coalescer_.clear();
  gathered_ = 0;
}

Result<void> NotificationPump::gather() {
  while (!coalescer_.full()) {
    const auto page = store_.inbox().pending(sync_.site(), gathered_, kPage);
    if (!page) return tl::unexpected(page.error());
    const auto now = clock_.monotonic();
    for (const auto& notification : *page) {
      coalescer_.add(notification, now);
      gathered_ = notification.sequence;
    }
    if (page->size() < kPage) return {};
  }
  return {};
}

Result<void> NotificationPump::carry_on(std::stop_token stop) {
  if (auto gathered = gather(); !gathered) return gathered;
  while (const auto burst = coalescer_.take(clock_.monotonic())) {
    const auto run = sync_.push(*burst, stop);
    if (!run) return tl::unexpected(run.error());
    if (auto gathered = gather(); !gathered) return gathered;
  }
  const auto retried = sync_.retry_due(stop);
  if (!retried) return tl::unexpected(retried.error());
  const auto withdrawn = sync_.withdraw_confirmed(stop);
  if (!withdrawn) return tl::unexpected(withdrawn.error());
  return {};
}

}  // namespace product_sync::sync
