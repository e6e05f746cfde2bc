#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace product_sync {

/// One exchange with another system, as whoever took part in it saw it: for the request log.
struct Exchange {
  Instant started;
  std::string method;           ///< of HTTP; for files what was done: `put`, `rename`
  std::string target;           ///< URL without user info; secrets in the query are replaced
  int status = 0;               ///< of HTTP; 0: no response, or no HTTP
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::chrono::milliseconds elapsed{0};
  std::string error_code;       ///< empty when there was a response, or all went well
  std::string error;
  std::string correlation;      ///< what the other side knows it by, where it told
  /// Only while the observer is called; secrets may be in them.
  std::string_view request_body;
  std::string_view response_body;

  [[nodiscard]] bool failed() const { return status >= 400 || !error.empty(); }
};

/// How much of a site's exchanges with other systems is recorded.
enum class RecordLevel {
  off,
  errors,  ///< what failed
  all,     ///< everything, without bodies
  bodies,  ///< everything, with bodies
};

/// Called from the thread that took part, after the exchange: must be quick.
using ExchangeObserver = std::function<void(const Exchange&)>;

}  // namespace product_sync
