#pragma once

#include "store/notification_archive.hpp"
#include "store/sqlite_database.hpp"
#include "store/sqlite_inbox.hpp"

namespace product_sync::store {

class SqliteNotificationArchive final : public NotificationArchive {
 public:
  SqliteNotificationArchive(SqliteInbox& inbox, SqliteDatabase& database) : inbox_(inbox), database_(database) {}

  Result<std::vector<ReceivedNotification>> list(std::string_view site, const ArchiveFilter& filter) override;
  Result<std::uint64_t> replay(std::string_view site, Instant from, Instant to, std::uint64_t most) override;

 private:
  SqliteInbox& inbox_;  // knows what was carried on and is not noted in the database yet
  SqliteDatabase& database_;
};

}  // namespace product_sync::store
