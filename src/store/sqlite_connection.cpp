#include "store/sqlite_connection.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <array>

namespace product_sync::store {
namespace {

// How long a statement waits for the write lock of another process before `store.busy`.
constexpr int kBusyMilliseconds = 10'000;

struct Fault {
  int code;
  const char* name;
  Retry retry;
  const char* remedy;
};

constexpr std::array kFaults{
    Fault{SQLITE_BUSY, "store.busy", Retry::later, "another process holds the database for long; see what it does"},
    Fault{SQLITE_LOCKED, "store.busy", Retry::later, "another process holds the database for long; see what it does"},
    Fault{SQLITE_FULL, "store.disk_full", Retry::later, "free space on the disk of the data directory"},
    Fault{SQLITE_IOERR, "store.io", Retry::later, "look for disk errors in the system's log"},
    Fault{SQLITE_CORRUPT, "store.corrupt", Retry::never, "restore the data directory from a backup"},
    Fault{SQLITE_NOTADB, "store.corrupt", Retry::never, "restore the data directory from a backup"},
    Fault{SQLITE_READONLY, "store.unwritable", Retry::never, "make the data directory writable for this user"},
    Fault{SQLITE_CANTOPEN, "store.unwritable", Retry::never, "make the data directory writable for this user"},
    Fault{SQLITE_PERM, "store.unwritable", Retry::never, "make the data directory writable for this user"},
};

Error make_error(sqlite3* database, int code) {
  const char* file = database == nullptr ? nullptr : sqlite3_db_filename(database, "main");
  const char* what = database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
  const auto message = fmt::format("database {}: {} (SQLite {})", file == nullptr ? "?" : file, what, code);
  for (const auto& fault : kFaults) {
    if (fault.code == (code & 0xFF)) return Error{fault.name, message, fault.remedy, fault.retry, {}};
  }
  return Error{"store.sql", message, "", Retry::never, {}};
}

/// Whether SQLite has to copy them.
sqlite3_destructor_type lifetime_of(Texts texts) {
  return texts == Texts::for_now ? SQLITE_TRANSIENT : SQLITE_STATIC;
}

}  // namespace

Query::~Query() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Query::check(int code) {
  if (code != SQLITE_OK && !error_) error_ = make_error(database_, code);
}

void Query::bind_integer(int index, std::int64_t value) {
  if (!error_) check(sqlite3_bind_int64(statement_, index, value));
}

void Query::bind_text(int index, std::string_view text) {
  if (error_) return;
  const char* bytes = text.data() == nullptr ? "" : text.data();  // a null pointer would bind NULL
  check(sqlite3_bind_text64(statement_, index, bytes, text.size(), lifetime_of(texts_), SQLITE_UTF8));
}

void Query::bind_blob(int index, std::string_view bytes) {
  if (error_) return;
  if (bytes.empty()) {
    check(sqlite3_bind_zeroblob(statement_, index, 0));
  } else {
    check(sqlite3_bind_blob64(statement_, index, bytes.data(), bytes.size(), lifetime_of(texts_)));
  }
}

void Query::bind_null(int index) {
  if (!error_) check(sqlite3_bind_null(statement_, index));
}

bool Query::next() {
  if (error_ || done_) return false;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  done_ = true;
  if (code != SQLITE_DONE) check(code);
  return false;
}

Result<void> Query::end() {
  while (next()) {
  }
  if (error_) return tl::unexpected(*error_);
  return {};
}

bool Query::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view Query::view(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);  // of a text: its UTF-8
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::optional<Instant> Query::optional_instant(int column) const {
  if (is_null(column)) return std::nullopt;
  return instant(column);
}

Result<std::unique_ptr<Connection>> Connection::open_file(const std::filesystem::path& file) {
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &database,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  std::unique_ptr<Connection> connection(new Connection(database));
  if (code != SQLITE_OK) return tl::unexpected(make_error(database, code));
  return connection;
}

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& file) {
  auto connection = open_file(file);
  if (!connection) return connection;
  if (auto configured = (*connection)->configure(); !configured) return tl::unexpected(configured.error());
  return connection;
}

Result<std::unique_ptr<Connection>> Connection::open_scratch(const std::filesystem::path& file,
                                                             const std::string& set_up) {
  auto connection = open_file(file);
  if (!connection) return connection;
  if (auto done = (*connection)->script(set_up); !done) return tl::unexpected(done.error());
  return connection;
}

Result<void> Connection::configure() {
  sqlite3_busy_timeout(database_, kBusyMilliseconds);
  // Called after each commit instead of the automatic checkpoint, which would run inside COMMIT (see Checkpointer).
  sqlite3_wal_hook(
      database_,
      [](void* self, sqlite3*, const char*, int frames) {
        static_cast<Connection*>(self)->log_frames_ = static_cast<std::uint64_t>(frames);
        return SQLITE_OK;
      },
      this);
  // synchronous=FULL: in WAL mode NORMAL does not fsync at each commit. The log file is kept up to its size limit: to
  // overwrite is cheaper than to append.
  return script(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
      "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-4000;");
}

Connection::~Connection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(database_);
}

sqlite3_stmt* Connection::prepared(const char* sql, std::optional<Error>& error) {
  if (const auto found = statements_.find(sql); found != statements_.end()) return found->second;
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) {
    error = make_error(database_, code);
    return nullptr;
  }
  statements_.emplace(sql, statement);
  return statement;
}

Result<void> Connection::script(const std::string& sql) {
  const int code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(make_error(database_, code));
  return {};
}

std::int64_t Connection::last_id() const { return sqlite3_last_insert_rowid(database_); }

std::uint64_t Connection::changes() const { return static_cast<std::uint64_t>(sqlite3_changes64(database_)); }

bool Connection::in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }

Result<void> Connection::checkpoint() {
  const int code = sqlite3_wal_checkpoint_v2(database_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(make_error(database_, code));
  return {};
}

}  // namespace product_sync::store
