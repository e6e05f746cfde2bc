#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "net/http_client.hpp"
#include "net/single_flight.hpp"

namespace product_sync::rithum {

/// Of an application in Rithum's Developer Console.
struct Credentials {
  std::string application_id;
  Secret shared_secret;
  Secret refresh_token;
};

/// Access tokens of one application (rithum.md §5.1). The refresh token stays the same, so nothing is kept between
/// runs. However many threads find the token expired, one request is made. A refused refresh token is not tried again
/// for a while: only a person can help. Thread-safe.
class Authorization {
 public:
  /// Numbers the tokens, so that an answer can be matched with the one its request carried.
  using Generation = std::uint64_t;

  Authorization(const std::string& base_url, Credentials credentials, net::HttpClient& client, Clock& clock,
                Logger& logger);

  /// Puts a valid token onto `request`. Errors: `rithum.authorization_lost` (a person must act), passing faults.
  Result<Generation> authorize(net::HttpRequest& request, std::stop_token stop);

  /// The token of that generation was refused: the next authorize() gets another.
  void denied(Generation generation);

  /// Uses the refresh token when it has not been used for `idle`: it lapses after three months without use.
  Result<void> keep_alive(std::chrono::hours idle, std::stop_token stop);

 private:
  struct Token {
    std::string text;
    Instant use_until;
  };
  struct Refusal {
    Error error;
    Instant until;
  };

  Result<void> renew(std::stop_token stop);
  [[nodiscard]] tl::unexpected<Error> refused(const net::HttpResponse& response);

  const std::string url_;
  const Credentials credentials_;
  net::HttpClient& client_;
  Clock& clock_;
  Logger& logger_;

  std::mutex mutex_;  // guards all below
  net::SingleFlight flight_{"Getting an access token from Rithum"};
  std::optional<Token> token_;
  Generation generation_ = 0;
  std::optional<Refusal> refusal_;
  std::optional<Instant> used_;  // when the refresh token last brought a token
};

}  // namespace product_sync::rithum
