#pragma once

#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace product_sync::cli {

/// Turns SIGINT, SIGTERM and SIGHUP into a stop request. To be made before any other thread: threads made later inherit
/// the blocked signals. A second signal ends the process at once.
class StopOnSignal {
 public:
  StopOnSignal();
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  /// Blocks until a signal came that stops.
  void wait();
  /// From now on SIGHUP has `action` done, on a thread of its own, instead of a stop; null takes that back.
  void on_hangup(std::function<void()> action);

 private:
  bool acted_on_hangup();

  std::stop_source stop_;
  std::mutex mutex_;
  std::function<void()> hangup_action_;  // guarded by mutex_
  std::jthread thread_;
};

}  // namespace product_sync::cli
