#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "base/log.hpp"

namespace product_sync::sync {

/// How a background loop fares.
struct LoopHealth {
  std::string name;
  bool running = false;
  std::uint64_t rounds = 0;
  Instant last_round;
  std::string last_error;  ///< of the last round; empty = it went well
};

/// A thread that does one round of work, then waits until the round's own next time or until woken. A failing round is
/// logged, shown in the health, and tried again after a backoff; it never ends the loop.
class Loop {
 public:
  /// One round; returns when the next is due.
  using Round = std::function<Result<Monotonic>(std::stop_token)>;

  Loop(std::string name, Round round, Clock& clock, Logger& log);
  ~Loop();

  void start();
  void wake() { wake_.notify(); }
  /// Asks the round under way to end; join() waits for it.
  void request_stop();
  void join();
  [[nodiscard]] LoopHealth health() const;

 private:
  void work(std::stop_token stop);

  const std::string name_;
  const Round round_;
  Clock& clock_;
  Logger& log_;
  Wake wake_;
  mutable std::mutex mutex_;
  LoopHealth health_;
  std::jthread thread_;
};

}  // namespace product_sync::sync
