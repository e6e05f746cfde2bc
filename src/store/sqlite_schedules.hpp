#pragma once

#include "store/schedules.hpp"
#include "store/sqlite_database.hpp"

namespace product_sync::store {

class SqliteSchedules final : public Schedules {
 public:
  explicit SqliteSchedules(SqliteDatabase& database) : database_(database) {}

  Result<ScheduleState> get(std::string_view site, std::string_view name) override;
  Result<void> switch_to(std::string_view site, std::string_view name, std::optional<bool> active) override;
  Result<void> handled(std::string_view site, std::string_view name, std::string_view rule,
                       std::optional<Instant> until) override;
  Result<void> started(std::string_view site, std::string_view name, const ScheduleStart& start) override;
  Result<void> ended(std::string_view site, std::string_view name, Instant at, Instant ended,
                     std::string_view error) override;
  Result<void> skipped(std::string_view site, std::string_view name, const ScheduleSkip& skip) override;

 private:
  /// One statement about a schedule that is known from then on.
  template <class... Values>
  Result<void> change(const char* sql, std::string_view site, std::string_view name, const Values&... values);

  SqliteDatabase& database_;
};

}  // namespace product_sync::store
