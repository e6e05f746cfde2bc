#include "front/front_metrics.hpp"

#include <string>

namespace product_sync::front {
namespace {

constexpr std::string_view kConnections = "product_sync_http_connections";
constexpr std::string_view kConnectionsHelp = "Open connections, by what they are doing.";
constexpr std::string_view kClosed = "product_sync_http_connections_closed_total";
constexpr std::string_view kClosedHelp = "Connections that the limits closed.";

Gauge& connections_in(Metrics& metrics, const char* state) {
  return metrics.gauge(kConnections, kConnectionsHelp, {{"state", state}});
}

}  // namespace

FrontMetrics::FrontMetrics(Metrics& metrics)
    : metrics_(metrics),
      accepted_(metrics.counter("product_sync_http_connections_accepted_total", "Connections that came in.")),
      made_room_(metrics.counter(kClosed, kClosedHelp, {{"reason", "made_room"}})),
      no_room_(metrics.counter(kClosed, kClosedHelp, {{"reason", "no_room"}})),
      idle_(connections_in(metrics, "idle")),
      receiving_(connections_in(metrics, "receiving")),
      busy_(connections_in(metrics, "busy")),
      body_bytes_(metrics.gauge("product_sync_http_body_bytes", "Memory of bodies that are received or answered.")) {}

void FrontMetrics::connections(const ConnectionLimits& limits) {
  using Phase = ConnectionLimits::Phase;
  idle_.set(static_cast<double>(limits.count(Phase::idle)));
  receiving_.set(static_cast<double>(limits.count(Phase::receiving)));
  busy_.set(static_cast<double>(limits.count(Phase::busy)));
}

void FrontMetrics::refused(std::string_view reason) {
  metrics_
      .counter("product_sync_http_refused_total", "Requests that were refused, by the code of the problem.",
               {{"reason", std::string(reason)}})
      .add();
}

void FrontMetrics::answered(std::string_view route, int status, std::chrono::duration<double> took) {
  auto& count = answers_[{route.data(), status}];
  if (count == nullptr) {
    count = &metrics_.counter("product_sync_http_requests_total", "Requests, by route and status.",
                              {{"route", std::string(route)}, {"status", std::to_string(status)}});
  }
  count->add();
  auto& seconds = seconds_[route.data()];
  if (seconds == nullptr) {
    seconds = &metrics_.histogram("product_sync_http_request_seconds",
                                  "Time from a request's whole head to its answer, by route.",
                                  {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10},
                                  {{"route", std::string(route)}});
  }
  seconds->observe(took.count());
}

}  // namespace product_sync::front
