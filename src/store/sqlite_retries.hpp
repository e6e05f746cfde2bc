#pragma once

#include "store/retries.hpp"
#include "store/sqlite_database.hpp"

namespace product_sync::store {

class SqliteRetryList final : public RetryList {
 public:
  explicit SqliteRetryList(SqliteDatabase& database) : database_(database) {}

  Result<void> put(std::string_view site, std::string_view run_id, std::span<const RetryEntry> entries,
                   Instant now) override;
  Result<std::vector<RetryEntry>> due(std::string_view site, Instant now, std::size_t limit) override;
  Result<std::vector<RetryEntry>> list(std::string_view site, std::size_t limit) override;
  Result<void> remove(std::string_view site, std::span<const std::string> inventory_ids) override;

 private:
  SqliteDatabase& database_;
};

class SqliteWatermarks final : public Watermarks {
 public:
  explicit SqliteWatermarks(SqliteDatabase& database) : database_(database) {}

  Result<std::optional<Instant>> get(std::string_view site) override;
  Result<void> advance(std::string_view site, Instant to) override;

 private:
  SqliteDatabase& database_;
};

}  // namespace product_sync::store
