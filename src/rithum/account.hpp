#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "net/http_client.hpp"
#include "net/rate_limiter.hpp"
#include "net/retry.hpp"
#include "rithum/authorization.hpp"

namespace product_sync::rithum {

/// What this program takes of the account's limits (rithum.md §5.2): 2,000 requests a minute, 5 at a time, 60 uploads
/// an hour, 10 requests of exports a minute, which all integrations of the account share.
struct Limits {
  int requests_per_minute = 1000;
  int concurrent = 4;
  int uploads_per_hour = 30;
  int export_requests_per_minute = 6;
};

/// One profile of a Rithum account, seen through its REST interface: requests are signed in, kept within the limits
/// and repeated after passing faults; this is the only place that repeats them. `$batch` is not used: each of its parts
/// counts against the limits, and the batch as well (rithum.md §5.3). Thread-safe.
class Account {
 public:
  struct Options {
    std::string url = "https://api.channeladvisor.com";
    std::string profile_id{};
    Credentials credentials{};
    Limits limits{};
    net::RetryPolicy retry{.attempts = 6,
                           .backoff = {.first = std::chrono::seconds{2}, .longest = std::chrono::seconds{64}}};
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds total_timeout{600'000};  ///< answers may take ten minutes (rithum.md §5.7)
  };

  Account(Options options, net::HttpClient& client, Clock& clock, Logger& logger);

  /// Which limit a request counts against, beside the one of all requests.
  enum class Kind { plain, upload, export_job };

  /// Sends `request`, whose URL is a path below the account's or a whole URL of it, and gives what `interpret` makes of
  /// the response. Errors with Retry::later, of the exchange or of `interpret`, lead to another attempt.
  template <class Interpret>
  auto call(const net::HttpRequest& request, Kind kind, std::stop_token stop, const Interpret& interpret)
      -> std::invoke_result_t<Interpret, net::HttpResponse> {
    using Outcome = std::invoke_result_t<Interpret, net::HttpResponse>;
    return net::with_retry(options_.retry, clock_, stop, retry_observer(), [&]() -> Outcome {
      auto response = exchange(request, kind, stop);
      if (!response) return tl::unexpected<Error>(std::move(response.error()));
      return interpret(std::move(*response));
    });
  }

  /// Fetches a result file that a job's answer names into `file`. Result files lie elsewhere and carry their right to
  /// be read in the URL: they are fetched without the token (rithum.md §5.3).
  Result<void> download(const std::string& url, const std::filesystem::path& file, std::stop_token stop);

  /// Uses the refresh token when it has not been used for a week (rithum.md §5.1).
  Result<void> keep_alive(std::stop_token stop);

  [[nodiscard]] const std::string& profile_id() const { return options_.profile_id; }
  [[nodiscard]] const std::string& url() const { return options_.url; }
  [[nodiscard]] Clock& clock() { return clock_; }
  [[nodiscard]] Logger& log() { return logger_; }
  [[nodiscard]] Error failure(std::string_view what, const net::HttpResponse& response) const;

 private:
  Result<net::HttpResponse> exchange(net::HttpRequest request, Kind kind, const std::stop_token& stop);
  Result<void> wait_for_turn(Kind kind, const std::stop_token& stop);
  [[nodiscard]] net::RetryObserver retry_observer();

  const Options options_;
  net::HttpClient& client_;
  Clock& clock_;
  Logger& logger_;
  Authorization authorization_;
  net::RateLimiter requests_;
  net::RateLimiter uploads_;
  net::RateLimiter exports_;
};

}  // namespace product_sync::rithum
