#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string_view>

#include "base/backoff.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "net/http_client.hpp"

namespace product_sync::net {

/// How often and how patiently.
struct RetryPolicy {
  int attempts = 5;  ///< in all, the first included
  Backoff backoff;
  std::chrono::milliseconds longest_wait{600'000};  ///< a Retry-After beyond it is cut to it
};

/// A failed attempt that will be repeated, for logs and limiters.
struct RetryNotice {
  int attempt;  ///< that failed, from 1
  std::chrono::milliseconds delay;
  const Error& error;
};
using RetryObserver = std::function<void(const RetryNotice&)>;

/// 429 and the 5xx that pass: 500, 502, 503, 504.
[[nodiscard]] bool is_passing(int status);

/// Retry-After as seconds or as a date; nothing when absent or unreadable.
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_after(const HttpResponse& response, Instant now);

/// The waits between the attempts of one call. The retry layer of every border is this class and nothing else.
class RetryLoop {
 public:
  RetryLoop(const RetryPolicy& policy, Clock& clock, std::stop_token stop, RetryObserver observer = {});

  /// After a failed attempt: waits, and returns nothing when it is to be repeated; else the error to give up with.
  [[nodiscard]] std::optional<Error> again(const Error& error);

 private:
  const RetryPolicy policy_;
  Clock& clock_;
  const std::stop_token stop_;
  const RetryObserver observer_;
  int failed_ = 0;
};

/// Calls `attempt` until it gives a value, an error that is not Retry::later, or the attempts are used up.
template <class Attempt>
[[nodiscard]] auto with_retry(const RetryPolicy& policy, Clock& clock, std::stop_token stop,
                              const RetryObserver& observer, const Attempt& attempt) -> decltype(attempt()) {
  RetryLoop loop(policy, clock, stop, observer);
  for (;;) {
    auto outcome = attempt();
    if (outcome) return outcome;
    if (auto final_error = loop.again(outcome.error())) return tl::unexpected<Error>(std::move(*final_error));
  }
}

/// Sends, and repeats after passing faults and passing statuses. When the attempts are used up: what the last one gave,
/// so a caller may get a 503 as a response.
[[nodiscard]] Result<HttpResponse> send_with_retry(HttpClient& client, const HttpRequest& request,
                                                   const RetryPolicy& policy, Clock& clock, std::stop_token stop,
                                                   const RetryObserver& observer = {});

}  // namespace product_sync::net
