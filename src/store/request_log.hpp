#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace product_sync::store {

/// With whom something was exchanged.
enum class Peer {
  acumatica,
  rithum,
  destination,  ///< where feed files go
};
[[nodiscard]] std::string_view to_text(Peer peer);
[[nodiscard]] std::optional<Peer> parse_peer(std::string_view text);

/// Who began it.
enum class Direction {
  outgoing,  ///< this program
  incoming,  ///< the peer: a notification
};
[[nodiscard]] std::string_view to_text(Direction direction);
[[nodiscard]] std::optional<Direction> parse_direction(std::string_view text);

/// One line of the request log. There are no secrets in it.
struct LoggedExchange {
  std::int64_t number = 0;  ///< given by the log; later ones are higher
  Instant at;               ///< when it began
  std::string site;
  std::string run_id;    ///< empty: outside of any run
  std::string trace_id;  ///< as in the log lines of the same work
  Peer peer = Peer::acumatica;
  Direction direction = Direction::outgoing;
  std::string method;  ///< of HTTP; of a destination what was done: `put`
  std::string target;
  int status = 0;  ///< of HTTP; 0: there was no response, or no HTTP
  bool failed = false;
  std::string error_code;
  std::string error;
  std::chrono::milliseconds elapsed{0};
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::string correlation;    ///< what the peer knows it by; of a notification its id
  bool bodies = false;        ///< whether there is any body to show
  std::string request_body;   ///< empty in lists; long ones are cut
  std::string response_body;  ///< empty in lists; long ones are cut
};

/// What to show. Everything that is set must hold.
struct ExchangeFilter {
  std::string site;
  std::string run_id;
  std::string trace_id;
  std::optional<Peer> peer;
  std::optional<Direction> direction;
  std::string method;  ///< compared without case
  int least_status = 0;
  int most_status = 0;  ///< 0: any status
  bool failed = false;  ///< only what failed
  std::optional<Instant> from;
  std::optional<Instant> to;  ///< exclusive
  std::chrono::milliseconds at_least{0};  ///< that it took
  std::uint64_t least_bytes = 0;          ///< sent and received together
  std::string text;  ///< in target, error, correlation or a body, whatever the case of ASCII letters
};

/// The log of what was exchanged with other systems. Bounded in size: the oldest entries make room. Thread-safe.
class RequestLog {
 public:
  virtual ~RequestLog() = default;

  /// Adds entries in their order; their numbers are ignored.
  virtual Result<void> add(std::span<const LoggedExchange> entries) = 0;

  /// Newest first, without bodies, those with numbers below `before` (0: from the newest on).
  virtual Result<std::vector<LoggedExchange>> list(const ExchangeFilter& filter, std::int64_t before,
                                                   std::size_t limit) = 0;
  /// With its bodies; absent when there is none.
  virtual Result<std::optional<LoggedExchange>> find(std::int64_t number) = 0;

  /// Forgets what is older, in small steps; returns how much.
  virtual Result<std::uint64_t> forget(Instant before) = 0;
};

}  // namespace product_sync::store
