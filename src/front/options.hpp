#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip_address.hpp"
#include "front/request_reader.hpp"
#include "front/tls.hpp"

namespace product_sync::front {

/// An address to listen on.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;  ///< 0: any free one
  bool is_private = false;
  bool secure = false;  ///< speaks TLS alone
};

/// What a connection may take, in time.
struct Deadlines {
  std::chrono::milliseconds head{5'000};    ///< from its first byte to its last; also from the accept to the first byte
  std::chrono::milliseconds body{120'000};  ///< from the head's last byte to the body's; also for sending a response
  std::uint64_t bytes_per_second = 4 * 1024;  ///< slower bodies are refused, after `head` has passed
  std::chrono::milliseconds stall{10'000};    ///< of a client that takes nothing of its response
  std::chrono::milliseconds idle{60'000};     ///< between two requests
  std::chrono::milliseconds linger{2'000};    ///< for a refused client to stop sending
};

struct Options {
  std::vector<Endpoint> endpoints;
  std::optional<TlsFiles> tls;           ///< for the secure endpoints
  std::vector<IpRange> trusted_proxies;  ///< whose word on the client's address counts
  bool proxy_protocol = false;           ///< connections of trusted proxies begin with a PROXY header
  HeadLimits head;
  Deadlines deadlines;
  std::size_t connections = 10'000;
  std::size_t connections_per_address = 1'000;
  std::uint64_t body_memory = 256ULL << 20U;  ///< bytes, of all bodies that are being received and answered: BodyMemory
  std::chrono::milliseconds drain{10'000};    ///< how long requests under way may take when the front stops
};

}  // namespace product_sync::front
