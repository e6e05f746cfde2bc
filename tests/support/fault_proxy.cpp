#include "support/fault_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <list>
#include <stdexcept>
#include <string>
#include <vector>

namespace product_sync {
namespace {

using Time = std::chrono::steady_clock::time_point;

constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::size_t kMostHeld = 64 * 1024 * 1024;  // more than any sender keeps on its way

sockaddr_in address_of(std::uint16_t port, const char* host = "127.0.0.1") {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  ::inet_pton(AF_INET, host, &address.sin_addr);
  return address;
}

void send_at_once(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// Bytes on their way in one direction.
struct Stream {
  struct Piece {
    Time due;
    std::string bytes;
    std::size_t sent = 0;
  };

  int from = -1;
  int to = -1;
  std::deque<Piece> pieces;
  std::size_t held = 0;
  std::uint64_t taken = 0;
  Time next_send{};
  bool ended = false;      // `from` sends no more
  bool forwarded = false;  // `to` knows

  [[nodiscard]] bool wants_bytes() const { return !ended && held < kMostHeld; }

  /// False when the connection is gone.
  bool receive(const Faults& faults, Time now) {
    static thread_local std::vector<char> buffer(kReadBytes);
    const auto count = ::recv(from, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count == 0) ended = true;
    if (count == 0 || faults.silent) return true;
    taken += static_cast<std::uint64_t>(count);
    held += static_cast<std::size_t>(count);
    pieces.push_back({now + faults.latency, std::string(buffer.data(), static_cast<std::size_t>(count))});
    return true;
  }

  /// When there is something to forward: the time at which it is due.
  [[nodiscard]] bool due(Time now) const { return !pieces.empty() && std::max(pieces.front().due, next_send) <= now; }

  bool forward(const Faults& faults, Time now) {
    while (due(now)) {
      auto& piece = pieces.front();
      std::size_t size = piece.bytes.size() - piece.sent;
      if (faults.slice_bytes != 0) size = std::min(size, faults.slice_bytes);
      const auto count = ::send(to, piece.bytes.data() + piece.sent, size, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (count < 0) return errno == EAGAIN || errno == EINTR;
      piece.sent += static_cast<std::size_t>(count);
      held -= static_cast<std::size_t>(count);
      if (piece.sent == piece.bytes.size()) pieces.pop_front();
      if (faults.bytes_per_second != 0) {
        next_send =
            now + std::chrono::microseconds(static_cast<std::uint64_t>(count) * 1'000'000 / faults.bytes_per_second);
      }
    }
    if (ended && pieces.empty() && !forwarded) {
      ::shutdown(to, SHUT_WR);
      forwarded = true;
    }
    return true;
  }
};

struct Connection {
  Stream up;    // client to server
  Stream down;  // server to client

  Connection(int client, int server) {
    up.from = down.to = client;
    up.to = down.from = server;
    send_at_once(client);
    send_at_once(server);
  }
  ~Connection() {
    ::close(up.from);
    ::close(up.to);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Makes both sides see a reset instead of an orderly end.
  void reset() const {
    const linger at_once{1, 0};
    for (const int socket : {up.from, up.to}) ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
};

}  // namespace

struct FaultProxy::Loop {
  FaultProxy& proxy;
  std::list<Connection> connections{};

  void accept_one() {
    const int client = ::accept4(proxy.listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    ++proxy.connections_;
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = address_of(proxy.target_port_);
    const bool connected = ::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    auto& connection = connections.emplace_back(client, server);
    if (connected) return;
    connection.reset();
    connections.pop_back();
  }

  /// False when the connection is to go.
  bool serve(Connection& connection, const pollfd& client, const pollfd& server, const Faults& faults) const {
    const auto now = std::chrono::steady_clock::now();
    if (client.revents != 0 && connection.up.wants_bytes() && !connection.up.receive(faults, now)) return false;
    if (server.revents != 0 && connection.down.wants_bytes() && !connection.down.receive(faults, now)) return false;
    if (!connection.up.forward(faults, now) || !connection.down.forward(faults, now)) return false;
    if (connection.up.forwarded && connection.down.forwarded) return false;
    const bool over = faults.reset_after_bytes != 0 && connection.up.taken >= faults.reset_after_bytes;
    if (!faults.refuse && !(over && proxy.take_reset())) return true;
    connection.reset();
    return false;
  }

  static short events_of(const Stream& in, const Stream& out, Time now) {
    return static_cast<short>((in.wants_bytes() ? POLLIN : 0) | (out.due(now) ? POLLOUT : 0));
  }

  void turn() {
    const auto now = std::chrono::steady_clock::now();
    std::vector<pollfd> watched{{proxy.listener_, POLLIN, 0}};
    auto wake = now + std::chrono::milliseconds(5);  // new faults and the stop are seen this soon
    for (const auto& connection : connections) {
      watched.push_back({connection.up.from, events_of(connection.up, connection.down, now), 0});
      watched.push_back({connection.down.from, events_of(connection.down, connection.up, now), 0});
      for (const Stream* stream : {&connection.up, &connection.down}) {
        if (stream->pieces.empty() || stream->due(now)) continue;
        wake = std::min(wake, std::max(stream->pieces.front().due, stream->next_send));
      }
    }
    const auto left = std::chrono::nanoseconds(std::max(wake - now, Time::duration::zero())).count();
    const timespec pause{left / 1'000'000'000, left % 1'000'000'000};
    ::ppoll(watched.data(), watched.size(), &pause, nullptr);

    const auto faults = proxy.faults();
    std::size_t at = 1;
    for (auto connection = connections.begin(); connection != connections.end(); at += 2) {
      connection = serve(*connection, watched[at], watched[at + 1], faults) ? std::next(connection)
                                                                            : connections.erase(connection);
    }
    if (watched[0].revents != 0) accept_one();
  }
};

FaultProxy::FaultProxy(std::uint16_t target_port, Faults faults, const ProxyAddress& listen)
    : target_port_(target_port), faults_(faults) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  auto address = address_of(listen.port, listen.host);
  socklen_t length = sizeof address;
  const bool ready = ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                     ::listen(listener_, 64) == 0 &&
                     ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  if (!ready) {
    ::close(listener_);
    throw std::runtime_error("the fault proxy finds no port");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

FaultProxy::~FaultProxy() {
  thread_.request_stop();
  thread_.join();
  ::close(listener_);
}

void FaultProxy::run(std::stop_token stop) {
  Loop loop{*this};
  while (!stop.stop_requested()) loop.turn();
}

void FaultProxy::set(const Faults& faults) {
  const std::lock_guard lock(mutex_);
  faults_ = faults;
}

Faults FaultProxy::faults() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

bool FaultProxy::take_reset() {
  const std::lock_guard lock(mutex_);
  return faults_.resets-- > 0;
}

}  // namespace product_sync
