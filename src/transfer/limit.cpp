#include "transfer/limit.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>

namespace product_sync::transfer {

Result<void> Limit::check() const {
  if (stop.stop_requested()) return cancelled(doing);
  if (clock.monotonic() < deadline) return {};
  return fail(fmt::format("{}.timeout", protocol),
              fmt::format("{} took too long: the server did not answer in time.", doing),
              "Look at the server and the network between; raise the time limits if the server is just slow.",
              Retry::later);
}

Limit Limit::within(std::chrono::milliseconds duration) const {
  Limit step = *this;
  step.deadline = std::min(deadline, clock.monotonic() + duration);
  return step;
}

Result<void> await_socket(int socket, short events, const Limit& limit) {
  if (auto within = limit.check(); !within) return within;
  // A slice bounds how late a stop request or a simulated clock is noticed.
  constexpr std::chrono::milliseconds kSlice{50};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(limit.deadline - limit.clock.monotonic());
  pollfd watched{socket, events, 0};
  ::poll(&watched, 1, static_cast<int>(std::clamp(left, std::chrono::milliseconds{0}, kSlice).count()));
  return {};
}

}  // namespace product_sync::transfer
