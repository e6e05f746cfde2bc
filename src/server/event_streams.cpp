#include "server/event_streams.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace product_sync::server {
namespace {

// What one asking brings at most, and so what a client that does not read holds.
constexpr std::size_t kPieceBytes = std::size_t{16} * 1024;
// Proxies and clients take a silent connection for a dead one.
constexpr std::chrono::seconds kHeartbeat{15};
constexpr std::string_view kHeartbeatText = ": still here\n\n";
// For how long clients wait before they come back.
constexpr std::string_view kRetryLine = "retry: 2000\n";
constexpr std::string_view kStreamsRetryAfter = "10";

}  // namespace

/// Who has a stream. Thread-safe.
class EventStreams::Places {
 public:
  explicit Places(EventStreamLimits limits) : limits_(limits) {}

  [[nodiscard]] bool enter(const IpAddress& network) {
    const std::lock_guard lock(mutex_);
    if (total_ >= limits_.streams) return false;
    const auto found = by_network_.find(network);
    if (found != by_network_.end() && found->second >= limits_.per_address) return false;
    ++by_network_[network];
    ++total_;
    return true;
  }
  void leave(const IpAddress& network) {
    const std::lock_guard lock(mutex_);
    --total_;
    if (const auto found = by_network_.find(network); --found->second == 0) by_network_.erase(found);
  }
  [[nodiscard]] std::size_t taken() const {
    const std::lock_guard lock(mutex_);
    return total_;
  }

 private:
  const EventStreamLimits limits_;
  mutable std::mutex mutex_;                        // guards all below
  std::map<IpAddress, std::size_t> by_network_;     // at most limits_.streams
  std::size_t total_ = 0;
};

/// What one client hears. Holds a place until its end.
class EventStreams::Stream final : public front::Stream {
 public:
  Stream(std::shared_ptr<Places> places, const IpAddress& network, const EventHistory& history, std::string site,
         std::string_view last_id)
      : places_(std::move(places)), network_(network), history_(history), site_(std::move(site)) {
    const auto known = history_.find(last_id);
    position_ = known.value_or(history_.newest());
    // An id of another process: what it told since is not known here.
    if (!last_id.empty() && !known) greeting_ = history_.missed(position_);
    greeting_.insert(0, std::string(kRetryLine).append(history_.id_line(position_)).append("\n"));
  }
  ~Stream() override { places_->leave(network_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void next(Monotonic now, std::string& to) override {
    to += std::exchange(greeting_, {});
    position_ = history_.read(position_, site_, kPieceBytes, to);
    if (to.empty() && now - last_sent_ >= kHeartbeat) to += kHeartbeatText;
    if (!to.empty()) last_sent_ = now;
  }

 private:
  const std::shared_ptr<Places> places_;
  const IpAddress network_;
  const EventHistory& history_;
  const std::string site_;
  EventHistory::Number position_ = 0;
  std::string greeting_;
  Monotonic last_sent_{};
};

EventStreams::EventStreams(std::vector<std::string> sites, const EventHistory& history, EventStreamLimits limits,
                           Metrics& metrics)
    : sites_(std::move(sites)), history_(history), places_(std::make_shared<Places>(limits)) {
  metrics.gauge("product_sync_event_streams", "Open streams of events.", {},
                [places = places_] { return static_cast<double>(places->taken()); });
}

Route EventStreams::route() {
  return {"GET",
          "/v1/events",
          Access::operators,
          {},
          0,
          {},
          Pool::control,
          [this](const Request& request, Reply reply) { begin(request, std::move(reply)); }};
}

void EventStreams::begin(const Request& request, Reply reply) const {
  const auto site = request.parameter("site");
  if (!site.empty() && std::ranges::find(sites_, site) == sites_.end()) return reply.send(unknown_site(site));
  const auto network = request.peer.address.network();
  if (!places_->enter(network)) {
    auto full = problem(503, "events.too_many", "Too many streams of events are open.",
                        "The limits are server.limits.event_streams and .event_streams_per_address.");
    full.headers.emplace_back("Retry-After", kStreamsRetryAfter);
    return reply.send(std::move(full));
  }
  reply.send(front::StreamedResponse{200, {}, "text/event-stream",
                                     std::make_unique<Stream>(places_, network, history_, std::string(site),
                                                              request.header("last-event-id"))});
}

}  // namespace product_sync::server
