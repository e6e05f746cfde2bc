#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "served_listener.hpp"

namespace product_sync::hostile {

/// Keeps many connections open that do nothing good: a third idle after one request, a third in the middle of a head, a
/// third in the middle of a body. Whichever the listener ends is opened again at once. On a thread of its own.
class HeldConnections {
 public:
  /// Returns when all of them are open. Each comes from one of many addresses.
  HeldConnections(const ServedListener& listener, unsigned count);

  /// How many were opened again.
  [[nodiscard]] std::uint64_t renewed() const { return renewed_; }

 private:
  void open(unsigned index);
  void renew(const std::stop_token& stop);

  const ServedListener& listener_;
  std::vector<std::unique_ptr<HostileClient>> clients_;
  std::atomic<std::uint64_t> renewed_ = 0;
  std::jthread thread_;
};

}  // namespace product_sync::hostile
