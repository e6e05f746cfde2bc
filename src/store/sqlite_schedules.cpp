#include "store/sqlite_schedules.hpp"

#include "store/statements.hpp"

namespace product_sync::store {
namespace {

ScheduleState read_schedule(const Query& query, std::string_view name) {
  ScheduleState state{std::string(name), std::nullopt, query.text(1), query.optional_instant(2), {}, {}};
  if (!query.is_null(0)) state.active = query.flag(0);
  if (!query.is_null(3)) {
    state.start = {query.optional_instant(4), query.instant(3), query.text(5), query.optional_instant(6), query.text(7)};
  }
  if (!query.is_null(8)) state.skip = {query.instant(8), query.text(9), query.text(10)};
  return state;
}

}  // namespace

template <class... Values>
Result<void> SqliteSchedules::change(const char* sql, std::string_view site, std::string_view name,
                                     const Values&... values) {
  return database_.write([&](Connection& connection) -> Result<void> {
    if (auto known = connection.run(sql::schedules::kKnow, site, name); !known) return known;
    return connection.run(sql, site, name, values...);
  });
}

Result<ScheduleState> SqliteSchedules::get(std::string_view site, std::string_view name) {
  return database_.read([&](Connection& connection) -> Result<ScheduleState> {
    ScheduleState state{std::string(name), {}, {}, {}, {}, {}};
    auto query = connection.query(sql::schedules::kGet, site, name);
    if (query.next()) state = read_schedule(query, name);
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return state;
  });
}

Result<void> SqliteSchedules::switch_to(std::string_view site, std::string_view name, std::optional<bool> active) {
  if (!active) return change(sql::schedules::kUnswitch, site, name);
  return change(sql::schedules::kSwitch, site, name, *active);
}

Result<void> SqliteSchedules::handled(std::string_view site, std::string_view name, std::string_view rule,
                                      std::optional<Instant> until) {
  return change(sql::schedules::kHandled, site, name, rule, until);
}

Result<void> SqliteSchedules::started(std::string_view site, std::string_view name, const ScheduleStart& start) {
  return change(sql::schedules::kStarted, site, name, start.occurrence, start.at, start.run_id, start.ended,
                start.error);
}

Result<void> SqliteSchedules::ended(std::string_view site, std::string_view name, Instant at, Instant ended,
                                    std::string_view error) {
  return change(sql::schedules::kEnded, site, name, at, ended, error);
}

Result<void> SqliteSchedules::skipped(std::string_view site, std::string_view name, const ScheduleSkip& skip) {
  return change(sql::schedules::kSkipped, site, name, skip.occurrence, skip.code, skip.reason);
}

}  // namespace product_sync::store
