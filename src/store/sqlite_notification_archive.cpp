#include "store/sqlite_notification_archive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "store/json_columns.hpp"
#include "store/statements.hpp"

namespace product_sync::store {
namespace {

/// Appends the notifications of one statement, which takes site, place and limit.
Result<void> append_received(Connection& connection, const char* statement, std::string_view site, const ArchiveFilter& filter,
                             std::vector<ReceivedNotification>& to) {
  auto query = connection.query(statement, site, filter.behind.received, filter.behind.sequence, filter.limit);
  while (query.next()) {
    auto keys = keys_from_json(query.view(4));
    if (!keys) return tl::unexpected(keys.error());
    to.push_back({query.integer(0), query.instant(1), query.text(2), query.text(3), std::move(*keys), query.flag(5),
                  query.flag(6), query.text(7)});
  }
  return query.end();
}

}  // namespace

Result<std::vector<ReceivedNotification>> SqliteNotificationArchive::list(std::string_view site,
                                                                          const ArchiveFilter& filter) {
  if (auto carried = inbox_.carry_over(); !carried) return tl::unexpected(carried.error());
  return database_.read([&](Connection& connection) -> Result<std::vector<ReceivedNotification>> {
    // Two indexes, one for each kind: their newest, and the newest of those.
    std::vector<ReceivedNotification> found;
    if (filter.pending.value_or(true)) {
      if (auto done = append_received(connection, sql::inbox::kReceivedPending, site, filter, found); !done) return tl::unexpected(done.error());
    }
    if (!filter.pending.value_or(false)) {
      if (auto done = append_received(connection, sql::inbox::kReceivedCompleted, site, filter, found); !done) return tl::unexpected(done.error());
    }
    const auto place = [](const ReceivedNotification& one) { return std::pair(one.received, one.sequence); };
    std::ranges::sort(found, std::ranges::greater{}, place);
    if (found.size() > filter.limit) found.resize(filter.limit);
    return found;
  });
}

Result<std::uint64_t> SqliteNotificationArchive::replay(std::string_view site, Instant from, Instant to, std::uint64_t most) {
  if (auto carried = inbox_.carry_over(); !carried) return tl::unexpected(carried.error());
  return database_.write([&](Connection& connection) -> Result<std::uint64_t> {
    auto query = connection.query(sql::inbox::kCountCompletedWithin, site, from, to, most + 1);
    const auto count = query.next() ? query.count(0) : 0;
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    if (count > most) {
      return fail("replay.too_many", fmt::format("In that time site {} received more than {} notifications.", site, most),
                  "Replay less at once, or start a custom sync of that time.");
    }
    if (auto done = connection.run(sql::inbox::kReplay, site, from, to); !done) return tl::unexpected(done.error());
    return connection.changes();
  });
}

}  // namespace product_sync::store
