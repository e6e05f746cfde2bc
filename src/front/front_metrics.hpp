#pragma once

#include <chrono>
#include <map>
#include <string_view>
#include <utility>

#include "base/metrics.hpp"
#include "front/connection_limits.hpp"

namespace product_sync::front {

/// What the front tells of itself in `/metrics`; docs/listener.md names it. Used by the front's thread.
class FrontMetrics {
 public:
  explicit FrontMetrics(Metrics& metrics);

  void accepted() { accepted_.add(); }
  void made_room() { made_room_.add(); }
  void had_no_room() { no_room_.add(); }
  void connections(const ConnectionLimits& limits);
  void bodies(std::uint64_t bytes) { body_bytes_.set(static_cast<double>(bytes)); }
  /// A request, or a connection that never got so far, was refused.
  void refused(std::string_view reason);
  /// `route` is a text that stays, such as a route's pattern.
  void answered(std::string_view route, int status, std::chrono::duration<double> took);

 private:
  Metrics& metrics_;
  Counter& accepted_;
  Counter& made_room_;
  Counter& no_room_;
  Gauge& idle_;
  Gauge& receiving_;
  Gauge& busy_;
  Gauge& body_bytes_;
  std::map<std::pair<const char*, int>, Counter*> answers_;  // by route and status
  std::map<const char*, Histogram*> seconds_;                // by route
};

}  // namespace product_sync::front
