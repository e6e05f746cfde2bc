#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace product_sync::server {

/// A few threads and a bounded queue before them. Thread-safe.
class WorkerPool {
 public:
  WorkerPool(std::size_t threads, std::size_t most_waiting);
  /// Lets tasks under way end; drops those that wait.
  ~WorkerPool() { stop(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// False when too many tasks wait: then the task is dropped.
  [[nodiscard]] bool submit(std::function<void()> task);
  void stop();
  [[nodiscard]] std::size_t waiting() const;

 private:
  void work(const std::stop_token& stop);

  const std::size_t most_waiting_;
  mutable std::mutex mutex_;  // guards waiting_
  std::condition_variable_any changed_;
  std::deque<std::function<void()>> waiting_;
  std::vector<std::jthread> threads_;  // last: they use all above
};

}  // namespace product_sync::server
