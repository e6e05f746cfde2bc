#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "front/options.hpp"
#include "front/service.hpp"

namespace product_sync::front {

/// The event-driven face of the HTTP server: accepts, reads whole, strictly checked and bounded requests, and sends
/// their answers. One thread serves all connections, so a slow client costs a buffer and nothing else; whatever takes
/// time happens elsewhere and comes back through a Reply.
class Front {
 public:
  Front(Options options, Service& service, Clock& clock, Metrics& metrics, Logger& log);
  /// Stops.
  ~Front();
  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;

  /// Binds and begins to accept. `listener.bind_failed` names address and cause, `tls.bad_files` the file.
  Result<void> start();
  /// Of the endpoint with that index; known once started.
  [[nodiscard]] std::uint16_t port(std::size_t endpoint = 0) const;
  /// Has the TLS certificate taken from its files again, which also happens when they change. A bad one is logged, and
  /// the old one stays. Returns at once.
  void reload_certificate();
  /// Has every stream asked for more. Cheap, also when called often; from any thread.
  void streams_have_more();
  /// Stops accepting, closes idle connections, ends streams, lets requests under way end within Options::drain, and returns
  /// when they have.
  void stop();

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace product_sync::front
