#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "store/schema.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_writer.hpp"

namespace product_sync::store {

/// One database file: its writer, its pool of connections for reading, its checkpoints. Thread-safe.
class SqliteDatabase {
 public:
  /// Makes the file if it is missing (mode 0600) and brings its schema up to date. `limits` are those of the writer.
  [[nodiscard]] static Result<std::unique_ptr<SqliteDatabase>> open(const std::filesystem::path& file,
                                                                    std::span<const Migration> migrations,
                                                                    QueueLimits limits, Logger& log);

  /// Runs `work(connection)` in the writer's next transaction; see SqliteWriter::write.
  template <class Work>
  [[nodiscard]] auto write(Work work, Admission admission = Admission::always, std::uint64_t bytes = 0)
      -> std::invoke_result_t<Work, Connection&> {
    std::optional<std::invoke_result_t<Work, Connection&>> outcome;
    auto committed = writer_.write(
        [&](Connection& connection) -> Result<void> {
          outcome.emplace(work(connection));
          if (!*outcome) return tl::unexpected(outcome->error());
          return {};
        },
        admission, bytes);
    if (!committed) return tl::unexpected(committed.error());
    return std::move(*outcome);
  }

  /// See SqliteWriter::submit.
  [[nodiscard]] Result<void> submit(SqliteWriter::Job job, SqliteWriter::Done done, Admission admission,
                                    std::uint64_t bytes, Writes writes = Writes::anything) {
    return writer_.submit(std::move(job), std::move(done), admission, bytes, writes);
  }

  /// Runs `work(connection)` on one state of the database, beside the writer.
  template <class Work>
  [[nodiscard]] auto read(Work work) -> std::invoke_result_t<Work, Connection&> {
    auto connection = borrow();
    if (!connection) return tl::unexpected(connection.error());
    auto outcome = work(**connection);
    give_back(std::move(*connection));
    return outcome;
  }

  [[nodiscard]] const SqliteWriter& writer() const { return writer_; }
  [[nodiscard]] SqliteWriter& writer() { return writer_; }

 private:
  SqliteDatabase(std::filesystem::path file, std::unique_ptr<Connection> writer,
                 std::unique_ptr<Connection> checkpointer, QueueLimits limits, Logger& log);
  /// A connection within a read transaction.
  Result<std::unique_ptr<Connection>> borrow();
  void give_back(std::unique_ptr<Connection> connection);

  const std::filesystem::path file_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;  // guarded by mutex_
  Checkpointer checkpointer_;
  SqliteWriter writer_;
};

}  // namespace product_sync::store
