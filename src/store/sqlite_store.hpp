#pragma once

#include <memory>

#include "store/file_lease.hpp"
#include "store/sqlite_alerts.hpp"
#include "store/sqlite_applied_mappings.hpp"
#include "store/sqlite_database.hpp"
#include "store/sqlite_history.hpp"
#include "store/sqlite_inbox.hpp"
#include "store/sqlite_kit_index.hpp"
#include "store/sqlite_ledger.hpp"
#include "store/sqlite_notification_archive.hpp"
#include "store/sqlite_outbox.hpp"
#include "store/sqlite_proofs.hpp"
#include "store/sqlite_reconciliations.hpp"
#include "store/sqlite_request_log.hpp"
#include "store/sqlite_retries.hpp"
#include "store/sqlite_runs.hpp"
#include "store/sqlite_schedules.hpp"
#include "store/sqlite_scratch.hpp"
#include "store/sqlite_withdrawal_plans.hpp"
#include "store/store.hpp"

namespace product_sync::store {

/// What open_sqlite() returns; the type itself is for tests and benchmarks.
class SqliteStore final : public Store {
 public:
  [[nodiscard]] static Result<std::unique_ptr<SqliteStore>> open(const SqliteOptions& options, Clock& clock,
                                                                 Logger& log);

  [[nodiscard]] Inbox& inbox() override { return inbox_; }
  [[nodiscard]] NotificationArchive& notification_archive() override { return notification_archive_; }
  [[nodiscard]] Ledger& ledger() override { return ledger_; }
  [[nodiscard]] Outbox& outbox() override { return outbox_; }
  [[nodiscard]] Proofs& proofs() override { return proofs_; }
  [[nodiscard]] Reconciliations& reconciliations() override { return reconciliations_; }
  [[nodiscard]] Runs& runs() override { return runs_; }
  [[nodiscard]] RetryList& retries() override { return retries_; }
  [[nodiscard]] Watermarks& watermarks() override { return watermarks_; }
  [[nodiscard]] KitIndex& kit_index() override { return kit_index_; }
  [[nodiscard]] WithdrawalPlans& withdrawal_plans() override { return withdrawal_plans_; }
  [[nodiscard]] Schedules& schedules() override { return schedules_; }
  [[nodiscard]] History& history() override { return history_; }
  [[nodiscard]] RequestLog& request_log() override { return request_log_; }
  [[nodiscard]] Alerts& alerts() override { return alerts_; }
  [[nodiscard]] AppliedMappings& applied_mappings() override { return applied_mappings_; }
  Result<std::unique_ptr<Scratch>> scratch() override { return SqliteScratch::open(directory_); }
  Result<std::unique_ptr<Lease>> try_lease(std::string_view name) override { return locks_.try_take(name); }
  Result<void> check() override;

  /// Used by tests.
  [[nodiscard]] const SqliteWriter& inbox_writer() const { return inbox_database_->writer(); }
  [[nodiscard]] const SqliteWriter& ledger_writer() const { return ledger_database_->writer(); }

 private:
  struct Parts {
    LockFolder locks;
    std::unique_ptr<SqliteDatabase> inbox;
    std::unique_ptr<SqliteDatabase> ledger;
    std::unique_ptr<SqliteDatabase> requests;
  };
  SqliteStore(Parts parts, const SqliteOptions& options, Clock& clock, Logger& log);

  const std::filesystem::path directory_;
  const LockFolder locks_;
  const std::unique_ptr<SqliteDatabase> inbox_database_;
  const std::unique_ptr<SqliteDatabase> ledger_database_;
  const std::unique_ptr<SqliteDatabase> request_database_;
  SqliteInbox inbox_;
  SqliteNotificationArchive notification_archive_;
  SqliteLedger ledger_;
  SqliteOutbox outbox_;
  SqliteProofs proofs_;
  SqliteReconciliations reconciliations_;
  SqliteRuns runs_;
  SqliteRetryList retries_;
  SqliteWatermarks watermarks_;
  SqliteKitIndex kit_index_;
  SqliteWithdrawalPlans withdrawal_plans_;
  SqliteSchedules schedules_;
  SqliteHistory history_;
  SqliteRequestLog request_log_;
  SqliteAlerts alerts_;
  SqliteAppliedMappings applied_mappings_;
};

}  // namespace product_sync::store
