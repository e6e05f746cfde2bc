#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/metrics.hpp"
#include "server/event_history.hpp"
#include "server/http.hpp"

namespace product_sync::server {

struct EventStreamLimits {
  std::size_t streams = 100;
  std::size_t per_address = 20;  ///< IPv4 address or IPv6 /64 network
};

/// `GET /v1/events`: what happens, as server-sent events, for as long as the client listens. A stream holds no thread;
/// how many there may be has limits of its own, so that they take nothing from other requests.
class EventStreams {
 public:
  EventStreams(std::vector<std::string> sites, const EventHistory& history, EventStreamLimits limits, Metrics& metrics);

  [[nodiscard]] Route route();

 private:
  class Places;
  class Stream;
  void begin(const Request& request, Reply reply) const;

  const std::vector<std::string> sites_;
  const EventHistory& history_;
  const std::shared_ptr<Places> places_;  // streams that end late still give theirs back
};

}  // namespace product_sync::server
