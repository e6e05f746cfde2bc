#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace product_sync::transfer {

/// How long an operation may take, who may end it early, and its name for the messages.
struct Limit {
  const Clock& clock;
  Monotonic deadline;
  std::stop_token stop;
  std::string doing;  ///< "Uploading a.txt to sftp://…"
  std::string_view protocol = "sftp";  ///< for the error's code

  /// The error `cancelled` or `<protocol>.timeout` once the operation must end.
  [[nodiscard]] Result<void> check() const;

  /// The same, drawn in to `duration` from now.
  [[nodiscard]] Limit within(std::chrono::milliseconds duration) const;
};

/// Blocks until the socket is ready for one of `events` (poll's), or the limit is reached. Returns early now and then
/// without readiness, so callers loop.
[[nodiscard]] Result<void> await_socket(int socket, short events, const Limit& limit);

}  // namespace product_sync::transfer
