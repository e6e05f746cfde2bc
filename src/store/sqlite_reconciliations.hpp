#pragma once

#include "store/reconciliations.hpp"
#include "store/sqlite_database.hpp"

namespace product_sync::store {

class SqliteReconciliations final : public Reconciliations {
 public:
  explicit SqliteReconciliations(SqliteDatabase& database) : database_(database) {}

  Result<ReportId> begin(std::string_view site, std::string_view run_id, bool repair, std::uint64_t most) override;
  Result<void> add(ReportId report, std::span<const DriftRow> rows) override;
  Result<void> complete(ReportId report, const DriftCounts& counts, Instant now) override;
  Result<std::optional<DriftReport>> find(std::string_view site, std::string_view run_id) override;
  Result<std::vector<DriftReport>> list(std::string_view site, std::size_t limit) override;
  Result<std::vector<DriftRow>> rows(ReportId report, std::optional<DriftKind> kind, std::int64_t after,
                                     std::size_t limit) override;

 private:
  SqliteDatabase& database_;
};

}  // namespace product_sync::store
