#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "behaviour.hpp"

namespace acumatica_sim {

struct PushRules {
  std::string url;  ///< empty = no destination: nothing is queued
  std::string header_name;
  std::string header_value;
  std::chrono::milliseconds retry_pause{1'000};  ///< not documented
  std::chrono::milliseconds timeout{30'000};     ///< not documented
  std::uint32_t attempts = 5;                    ///< acumatica.md §1.5
};

struct PushCounts {
  std::uint64_t queued = 0;               ///< notifications, duplicates included
  std::uint64_t attempts = 0;             ///< posts of them
  std::uint64_t delivered = 0;            ///< acknowledged with 2xx (which statuses count is not documented)
  std::uint64_t failed = 0;               ///< gave up after the last attempt
  std::uint64_t malformed = 0;            ///< malformed bodies posted
  std::uint64_t waiting = 0;              ///< queued or to be tried again
  std::map<long, std::uint64_t> answers;  ///< by status; 0 = no answer
};

/// Sends notifications to one webhook from one background thread: at least once, five attempts, then the failure list
/// (acumatica.md §1.5). One that waits for its next attempt does not hold up the others, so order is not kept.
class PushQueue {
 public:
  PushQueue(PushRules rules, Behaviour& behaviour, std::uint64_t seed);
  ~PushQueue();
  PushQueue(const PushQueue&) = delete;
  PushQueue& operator=(const PushQueue&) = delete;

  void add(std::string body);
  /// Wakes the thread after the behaviour changed.
  void wake();
  /// Points it to another webhook; attempts that are due go there.
  void set_url(std::string url);
  /// True once nothing waits; false when the time is over.
  [[nodiscard]] bool wait_idle(std::chrono::milliseconds longest);

  struct Failure {
    std::string body;
    std::string error;
  };
  [[nodiscard]] std::vector<Failure> failures() const;
  /// "Send All" of the failure list: five new attempts each. Returns how many.
  std::size_t resend_failures();
  [[nodiscard]] PushCounts counts() const;
  void reset_counts();

 private:
  using Clock = std::chrono::steady_clock;

  struct Pending {
    std::shared_ptr<const std::string> body;
    std::uint32_t attempts = 0;
    Clock::time_point due{};
  };
  struct Answer {
    long status = 0;
    std::string error;
    [[nodiscard]] bool success() const { return status >= 200 && status < 300; }
  };
  class Poster;

  void run(std::stop_token stop);
  /// Takes the next one that may be sent now; sets `until` to the time to look again.
  [[nodiscard]] std::unique_ptr<Pending> take(Clock::time_point& until);
  void settle(Pending pending, const Answer& answer);

  const PushRules rules_;
  Behaviour& behaviour_;
  mutable std::mutex mutex_;  // guards all below
  std::condition_variable_any changed_;
  std::string url_;
  std::deque<Pending> ready_;
  std::vector<Pending> retries_;
  std::vector<Failure> failures_;
  bool sending_ = false;
  bool woken_ = false;
  PushCounts counts_;
  std::mt19937_64 random_;
  std::jthread thread_;  // last: it uses all above
};

}  // namespace acumatica_sim
