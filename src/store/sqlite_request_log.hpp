#pragma once

#include "store/request_log.hpp"
#include "store/sqlite_database.hpp"

namespace product_sync::store {

/// Has a database file of its own, so that writing it holds up nothing else.
class SqliteRequestLog final : public RequestLog {
 public:
  /// `most_bytes` is what the entries may take on the disk.
  SqliteRequestLog(SqliteDatabase& database, std::uint64_t most_bytes) : database_(database), most_bytes_(most_bytes) {}

  Result<void> add(std::span<const LoggedExchange> entries) override;
  Result<std::vector<LoggedExchange>> list(const ExchangeFilter& filter, std::int64_t before, std::size_t limit) override;
  Result<std::optional<LoggedExchange>> find(std::int64_t number) override;
  Result<std::uint64_t> forget(Instant before) override;

 private:
  Result<void> make_room(Connection& connection) const;

  SqliteDatabase& database_;
  const std::uint64_t most_bytes_;
};

}  // namespace product_sync::store
