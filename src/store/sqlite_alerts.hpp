#pragma once

#include "store/alerts.hpp"
#include "store/sqlite_database.hpp"

namespace product_sync::store {

class SqliteAlerts final : public Alerts {
 public:
  explicit SqliteAlerts(SqliteDatabase& database) : database_(database) {}

  Result<void> raise(std::string_view site, std::string_view rule, std::string_view message, std::string_view remedy,
                     Instant now) override;
  Result<void> recover(std::string_view site, std::string_view rule, Instant now) override;
  Result<void> told(std::int64_t number, Instant now) override;
  Result<std::vector<Alert>> list(bool open_only, std::size_t limit) override;
  Result<void> forget(Instant before) override;

 private:
  template <class... Values>
  Result<void> change(const char* sql, const Values&... values);

  SqliteDatabase& database_;
};

}  // namespace product_sync::store
