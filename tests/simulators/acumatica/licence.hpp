#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

namespace acumatica_sim {

/// What the licence allows (acumatica.md §2.3). 0 = no limit.
struct LicenceLimits {
  std::uint32_t requests_per_minute = 0;            ///< M
  std::uint32_t concurrency = 0;                    ///< C
  std::uint32_t queue = 20;                         ///< requests that may wait; one more is declined
  std::chrono::milliseconds minute{60'000};         ///< the window; tests shorten it
  std::chrono::milliseconds longest_wait{600'000};  ///< a request that waited this long is declined
};

/// The delay of a request when `processed` requests were processed in the past minute, the first of them `first_age`
/// ago: none below M/2, then (minute - first_age) / (M - processed). With M used up it waits until the first leaves the
/// window.
[[nodiscard]] std::chrono::milliseconds licence_delay(std::uint32_t per_minute, std::uint32_t processed,
                                                      std::chrono::milliseconds first_age,
                                                      std::chrono::milliseconds minute = std::chrono::minutes{1});

struct LicenceCounts {
  std::uint64_t processed = 0;
  std::uint64_t delayed = 0;
  std::uint64_t declined = 0;
  std::uint32_t waiting = 0;
  std::uint32_t active = 0;
  std::uint32_t most_waiting = 0;
  std::uint32_t most_active = 0;
};

/// Lets API requests through in order of arrival, one delay after another, C at a time. Declined requests are not
/// counted.
class LicenceGate {
 public:
  /// A request being processed; gives its core back when it ends.
  class Pass {
   public:
    explicit Pass(LicenceGate& gate) : gate_(gate) {}
    ~Pass() { gate_.leave(); }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

   private:
    LicenceGate& gate_;
  };

  explicit LicenceGate(LicenceLimits limits) : limits_(limits) {}

  /// Waits as long as the licence asks; null = declined (429).
  [[nodiscard]] std::shared_ptr<Pass> enter();
  void stop();
  [[nodiscard]] LicenceCounts counts() const;
  void reset_counts();

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] bool must_wait(Clock::time_point now);
  [[nodiscard]] std::chrono::milliseconds delay(Clock::time_point now);
  [[nodiscard]] bool core_free() const { return limits_.concurrency == 0 || counts_.active < limits_.concurrency; }
  [[nodiscard]] bool wait_turn(std::unique_lock<std::mutex>& lock, std::uint64_t ticket, Clock::time_point arrived);
  void leave();

  const LicenceLimits limits_;
  mutable std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::deque<Clock::time_point> window_;  // when the requests of the past minute were let through
  std::deque<std::uint64_t> line_;        // tickets of those who wait, first come first
  std::uint64_t next_ticket_ = 0;
  LicenceCounts counts_;
  bool stopped_ = false;
};

}  // namespace acumatica_sim
