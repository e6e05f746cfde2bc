#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

#include "base/log.hpp"
#include "store/sqlite_connection.hpp"

namespace product_sync::store {

/// Keeps the write-ahead log of one database short without making commits wait.
///
/// SQLite's automatic checkpoint runs inside a COMMIT, which then takes as long as the copying. Here a thread of its
/// own copies the log into the database while commits go on. But the log starts over only at a moment when all of it
/// has been copied, which a busy writer never leaves; so once the log is long and little of it is left to copy, the
/// writer copies that rest itself, between two transactions.
class Checkpointer {
 public:
  Checkpointer(std::unique_ptr<Connection> connection, Logger& log);
  ~Checkpointer() = default;
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  /// Called by the writer between transactions, with its connection.
  void after_commit(Connection& writer);

 private:
  void run(const std::stop_token& stop);

  const std::unique_ptr<Connection> connection_;
  Logger& log_;

  std::mutex mutex_;  // guards all below
  std::condition_variable_any changed_;
  std::uint64_t in_log_ = 0;
  std::uint64_t copied_ = 0;  ///< of these, in the database, as far as nobody was reading the old state

  std::jthread thread_;  // last: it uses all above
};

}  // namespace product_sync::store
