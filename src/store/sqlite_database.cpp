#include "store/sqlite_database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace product_sync::store {
namespace {

// Connections for reading that are kept while nobody reads.
constexpr std::size_t kIdleReaders = 8;

constexpr const char* kBeginRead = "BEGIN";
constexpr const char* kEndRead = "ROLLBACK";

Result<void> make_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return fail("store.unwritable", fmt::format("cannot open {}: {}", file.string(), std::strerror(errno)),
                "make the data directory writable for this user");
  }
  ::close(descriptor);
  return {};
}

}  // namespace

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::filesystem::path& file,
                                                             std::span<const Migration> migrations, QueueLimits limits,
                                                             Logger& log) {
  if (auto made = make_file(file); !made) return tl::unexpected(made.error());
  auto writer = Connection::open(file);
  if (!writer) return tl::unexpected(writer.error());
  if (auto migrated = migrate(**writer, file, migrations); !migrated) return tl::unexpected(migrated.error());
  auto checkpointer = Connection::open(file);
  if (!checkpointer) return tl::unexpected(checkpointer.error());
  return std::unique_ptr<SqliteDatabase>(
      new SqliteDatabase(file, std::move(*writer), std::move(*checkpointer), limits, log));
}

SqliteDatabase::SqliteDatabase(std::filesystem::path file, std::unique_ptr<Connection> writer,
                               std::unique_ptr<Connection> checkpointer, QueueLimits limits, Logger& log)
    : file_(std::move(file)),
      checkpointer_(std::move(checkpointer), log),
      writer_(std::move(writer), checkpointer_, limits) {}

Result<std::unique_ptr<Connection>> SqliteDatabase::borrow() {
  std::unique_ptr<Connection> connection;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!connection) {
    auto opened = Connection::open(file_);
    if (!opened) return tl::unexpected(opened.error());
    connection = std::move(*opened);
  }
  if (auto begun = connection->run(kBeginRead); !begun) return tl::unexpected(begun.error());
  return connection;
}

void SqliteDatabase::give_back(std::unique_ptr<Connection> connection) {
  if (!connection->run(kEndRead)) return;  // not to be trusted any more
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kIdleReaders) idle_.push_back(std::move(connection));
}

}  // namespace product_sync::store
