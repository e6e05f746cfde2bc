#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "store/checkpointer.hpp"
#include "store/sqlite_connection.hpp"

namespace product_sync::store {

/// Whether a write may be refused because too many wait.
enum class Admission { always, bounded };

/// What a job may write.
enum class Writes {
  anything,
  one_statement,  ///< with at most one statement that writes: it undoes itself when it fails, and needs no savepoint
};

struct QueueLimits {
  std::size_t jobs = SIZE_MAX;
  std::uint64_t bytes = UINT64_MAX;
};

/// The one thread that writes to a database. All jobs that wait when it becomes free share one transaction; one that
/// fails leaves no trace and spoils no other. Thread-safe.
class SqliteWriter {
 public:
  using Job = std::function<Result<void>(Connection&)>;

  SqliteWriter(std::unique_ptr<Connection> connection, Checkpointer& checkpointer, QueueLimits limits);
  /// Finishes what was accepted.
  ~SqliteWriter();
  SqliteWriter(const SqliteWriter&) = delete;
  SqliteWriter& operator=(const SqliteWriter&) = delete;

  /// Called once on the writer's thread when the outcome is known; must be quick. Thanks to it a caller needs no thread
  /// that waits.
  using Done = std::function<void(Result<void>)>;

  /// Takes a job on, or says why not: `store.queue_full` when `admission` is bounded and the limits are reached
  /// (`bytes` is what the job holds). `done` is called only for a job that was taken on: with its fault, or when its
  /// transaction is on the disk. A failed commit fails all jobs of the group.
  [[nodiscard]] Result<void> submit(Job job, Done done, Admission admission = Admission::always,
                                    std::uint64_t bytes = 0, Writes writes = Writes::anything);

  /// submit() that returns the outcome.
  [[nodiscard]] Result<void> write(Job job, Admission admission = Admission::always, std::uint64_t bytes = 0);

  /// Until release() no transaction is begun, so that the jobs which come now share one. For a moment only.
  void hold();
  void release();

  [[nodiscard]] std::uint64_t commits() const { return commits_; }
  /// Jobs accepted and not committed yet.
  [[nodiscard]] std::size_t waiting() const;

 private:
  struct Waiting {
    Job job;
    std::uint64_t bytes = 0;
    Writes writes = Writes::anything;
    Result<void> outcome;
    Done done;
  };
  using Group = std::vector<Waiting>;

  void run(const std::stop_token& stop);
  Group take(const std::stop_token& stop);
  Result<void> commit(Group& group);
  Result<void> run_job(const Waiting& waiting);
  Result<void> run_in_savepoint(const Job& job);

  const std::unique_ptr<Connection> connection_;
  Checkpointer& checkpointer_;
  const QueueLimits limits_;
  std::atomic<std::uint64_t> commits_ = 0;

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable_any changed_;
  Group queue_;
  std::size_t waiting_ = 0;
  std::uint64_t waiting_bytes_ = 0;
  bool held_ = false;
  bool closed_ = false;

  std::jthread thread_;  // last: it uses all above
};

}  // namespace product_sync::store
