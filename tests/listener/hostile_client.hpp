#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "wire.hpp"

namespace product_sync::hostile {

struct Reply {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

/// The `index`-th address of the loopback network, so that one machine can be many clients.
[[nodiscard]] std::string loopback_address(unsigned index);

/// A connection of somebody who keeps to no rule: sends any bytes in any pieces, holds back the rest for as long as it
/// likes, and sees exactly what comes back. Waits throw std::runtime_error after two minutes, far longer than a loaded
/// machine takes.
class HostileClient {
 public:
  struct Options {
    std::string from = "127.0.0.1";
    std::optional<TlsOptions> tls{};
  };
  HostileClient(std::uint16_t port, const Options& options);
  explicit HostileClient(std::uint16_t port) : HostileClient(port, Options{}) {}

  /// Sends all of it; false when the other side ended the connection before it took everything.
  bool send(std::string_view bytes);
  /// Past the TLS layer, as somebody between the two could.
  void send_unprotected(std::string_view bytes);
  /// send() without ever reading: false when the other side takes no more within a second, or ended. Removes what was
  /// taken from the front of `bytes`.
  bool send_without_reading(std::string_view& bytes);
  /// Sends `piece` again and again until `total` bytes went out, or an answer or the end came. Returns the bytes sent.
  std::uint64_t flood(std::string_view piece, std::uint64_t total);
  /// No more bytes will come from here; answers are still read.
  void end_sending();
  /// Ends the connection with a reset at the end of the scope.
  void reset() { socket_->end_with_reset(); }

  /// The next answer, whole; none when the connection ends before it.
  [[nodiscard]] std::optional<Reply> reply();
  /// send() and the status of the next answer; 0 when there is none.
  int ask(std::string_view request);
  /// What has come; waits for some. Empty when the connection has ended.
  [[nodiscard]] std::string more();
  /// Waits until the other side ends the connection, at most this long.
  void wait_for_the_end(std::chrono::milliseconds longest);
  /// Waits for the end, whatever comes before it; returns what came.
  std::string rest();
  /// Whether a byte, or the end, has come that was not asked for yet.
  [[nodiscard]] bool was_answered();
  [[nodiscard]] bool was_ended();

  [[nodiscard]] int descriptor() const { return socket_->descriptor(); }
  [[nodiscard]] std::uint16_t own_port() const { return socket_->own_port(); }
  /// Null over plain TCP.
  [[nodiscard]] TlsWire* tls() { return tls_; }

 private:
  void take();
  void wait_for_bytes(const char* what);
  [[nodiscard]] std::optional<Reply> whole_reply();

  std::unique_ptr<Socket> socket_;
  std::unique_ptr<Wire> wire_;
  TlsWire* tls_ = nullptr;
  std::string received_;
  bool ended_ = false;
};

}  // namespace product_sync::hostile
