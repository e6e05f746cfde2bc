#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/secret.hpp"
#include "server/http.hpp"

namespace product_sync::server {

struct ListenerOptions {
  std::string host;
  std::uint16_t port = 0;  ///< 0: any free one
  std::size_t threads = 64;
  std::optional<Secret> operator_token;  ///< absent: routes for operators answer loopback peers only
};

/// The HTTP listener over cpp-httplib: one request a connection, bounded head and body, bounded waiting. Hands requests
/// to the route table and checks who may call what.
class Listener {
 public:
  Listener(ListenerOptions options, std::vector<Route> routes, Logger& log);
  ~Listener();

  /// Binds and begins to accept. `listener.bind_failed` names address and cause.
  Result<void> start();
  [[nodiscard]] std::uint16_t port() const;
  /// Stops accepting, lets requests under way end, and returns when they have.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace product_sync::server
