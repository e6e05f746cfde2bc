#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace product_sync {

/// A TCP connection to a port of the loopback interface that sends bytes as they are. Throws std::runtime_error when it
/// cannot connect, and when it waits longer than a minute.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port, const std::string& from = "127.0.0.1");
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void send(std::string_view bytes);
  /// Sends nothing more; the other direction stays open.
  void end();
  /// What has come since the last call, at least up to `text`; shorter when the other side closed.
  std::string receive_until(std::string_view text);
  /// What comes until the other side closes.
  std::string receive_all();
  /// One response with a Content-Length: head and body.
  std::string receive_response();

 private:
  bool receive_some();
  std::string take(std::size_t count);

  int socket_ = -1;
  std::string received_;
};

/// Sends bytes, ends, and returns all that comes back.
[[nodiscard]] std::string exchange(std::uint16_t port, std::string_view bytes);

}  // namespace product_sync
