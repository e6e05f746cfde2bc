#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "base/error.hpp"
#include "base/time.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace product_sync::store {

/// Bytes that are bound as they are, not as text.
struct Blob {
  std::string_view bytes;
};

/// How long the texts of a query last.
enum class Texts { for_now, until_it_ended };

/// One execution of a statement. Its first error sticks: next() is false from then on, and end() returns it, so a
/// reading loop checks once, behind the loop. The statement is reset when the query ends.
class Query {
 public:
  template <class... Values>
  Query(sqlite3* database, sqlite3_stmt* statement, std::optional<Error> error, Texts texts, const Values&... values)
      : database_(database), statement_(statement), texts_(texts), error_(std::move(error)) {
    int index = 0;
    (bind_one(++index, values), ...);
  }
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  /// Moves to the next row; false behind the last one and after an error.
  [[nodiscard]] bool next();
  /// Runs what is left to run.
  [[nodiscard]] Result<void> end();

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::uint64_t count(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  [[nodiscard]] bool flag(int column) const { return integer(column) != 0; }
  [[nodiscard]] std::string_view view(int column) const;  ///< until the next call of next()
  [[nodiscard]] std::string text(int column) const { return std::string(view(column)); }
  [[nodiscard]] Instant instant(int column) const { return Instant{std::chrono::microseconds(integer(column))}; }
  [[nodiscard]] std::optional<Instant> optional_instant(int column) const;

 private:
  template <class Value>
  void bind_one(int index, const Value& value) {
    if constexpr (std::is_same_v<Value, Blob>) {
      bind_blob(index, value.bytes);
    } else if constexpr (std::is_same_v<Value, Instant>) {
      bind_integer(index, value.time_since_epoch().count());
    } else if constexpr (std::is_same_v<Value, std::optional<Instant>>) {
      value ? bind_integer(index, value->time_since_epoch().count()) : bind_null(index);
    } else if constexpr (std::is_integral_v<Value>) {
      bind_integer(index, static_cast<std::int64_t>(value));
    } else {
      bind_text(index, std::string_view(value));
    }
  }
  void bind_integer(int index, std::int64_t value);
  void bind_text(int index, std::string_view text);
  void bind_blob(int index, std::string_view bytes);
  void bind_null(int index);
  void check(int code);

  sqlite3* database_;
  sqlite3_stmt* statement_;
  Texts texts_;
  std::optional<Error> error_;
  bool done_ = false;
};

/// A connection with its prepared statements; used by one thread at a time.
class Connection {
 public:
  /// Opens an existing database file for durable work: WAL, synchronous=FULL, foreign keys.
  [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& file);
  /// Opens an existing, empty file for work that need not last, and runs `set_up`.
  [[nodiscard]] static Result<std::unique_ptr<Connection>> open_scratch(const std::filesystem::path& file,
                                                                        const std::string& set_up);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// `sql` is a constant: it is prepared once and found again by its address. Text is copied.
  template <class... Values>
  [[nodiscard]] Query query(const char* sql, const Values&... values) {
    std::optional<Error> error;
    sqlite3_stmt* statement = prepared(sql, error);
    return Query(database_, statement, std::move(error), Texts::for_now, values...);
  }
  template <class... Values>
  [[nodiscard]] Result<void> run(const char* sql, const Values&... values) {
    std::optional<Error> error;
    sqlite3_stmt* statement = prepared(sql, error);
    return Query(database_, statement, std::move(error), Texts::until_it_ended, values...).end();
  }
  /// Several statements in one text, unprepared.
  [[nodiscard]] Result<void> script(const std::string& sql);

  [[nodiscard]] std::int64_t last_id() const;
  [[nodiscard]] std::uint64_t changes() const;  ///< rows that the last statement changed
  [[nodiscard]] bool in_transaction() const;

  /// Frames in the write-ahead log after this connection's last commit.
  [[nodiscard]] std::uint64_t log_frames() const { return log_frames_; }
  /// Copies as much of the log into the database as is possible without waiting for anybody.
  [[nodiscard]] Result<void> checkpoint();

 private:
  explicit Connection(sqlite3* database) : database_(database) {}
  [[nodiscard]] static Result<std::unique_ptr<Connection>> open_file(const std::filesystem::path& file);
  [[nodiscard]] Result<void> configure();
  sqlite3_stmt* prepared(const char* sql, std::optional<Error>& error);

  sqlite3* database_;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;
  std::uint64_t log_frames_ = 0;
};

}  // namespace product_sync::store
