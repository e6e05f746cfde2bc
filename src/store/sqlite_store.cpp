#include "store/sqlite_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/digest.hpp"
#include "store/statements.hpp"

namespace product_sync::store {
namespace {

tl::unexpected<Error> unwritable(const std::filesystem::path& path, std::string_view what, std::string_view why) {
  return fail("store.unwritable", fmt::format("cannot {} {}: {}", what, path.string(), why),
              "make the data directory writable for this user, or name another one");
}

/// New files survive a power failure only when their directory is on the disk too.
Result<void> sync_directory(const std::filesystem::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return unwritable(directory, "open the directory", std::strerror(errno));
  const int outcome = ::fsync(descriptor);
  const int fault = errno;
  ::close(descriptor);
  if (outcome != 0) return unwritable(directory, "sync the directory", std::strerror(fault));
  return {};
}

/// Makes it and its missing parents, this user's alone.
Result<void> make_directory(const std::filesystem::path& directory) {
  std::error_code unknown;
  if (std::filesystem::is_directory(directory, unknown)) return {};
  const auto parent = directory.parent_path();
  if (auto made = make_directory(parent); !made) return made;
  if (::mkdir(directory.c_str(), 0700) == 0) return sync_directory(parent);
  if (errno == EEXIST && std::filesystem::is_directory(directory, unknown)) return {};
  return unwritable(directory, "make the directory", std::strerror(errno));
}

Result<void> check_database(SqliteDatabase& database) {
  const auto token = random_hex(8);
  auto written = database.write([&](Connection& connection) { return connection.run(sql::probe::kWrite, token); });
  if (!written) return written;
  return database.read([](Connection& connection) -> Result<void> {
    auto query = connection.query(sql::probe::kRead);
    const bool found = query.next();
    if (auto end = query.end(); !end) return end;
    if (!found) return fail("store.corrupt", "a row that was committed cannot be read back");
    return {};
  });
}

}  // namespace

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const SqliteOptions& options, Clock& clock, Logger& log) {
  const auto directory = std::filesystem::absolute(options.directory);
  if (auto made = make_directory(directory / "locks"); !made) return tl::unexpected(made.error());
  Parts parts{LockFolder(directory / "locks"), nullptr, nullptr, nullptr};
  // Processes that start together make the files and their schema one after the other.
  auto opening = parts.locks.take("opening");
  if (!opening) return tl::unexpected(opening.error());

  const QueueLimits limits{options.longest_queue, options.queue_bytes};
  auto inbox = SqliteDatabase::open(directory / "inbox.db", inbox_migrations(), limits, log);
  if (!inbox) return tl::unexpected(inbox.error());
  auto ledger = SqliteDatabase::open(directory / "ledger.db", ledger_migrations(), QueueLimits{}, log);
  if (!ledger) return tl::unexpected(ledger.error());
  auto requests = SqliteDatabase::open(directory / "requests.db", request_migrations(), QueueLimits{}, log);
  if (!requests) return tl::unexpected(requests.error());
  if (auto synced = sync_directory(directory); !synced) return tl::unexpected(synced.error());
  parts.inbox = std::move(*inbox);
  parts.ledger = std::move(*ledger);
  parts.requests = std::move(*requests);

  std::unique_ptr<SqliteStore> store(new SqliteStore(std::move(parts), options, clock, log));
  if (auto done = store->runs_.bury_dead(); !done) return tl::unexpected(done.error());
  if (auto done = store->inbox_.carry_over(); !done) return tl::unexpected(done.error());
  return store;
}

SqliteStore::SqliteStore(Parts parts, const SqliteOptions& options, Clock& clock, Logger& log)
    : directory_(std::filesystem::absolute(options.directory)),
      locks_(std::move(parts.locks)),
      inbox_database_(std::move(parts.inbox)),
      ledger_database_(std::move(parts.ledger)),
      request_database_(std::move(parts.requests)),
      inbox_(*inbox_database_, *ledger_database_, options, clock),
      notification_archive_(inbox_, *inbox_database_),
      ledger_(*ledger_database_),
      outbox_(*ledger_database_, inbox_, options.remember_files, log),
      proofs_(*ledger_database_),
      reconciliations_(*ledger_database_),
      runs_(*ledger_database_, locks_, clock),
      retries_(*ledger_database_),
      watermarks_(*ledger_database_),
      kit_index_(*ledger_database_),
      withdrawal_plans_(*ledger_database_),
      schedules_(*ledger_database_),
      history_(*ledger_database_, *inbox_database_),
      request_log_(*request_database_, options.request_log_bytes),
      alerts_(*ledger_database_),
      applied_mappings_(*ledger_database_) {}

Result<void> SqliteStore::check() {
  for (SqliteDatabase* database : {inbox_database_.get(), ledger_database_.get()}) {
    if (auto checked = check_database(*database); !checked) return checked;
  }
  return {};
}

Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options, Clock& clock, Logger& log) {
  auto store = SqliteStore::open(options, clock, log);
  if (!store) return tl::unexpected(store.error());
  return std::unique_ptr<Store>(std::move(*store));
}

}  // namespace product_sync::store
