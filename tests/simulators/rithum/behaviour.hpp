#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace rithum_simulator {

/// Faults the simulator was told to commit. All counts fall to zero by use.
struct Faults {
  std::chrono::milliseconds latency{0};  ///< before every answer of the REST interface
  int status = 0;                        ///< answered instead, for the next `status_requests` requests
  std::int64_t status_requests = 0;
  std::int64_t cut_connections = 0;  ///< so many answers break off in the middle
  std::string path_prefix = "/";     ///< the three above apply to paths that start with it
  bool pause_pickup = false;
  bool denied_as_200 = false;  ///< a refused token is answered with 200 and the text (rithum.md §5.1)
};

/// Thread-safe holder of the faults.
class Behaviour {
 public:
  struct Next {
    std::chrono::milliseconds latency{0};
    int status = 0;
    bool cut = false;
  };

  explicit Behaviour(Faults initial) : initial_(initial), faults_(std::move(initial)) {}

  [[nodiscard]] Faults faults() {
    const std::lock_guard lock(mutex_);
    return faults_;
  }
  void set(Faults faults) {
    const std::lock_guard lock(mutex_);
    faults_ = std::move(faults);
  }
  void reset() { set(initial_); }

  /// What is to happen to the next request for `path`; uses up the counts.
  [[nodiscard]] Next next(std::string_view path) {
    const std::lock_guard lock(mutex_);
    if (!path.starts_with(faults_.path_prefix)) return {};
    Next next{faults_.latency, 0, false};
    if (faults_.status != 0 && faults_.status_requests > 0) {
      --faults_.status_requests;
      next.status = faults_.status;
    } else if (faults_.cut_connections > 0) {
      --faults_.cut_connections;
      next.cut = true;
    }
    return next;
  }

 private:
  std::mutex mutex_;
  const Faults initial_;
  Faults faults_;
};

}  // namespace rithum_simulator
