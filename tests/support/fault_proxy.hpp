#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <thread>

namespace product_sync {

/// What the proxy does to the bytes; may be changed at any time.
struct Faults {
  bool silent = false;                   ///< takes bytes and forwards none
  bool refuse = false;                   ///< resets every connection, old and new
  std::size_t slice_bytes = 0;           ///< forwards in pieces of so many bytes, each a packet of its own; 0: whole
  std::uint64_t bytes_per_second = 0;    ///< 0: as fast as it goes
  std::chrono::microseconds latency{0};  ///< one way
  std::uint64_t reset_after_bytes = 0;   ///< resets a connection after so many bytes from the client; 0: never
  int resets = 1'000'000;                ///< how many connections reset_after_bytes applies to
};

/// Where a proxy listens. All of 127.0.0.0/8 is this machine, so a proxy may have the port that it forwards to.
struct ProxyAddress {
  const char* host = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: a free one
};

/// A TCP proxy on a loopback port that forwards to another, of 127.0.0.1, and can spoil the connection on the way.
class FaultProxy {
 public:
  explicit FaultProxy(std::uint16_t target_port, Faults faults = {}, const ProxyAddress& listen = {});
  ~FaultProxy();
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  void set(const Faults& faults);
  /// Connections accepted so far.
  [[nodiscard]] int connections() const { return connections_.load(); }

 private:
  struct Loop;
  [[nodiscard]] Faults faults() const;
  [[nodiscard]] bool take_reset();
  void run(std::stop_token stop);

  const std::uint16_t target_port_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  mutable std::mutex mutex_;
  Faults faults_;
  std::atomic<int> connections_{0};
  std::jthread thread_;
};

}  // namespace product_sync
