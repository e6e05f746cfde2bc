#pragma once

#include "store/disk_floor.hpp"
#include "store/inbox.hpp"
#include "store/sqlite_database.hpp"
#include "store/store.hpp"

namespace product_sync::store {

/// Notifications in the inbox's own database. What sealed files consumed is committed with the file, in the ledger's
/// database; before the inbox tells what is pending, it carries that over.
class SqliteInbox final : public Inbox {
 public:
  SqliteInbox(SqliteDatabase& inbox, SqliteDatabase& ledger, const SqliteOptions& options, Clock& clock);

  using Inbox::put;
  using Inbox::quarantine;
  void put(NewNotification notification, Done<StoredNotification> done) override;
  void quarantine(QuarantinedBody body, Done<void> done) override;
  Result<std::vector<QuarantinedBody>> quarantined(std::string_view site, std::size_t limit) override;
  Result<std::vector<PendingNotification>> pending(std::string_view site, Sequence after, std::size_t limit) override;
  Result<void> complete(std::string_view site, std::string_view run_id, std::span<const Sequence> sequences) override;
  void burst_begins() override { inbox_.writer().hold(); }
  void burst_ends() override { inbox_.writer().release(); }
  Result<InboxStats> stats(std::string_view site) override;
  Result<std::uint64_t> pending_count(std::string_view site) override;
  Result<std::uint64_t> forget_completed(Instant before) override;

  /// Completes what sealed files consumed.
  Result<void> carry_over();

 private:
  Result<void> room_on_disk();
  Result<std::uint64_t> forget_completed(const std::string& site, Instant before);

  SqliteDatabase& inbox_;
  SqliteDatabase& ledger_;
  const SqliteOptions options_;
  DiskFloor disk_;
};

}  // namespace product_sync::store
