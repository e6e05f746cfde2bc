#pragma once

#include "store/history.hpp"
#include "store/sqlite_database.hpp"

namespace product_sync::store {

/// Reads what triggers (schema.cpp) and the other parts of the store write down.
class SqliteHistory final : public History {
 public:
  SqliteHistory(SqliteDatabase& ledger, SqliteDatabase& inbox) : ledger_(ledger), inbox_(inbox) {}

  Result<ProductHistory> of(std::string_view site, std::string_view sku_key) override;
  Result<std::uint64_t> forget(Instant before, std::uint64_t per_product) override;

 private:
  Result<std::uint64_t> forget_old(Instant before);
  Result<std::uint64_t> forget_surplus(std::uint64_t per_product);

  SqliteDatabase& ledger_;
  SqliteDatabase& inbox_;
};

}  // namespace product_sync::store
