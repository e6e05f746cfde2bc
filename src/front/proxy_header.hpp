#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/ip_address.hpp"

namespace product_sync::front {

/// Reads the PROXY protocol's header (version 1 and 2), by which a proxy tells the client's address before it passes on
/// the client's bytes. Pure; the outcome does not depend on how the bytes are sliced.
class ProxyHeader {
 public:
  enum class State { reading, complete, malformed };

  /// Takes the bytes of the header and no more; returns how many.
  std::size_t read(std::string_view bytes);
  [[nodiscard]] State state() const { return state_; }
  /// The client's address; absent when the proxy speaks for itself (health checks) or does not know it.
  [[nodiscard]] const std::optional<IpAddress>& client() const { return client_; }

 private:
  void look();
  void read_line();
  void read_binary();
  void finish(std::optional<IpAddress> client);

  State state_ = State::reading;
  std::string header_;
  std::optional<IpAddress> client_;
};

}  // namespace product_sync::front
