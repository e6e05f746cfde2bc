#include "front/front.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <limits>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "front/connection.hpp"
#include "front/connection_limits.hpp"
#include "front/forwarded_for.hpp"
#include "front/mailbox.hpp"
#include "front/socket.hpp"

namespace product_sync::front {
namespace {

constexpr std::size_t kMostEvents = 256;
// New connections in a row, before the others have their turn.
constexpr int kMostAccepts = 64;
// How often deadlines are looked at: their precision.
constexpr std::chrono::milliseconds kSweep{100};
// How often the files of the certificate are looked at.
constexpr std::chrono::seconds kCertificateLook{1};
// Descriptors that the rest of the program needs: store, log, deliveries.
constexpr std::size_t kOtherDescriptors = 256;

// What an event is about: the slot of a connection, or one of these.
constexpr std::uint64_t kMailbox = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kFirstEndpoint = kMailbox + 1;

/// RFC 9110 §5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`
std::string http_date(Instant now) {
  const auto seconds = std::chrono::system_clock::to_time_t(now);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[static_cast<std::size_t>(utc.tm_wday)],
                     utc.tm_mday, kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                     utc.tm_min, utc.tm_sec);
}

}  // namespace

class Front::Loop {
  using Share = ConnectionLimits::Share;

 public:
  Loop(Options options, Service& service, Clock& clock, Metrics& metrics, Logger& log)
      : options_(std::move(options)),
        clock_(clock),
        log_(log),
        metrics_(metrics),
        mailbox_(std::make_shared<Mailbox>()),
        around_{.options = options_, .service = service, .replies = mailbox_, .metrics = metrics_, .log = log},
        limits_(allowed_connections(), options_.connections_per_address),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}

  ~Loop() { stop(); }

  Result<void> start() {
    if (options_.tls) {
      auto certificate = TlsCertificate::load(*options_.tls);
      if (!certificate) return tl::unexpected(certificate.error());
      certificate_ = std::move(*certificate);
    }
    for (const auto& endpoint : options_.endpoints) {
      auto socket = listen_on(endpoint.host, endpoint.port);
      if (!socket) return tl::unexpected(socket.error());
      ports_.push_back(port_of(*socket));
      listening_.push_back(std::move(*socket));
    }
    watch(mailbox_->readiness(), kMailbox, EPOLLIN, EPOLL_CTL_ADD);
    watch_endpoints();
    spare_ = open_spare();
    thread_ = std::jthread([this] { run(); });
    return {};
  }

  [[nodiscard]] std::uint16_t port(std::size_t endpoint) const { return ports_.at(endpoint); }

  void reload_certificate() { reload_asked_ = true; }

  void streams_have_more() {
    if (!stream_news_.exchange(true)) mailbox_->wake();
  }

  void stop() {
    stopping_ = true;
    mailbox_->wake();
    if (thread_.joinable()) thread_.join();
  }

 private:
  struct Slot {
    std::unique_ptr<Connection> connection;
    std::uint32_t generation = 0;  // of the next request here
    std::uint32_t watched = 0;     // events that epoll watches for
    IpAddress client;              // whom the limits count it for
    bool streams = false;          // is in streams_
  };
  using Events = std::array<epoll_event, kMostEvents>;

  std::size_t allowed_connections() {
    const auto descriptors = raise_descriptor_limit();
    const auto most = descriptors > 2 * kOtherDescriptors ? descriptors - kOtherDescriptors : descriptors / 2;
    if (most >= options_.connections) return options_.connections;
    log_.warning("front.few_descriptors",
                 fmt::format("The system allows {} descriptors: at most {} connections are held instead of {}.",
                             descriptors, most, options_.connections),
                 {{"descriptors", descriptors}, {"connections", most}});
    return most;
  }

  static Descriptor open_spare() { return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

  void run() {
    mailbox_->belongs_to_this_thread();
    around_.now = clock_.monotonic();
    sweep();
    auto next_sweep = around_.now + kSweep;
    Events events{};
    while (!(draining() && limits_.count() == 0)) {
      const int count = ::epoll_wait(epoll_.number(), events.data(), static_cast<int>(events.size()),
                                     static_cast<int>(kSweep.count()));
      around_.now = clock_.monotonic();
      around_.service.burst_begins();
      for (int i = 0; i < count; ++i) handle(events[static_cast<std::size_t>(i)]);
      around_.service.burst_ends();
      answer();
      if (stream_news_.exchange(false)) feed_streams();
      if (around_.now >= next_sweep) {
        next_sweep = around_.now + kSweep;
        sweep();
      }
      if (stopping_ && !draining()) begin_drain();
      free_.insert(free_.end(), freed_.begin(), freed_.end());
      freed_.clear();
    }
  }

  void handle(const epoll_event& event) {
    if (event.data.u64 >= kFirstEndpoint) return accept(event.data.u64 - kFirstEndpoint);
    if (event.data.u64 == kMailbox) {
      std::uint64_t count = 0;
      [[maybe_unused]] const auto got = ::read(mailbox_->readiness().number(), &count, sizeof count);
      return;
    }
    const auto slot = static_cast<std::uint32_t>(event.data.u64);
    auto* connection = slots_[slot].connection.get();
    if (connection == nullptr) return;  // closed by an earlier event of this round
    if ((event.events & EPOLLOUT) != 0) connection->on_writable();
    if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
      if (connection->wants_to_read()) {
        connection->on_readable();
      } else if ((event.events & (EPOLLHUP | EPOLLERR)) != 0) {
        connection->on_hangup();
      }
    }
    settle(slot);
  }

  /// Brings to the connections what others have answered.
  void answer() {
    for (mailbox_->take(letters_); !letters_.empty(); mailbox_->take(letters_)) {
      for (auto& [request, answer] : letters_) {
        auto* connection = slots_[request.slot].connection.get();
        if (connection == nullptr || connection->request().generation != request.generation) continue;
        connection->on_answer(std::move(answer));
        settle(request.slot);
      }
      letters_.clear();
    }
  }

  void feed_streams() {
    for (auto next = streams_.begin(); next != streams_.end();) {
      const auto slot = *next++;  // settle() may take it out
      slots_[slot].connection->on_news();
      settle(slot);
    }
  }

  void accept(std::size_t endpoint) {
    if (draining()) return;
    for (int i = 0; i < kMostAccepts; ++i) {
      auto accepted = accept_from(listening_[endpoint]);
      if (accepted.socket.is_open()) {
        open(std::move(accepted), endpoint);
      } else if (accepted.failure == EMFILE || accepted.failure == ENFILE) {
        if (!trade_descriptor(endpoint, accepted.failure)) return;
      } else if (accepted.failure == EAGAIN) {
        return;
      } else if (accepted.failure == ENOBUFS || accepted.failure == ENOMEM) {
        return pause_accepting(accepted.failure);
      }  // anything else, such as ECONNABORTED, ends that connection alone
    }
  }

  void open(Accepted accepted, std::size_t endpoint) {
    const bool is_proxy = is_in(options_.trusted_proxies, accepted.address);
    const auto room = limits_.room_for(accepted.address, is_proxy ? Share::unlimited : Share::limited);
    if (!make(room)) return;
    metrics_.accepted();
    const auto slot = take_slot();
    auto& place = slots_[slot];
    const auto& socket = accepted.socket;
    if (!watch(socket, slot, EPOLLIN, EPOLL_CTL_ADD)) return freed_.push_back(slot);
    place.watched = EPOLLIN;
    const auto& door = options_.endpoints[endpoint];
    place.client = accepted.address;
    limits_.opened(slot, accepted.address);
    Arrival arrival{std::move(accepted.socket),
                    {accepted.address, door.secure, door.is_private},
                    options_.proxy_protocol && is_proxy,
                    door.secure ? certificate_->context() : nullptr};
    place.connection = std::make_unique<Connection>(std::move(arrival), RequestId{slot, place.generation}, around_);
  }

  std::uint32_t take_slot() {
    if (free_.empty()) {
      slots_.emplace_back();
      return static_cast<std::uint32_t>(slots_.size() - 1);
    }
    const auto slot = free_.back();
    free_.pop_back();
    return slot;
  }

  void close(std::uint32_t slot) {
    auto& place = slots_[slot];
    place.generation = place.connection->request().generation + 1;
    if (std::exchange(place.streams, false)) streams_.erase(slot);
    place.connection.reset();
    limits_.closed(slot);
    freed_.push_back(slot);  // not in this round: it may hold another event of the old connection
  }

  /// Carries over what an event changed.
  void settle(std::uint32_t slot) {
    auto& place = slots_[slot];
    const auto& connection = *place.connection;
    if (connection.is_closed()) return close(slot);
    if (connection.address() != place.client && !hand_over(slot)) return;
    limits_.moved(slot, connection.phase());
    if (connection.is_streaming() && !std::exchange(place.streams, true)) streams_.insert(slot);
    const auto wanted = (connection.wants_to_read() ? std::uint32_t{EPOLLIN} : 0U) |
                        (connection.wants_to_write() ? std::uint32_t{EPOLLOUT} : 0U);
    if (wanted == place.watched) return;
    place.watched = wanted;
    watch(connection.socket(), slot, wanted, EPOLL_CTL_MOD);
  }

  /// A PROXY header told who the client is: from now on the connection counts for that one. False when it has too many.
  bool hand_over(std::uint32_t slot) {
    auto& place = slots_[slot];
    place.client = place.connection->address();
    limits_.closed(slot);
    const auto room = limits_.room_for(place.client, Share::limited);
    limits_.opened(slot, place.client);
    if (make(room)) return true;
    close(slot);
    return false;
  }

  bool make(const ConnectionLimits::Room& room) {
    if (!room.available) metrics_.had_no_room();
    if (room.victim) {
      metrics_.made_room();
      close(*room.victim);
    }
    return room.available;
  }

  void sweep() {
    if (const auto second = std::chrono::floor<std::chrono::seconds>(clock_.now()); second != date_of_) {
      date_of_ = second;
      around_.date = http_date(second);
    }
    metrics_.connections(limits_);
    metrics_.bodies(around_.bodies.used());
    if (paused_ && !draining()) watch_endpoints();
    if (certificate_ && around_.now >= next_certificate_look_) look_at_certificate();
    feed_streams();
    const bool drained = draining() && around_.now >= drain_ends_;
    for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
      auto* connection = slots_[slot].connection.get();
      if (connection == nullptr) continue;
      if (drained) {
        close(slot);
      } else if (connection->deadline() <= around_.now) {
        connection->on_deadline();
        settle(slot);
      }
    }
  }

  void look_at_certificate() {
    next_certificate_look_ = around_.now + kCertificateLook;
    const bool asked = reload_asked_.exchange(false);
    if (!asked && !certificate_->has_changed()) return;
    if (const auto reloaded = certificate_->reload(); !reloaded) {
      log_.error("front.certificate_kept",
                 fmt::format("The new TLS certificate cannot be used, the old one stays: {}", reloaded.error().text()),
                 {{"code", reloaded.error().code}});
    } else {
      log_.info("front.certificate_loaded", "New connections are greeted with the new TLS certificate.");
    }
  }

  /// No descriptor is left: the oldest connection gives its own up for the one that waits. False when none waits (accept()
  /// fails before it looks) or none can go: then the waiting one is taken with the spare descriptor and hung up on, so
  /// that it does not wait for nothing.
  bool trade_descriptor(std::size_t endpoint, int failure) {
    if (!somebody_waits_at(listening_[endpoint])) return false;
    if (const auto victim = limits_.oldest()) {
      warn_of_resources(failure);
      metrics_.made_room();
      close(*victim);
      return true;
    }
    spare_.close();
    (void)accept_from(listening_[endpoint]);
    spare_ = open_spare();
    metrics_.had_no_room();
    pause_accepting(failure);
    return false;
  }

  void warn_of_resources(int failure) {
    constexpr std::string_view kCode = "front.no_resources";
    if (const auto held_back = around_.sampler.take(kCode, around_.now)) {
      log_.warning(kCode, fmt::format("A connection could not be accepted: {}.", std::strerror(failure)),
                   {{"held_back", *held_back}});
    }
  }

  void pause_accepting(int failure) {
    warn_of_resources(failure);
    for (const auto& socket : listening_) ::epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, socket.number(), nullptr);
    paused_ = true;
  }

  void watch_endpoints() {
    for (std::size_t i = 0; i < listening_.size(); ++i) {
      watch(listening_[i], kFirstEndpoint + i, EPOLLIN, EPOLL_CTL_ADD);
    }
    paused_ = false;
  }

  bool watch(const Descriptor& descriptor, std::uint64_t about, std::uint32_t events, int operation) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = about;
    return ::epoll_ctl(epoll_.number(), operation, descriptor.number(), &event) == 0;
  }

  [[nodiscard]] bool draining() const { return around_.draining; }

  void begin_drain() {
    around_.draining = true;
    drain_ends_ = around_.now + options_.drain;
    listening_.clear();
    for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
      if (auto* connection = slots_[slot].connection.get()) {
        connection->on_drain();
        settle(slot);
      }
    }
  }

  Options options_;
  Clock& clock_;
  Logger& log_;
  FrontMetrics metrics_;
  std::shared_ptr<Mailbox> mailbox_;
  Surroundings around_;
  ConnectionLimits limits_;
  Descriptor epoll_;
  std::optional<TlsCertificate> certificate_;
  Monotonic next_certificate_look_{};
  std::atomic<bool> reload_asked_ = false;
  std::vector<Descriptor> listening_;  // by endpoint
  std::vector<std::uint16_t> ports_;   // by endpoint
  Descriptor spare_;                   // given up when there are no others
  bool paused_ = false;                // endpoints are not watched
  std::vector<Slot> slots_;
  std::set<std::uint32_t> streams_;  // slots of connections with a stream
  std::atomic<bool> stream_news_ = false;
  std::vector<std::uint32_t> free_;
  std::vector<std::uint32_t> freed_;  // in this round
  std::vector<Mailbox::Letter> letters_;
  std::chrono::sys_seconds date_of_;
  Monotonic drain_ends_{};
  std::atomic<bool> stopping_ = false;
  std::jthread thread_;  // last: it uses all above
};

Front::Front(Options options, Service& service, Clock& clock, Metrics& metrics, Logger& log)
    : loop_(std::make_unique<Loop>(std::move(options), service, clock, metrics, log)) {}

Front::~Front() = default;

Result<void> Front::start() { return loop_->start(); }
std::uint16_t Front::port(std::size_t endpoint) const { return loop_->port(endpoint); }
void Front::reload_certificate() { loop_->reload_certificate(); }
void Front::streams_have_more() { loop_->streams_have_more(); }
void Front::stop() { loop_->stop(); }

}  // namespace product_sync::front
