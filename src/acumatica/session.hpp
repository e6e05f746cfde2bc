#pragma once

#include <cstdint>
#include <stop_token>

#include "base/error.hpp"
#include "net/http_client.hpp"

namespace product_sync::acumatica {

/// A sign-in at one Acumatica tenant. Thread-safe.
class Session {
 public:
  /// Numbers the credentials a session has had, so that an answer can be matched with those its request carried.
  using Generation = std::uint64_t;

  virtual ~Session() = default;

  /// Puts the credentials onto `request`; signs in or renews first where needed.
  virtual Result<Generation> authorize(net::HttpRequest& request, std::stop_token stop) = 0;

  /// Shows each answer to the session. After a 401 the credentials of that generation are not used again: the next
  /// authorize() gets new ones.
  virtual void answered(Generation generation, const net::HttpResponse& response) = 0;

  /// Gives back what the sign-in holds (a seat of the licence). The session can be used again afterwards.
  virtual void close() = 0;
};

}  // namespace product_sync::acumatica
