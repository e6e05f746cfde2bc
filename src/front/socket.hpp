#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/ip_address.hpp"

namespace product_sync::front {

/// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  void close();

 private:
  int number_ = -1;
};

/// A listening socket: non-blocking, with a long backlog, on an address that no other process may share.
/// `listener.bind_failed` names address and cause.
[[nodiscard]] Result<Descriptor> listen_on(const std::string& host, std::uint16_t port);
[[nodiscard]] std::uint16_t port_of(const Descriptor& socket);

/// A connection that came in; not open when there was none. `failure` is then errno.
struct Accepted {
  Descriptor socket;
  IpAddress address;
  int failure = 0;
};
[[nodiscard]] Accepted accept_from(const Descriptor& listening);
/// Whether a connection waits to be accepted.
[[nodiscard]] bool somebody_waits_at(const Descriptor& listening);

/// Lets this process have as many descriptors as the system allows it; returns how many.
std::size_t raise_descriptor_limit();

}  // namespace product_sync::front
