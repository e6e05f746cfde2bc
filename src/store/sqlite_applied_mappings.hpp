#pragma once

#include "store/applied_mappings.hpp"
#include "store/sqlite_database.hpp"

namespace product_sync::store {

class SqliteAppliedMappings final : public AppliedMappings {
 public:
  explicit SqliteAppliedMappings(SqliteDatabase& database) : database_(database) {}

  Result<std::optional<AppliedMapping>> get(std::string_view site) override;
  Result<void> put(std::string_view site, const AppliedMapping& mapping) override;

 private:
  SqliteDatabase& database_;
};

}  // namespace product_sync::store
