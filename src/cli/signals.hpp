#pragma once

#include <stop_token>
#include <thread>

namespace product_sync::cli {

/// Turns SIGINT and SIGTERM into a stop request. To be made before any other thread: threads made later inherit the
/// blocked signals. A second signal ends the process at once.
class StopOnSignal {
 public:
  StopOnSignal();
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  /// Blocks until a signal came.
  void wait();

 private:
  std::stop_source stop_;
  std::jthread thread_;
};

}  // namespace product_sync::cli
