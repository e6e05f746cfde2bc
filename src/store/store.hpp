#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/alerts.hpp"
#include "store/applied_mappings.hpp"
#include "store/history.hpp"
#include "store/inbox.hpp"
#include "store/kit_index.hpp"
#include "store/ledger.hpp"
#include "store/notification_archive.hpp"
#include "store/outbox.hpp"
#include "store/proofs.hpp"
#include "store/reconciliations.hpp"
#include "store/request_log.hpp"
#include "store/retries.hpp"
#include "store/runs.hpp"
#include "store/schedules.hpp"
#include "store/scratch.hpp"
#include "store/withdrawal_plans.hpp"

namespace product_sync::store {

/// A claim that ends with its holder, also when that is killed.
class Lease {
 public:
  virtual ~Lease() = default;
};

/// All state of a Product Sync installation. Several processes may have it open at once.
class Store {
 public:
  virtual ~Store() = default;
  [[nodiscard]] virtual Inbox& inbox() = 0;
  [[nodiscard]] virtual NotificationArchive& notification_archive() = 0;
  [[nodiscard]] virtual Ledger& ledger() = 0;
  [[nodiscard]] virtual Outbox& outbox() = 0;
  [[nodiscard]] virtual Proofs& proofs() = 0;
  [[nodiscard]] virtual Reconciliations& reconciliations() = 0;
  [[nodiscard]] virtual Runs& runs() = 0;
  [[nodiscard]] virtual RetryList& retries() = 0;
  [[nodiscard]] virtual Watermarks& watermarks() = 0;
  [[nodiscard]] virtual KitIndex& kit_index() = 0;
  [[nodiscard]] virtual WithdrawalPlans& withdrawal_plans() = 0;
  [[nodiscard]] virtual Schedules& schedules() = 0;
  [[nodiscard]] virtual History& history() = 0;
  [[nodiscard]] virtual RequestLog& request_log() = 0;
  [[nodiscard]] virtual Alerts& alerts() = 0;
  [[nodiscard]] virtual AppliedMappings& applied_mappings() = 0;

  /// An empty one, for one run.
  virtual Result<std::unique_ptr<Scratch>> scratch() = 0;

  /// The claim on `name`, or null when somebody else holds it.
  virtual Result<std::unique_ptr<Lease>> try_lease(std::string_view name) = 0;

  /// Whether the store takes writes: commits something and reads it back.
  virtual Result<void> check() = 0;
};

struct SqliteOptions {
  std::filesystem::path directory;                ///< made if missing, mode 0700; holds the database and the lock files
  std::size_t longest_queue = 10'000;             ///< posts waiting for a commit before `inbox.full`
  std::uint64_t queue_bytes = 256ULL << 20U;      ///< and their bytes
  std::uint64_t disk_floor = 256ULL << 20U;       ///< free bytes below which the inbox is closed
  std::size_t quarantine_count = 1'000;           ///< per site
  std::uint64_t quarantine_bytes = 64ULL << 20U;  ///< per site
  std::uint64_t quarantine_body_bytes = 1ULL << 20U;  ///< one body is cut to this
  std::uint64_t request_log_bytes = 1ULL << 30U;      ///< on the disk; the oldest exchanges make room
  std::chrono::hours remember_files{0};  ///< after their delivery, so that the history can name them; the newest longer
};

/// The embedded store: SQLite, WAL, `synchronous=FULL`, one writer thread that groups commits.
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options, Clock& clock, Logger& log);

}  // namespace product_sync::store
