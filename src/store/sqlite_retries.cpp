#include "store/sqlite_retries.hpp"

#include "store/statements.hpp"

namespace product_sync::store {
namespace {

Result<std::vector<RetryEntry>> read_entries(Query query) {
  std::vector<RetryEntry> entries;
  while (query.next()) {
    entries.push_back(
        {query.text(0), query.text(1), query.text(2), static_cast<int>(query.integer(3)), query.instant(4)});
  }
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return entries;
}

}  // namespace

Result<void> SqliteRetryList::put(std::string_view site, std::string_view run_id, std::span<const RetryEntry> entries,
                                  Instant now) {
  if (entries.empty()) return {};
  return database_.write([&](Connection& connection) -> Result<void> {
    for (const auto& entry : entries) {
      if (auto done = connection.run(sql::retries::kPut, site, entry.inventory_id, entry.code, entry.message,
                                     entry.attempts, entry.next_attempt, now, run_id);
          !done) {
        return done;
      }
    }
    return {};
  });
}

Result<std::vector<RetryEntry>> SqliteRetryList::due(std::string_view site, Instant now, std::size_t limit) {
  return database_.read(
      [&](Connection& connection) { return read_entries(connection.query(sql::retries::kDue, site, now, limit)); });
}

Result<std::vector<RetryEntry>> SqliteRetryList::list(std::string_view site, std::size_t limit) {
  return database_.read(
      [&](Connection& connection) { return read_entries(connection.query(sql::retries::kList, site, limit)); });
}

Result<void> SqliteRetryList::remove(std::string_view site, std::span<const std::string> inventory_ids) {
  if (inventory_ids.empty()) return {};
  return database_.write([&](Connection& connection) -> Result<void> {
    for (const auto& id : inventory_ids) {
      if (auto done = connection.run(sql::retries::kRemove, site, id); !done) return done;
    }
    return {};
  });
}

Result<std::optional<Instant>> SqliteWatermarks::get(std::string_view site) {
  return database_.read([&](Connection& connection) -> Result<std::optional<Instant>> {
    std::optional<Instant> at;
    auto query = connection.query(sql::retries::kWatermark, site);
    while (query.next()) at = query.instant(0);
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return at;
  });
}

Result<void> SqliteWatermarks::advance(std::string_view site, Instant to) {
  return database_.write([&](Connection& connection) { return connection.run(sql::retries::kAdvance, site, to); });
}

}  // namespace product_sync::store
