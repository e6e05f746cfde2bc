#pragma once

#include "base/clock.hpp"
#include "store/file_lease.hpp"
#include "store/runs.hpp"
#include "store/sqlite_database.hpp"

namespace product_sync::store {

/// Runs as rows, and the claim on (site, type) as the lease `<site>.<type>`; a dry run holds a lease of its own, so
/// that its death shows too. A row that says `running` while nobody has its lease belongs to a process that died.
class SqliteRuns final : public Runs {
 public:
  SqliteRuns(SqliteDatabase& database, const LockFolder& locks, Clock& clock)
      : database_(database), locks_(locks), clock_(clock) {}

  Result<std::unique_ptr<ActiveRun>> begin(NewRun what) override;
  Result<std::optional<Run>> running(std::string_view site, RunType type) override;
  Result<std::optional<Run>> find(std::string_view id) override;
  Result<std::vector<Run>> list(std::string_view site, std::size_t limit) override;
  Result<void> request_cancel(std::string_view id) override;

  /// Marks the runs of processes that died as interrupted and discards their unsealed files.
  Result<void> bury_dead();

 private:
  class Active;

  Result<std::vector<Run>> all_running();
  Result<void> interrupt(const Run& run);

  SqliteDatabase& database_;
  const LockFolder& locks_;
  Clock& clock_;
};

}  // namespace product_sync::store
