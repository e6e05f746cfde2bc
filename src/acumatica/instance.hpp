#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>

#include "acumatica/endpoint.hpp"
#include "acumatica/session.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "net/http_client.hpp"
#include "net/rate_limiter.hpp"
#include "net/retry.hpp"

namespace product_sync::acumatica {

/// What one piece of work spends at an instance.
struct Call {
  std::stop_token stop;
  std::uint64_t requests = 0;  ///< sent so far, repeated ones counted
};

/// One Acumatica instance, seen by one user: its requests are signed in, kept within the share of the licence and
/// repeated after passing faults. Thread-safe.
class Instance {
 public:
  struct Options {
    std::string base_url;
    std::string endpoint_name = "Default";
    std::string endpoint_version;  ///< empty: the newest
    net::RateLimiter::Limits limits;
    net::RetryPolicy retry;
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds total_timeout{
        660'000};  ///< Acumatica queues requests for up to ten minutes (acumatica.md §2.3)
    std::uint64_t longest_response = 64ULL << 20U;  ///< bytes
  };

  Instance(Options options, net::HttpClient& client, std::unique_ptr<Session> session, Clock& clock, Logger& logger);

  /// While one is held, the session stays open; when the last one goes, it is closed.
  class Visit {
   public:
    explicit Visit(Instance& instance);
    ~Visit();
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

   private:
    Instance& instance_;
  };

  /// GETs `url` and gives what `interpret` makes of the response. Errors with Retry::later, of the exchange or of
  /// `interpret`, lead to another attempt.
  template <class Interpret>
  auto get(const std::string& url, Call& call, const Interpret& interpret)
      -> std::invoke_result_t<Interpret, net::HttpResponse> {
    net::HttpRequest request;
    request.url = url;
    return send(request, call, interpret);
  }

  /// The same for any request that may be repeated; sign-in and time-outs are added to it.
  template <class Interpret>
  auto send(const net::HttpRequest& request, Call& call, const Interpret& interpret)
      -> std::invoke_result_t<Interpret, net::HttpResponse> {
    using Outcome = std::invoke_result_t<Interpret, net::HttpResponse>;
    return net::with_retry(options_.retry, clock_, call.stop, retry_observer(), [&]() -> Outcome {
      auto response = exchange(request, call);
      if (!response) return tl::unexpected<Error>(std::move(response.error()));
      return interpret(std::move(*response));
    });
  }

  /// The endpoint to use; asked for once and remembered.
  Result<Endpoint> endpoint(Call& call);
  /// After a 404 where the endpoint should be: an upgrade may have replaced it.
  void forget_endpoint();

  [[nodiscard]] const std::string& base_url() const { return options_.base_url; }
  [[nodiscard]] Instant now() const { return clock_.now(); }

 private:
  Result<net::HttpResponse> exchange(const net::HttpRequest& request, Call& call);
  [[nodiscard]] net::RetryObserver retry_observer();

  const Options options_;
  net::HttpClient& client_;
  const std::unique_ptr<Session> session_;
  Clock& clock_;
  Logger& logger_;
  net::RateLimiter limiter_;

  std::mutex visits_mutex_;  // guards visits_; held while the session closes, so that a new visit waits for that
  int visits_ = 0;
  std::mutex endpoint_mutex_;
  std::optional<Endpoint> endpoint_;
};

}  // namespace product_sync::acumatica
