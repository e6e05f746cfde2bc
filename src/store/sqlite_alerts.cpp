#include "store/sqlite_alerts.hpp"

#include "store/statements.hpp"

namespace product_sync::store {

template <class... Values>
Result<void> SqliteAlerts::change(const char* sql, const Values&... values) {
  return database_.write([&](Connection& connection) { return connection.run(sql, values...); });
}

Result<void> SqliteAlerts::raise(std::string_view site, std::string_view rule, std::string_view message,
                                 std::string_view remedy, Instant now) {
  return change(sql::alerts::kRaise, site, rule, message, remedy, now);
}

Result<void> SqliteAlerts::recover(std::string_view site, std::string_view rule, Instant now) {
  return change(sql::alerts::kRecover, site, rule, now);
}

Result<void> SqliteAlerts::told(std::int64_t number, Instant now) { return change(sql::alerts::kTold, number, now); }

Result<void> SqliteAlerts::forget(Instant before) { return change(sql::alerts::kForget, before); }

Result<std::vector<Alert>> SqliteAlerts::list(bool open_only, std::size_t limit) {
  return database_.read([&](Connection& connection) -> Result<std::vector<Alert>> {
    std::vector<Alert> alerts;
    auto query = connection.query(sql::alerts::kList, open_only, limit);
    while (query.next()) {
      alerts.push_back({query.integer(0), query.text(1), query.text(2), query.text(3), query.text(4), query.instant(5),
                        query.optional_instant(6), query.optional_instant(7), query.optional_instant(8)});
    }
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return alerts;
  });
}

}  // namespace product_sync::store
