#include "store/sqlite_reconciliations.hpp"

#include <fmt/format.h>

#include "store/statements.hpp"
#include "store/states.hpp"

namespace product_sync::store {
namespace {

constexpr std::int64_t kRememberedReports = 30;  // per site

DriftReport read_report(const Query& query) {
  DriftReport report;
  report.id = query.integer(0);
  report.run_id = query.text(1);
  report.site = query.text(2);
  report.repair = query.flag(3);
  report.most = query.count(4);
  report.completed = query.optional_instant(5);
  std::uint64_t DriftCounts::*const kCounts[] = {
      &DriftCounts::shown,   &DriftCounts::told,         &DriftCounts::equal, &DriftCounts::on_their_way,
      &DriftCounts::missing, &DriftCounts::different,    &DriftCounts::extra, &DriftCounts::to_send,
      &DriftCounts::left,    &DriftCounts::rows_left_out};
  int column = 6;
  for (const auto count : kCounts) report.counts.*count = query.count(column++);
  return report;
}

Result<std::vector<DriftReport>> read_reports(Connection& connection, Query query) {
  std::vector<DriftReport> reports;
  while (query.next()) reports.push_back(read_report(query));
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  for (auto& report : reports) {
    auto fields = connection.query(sql::reconciliations::kFields, report.id);
    while (fields.next()) report.counts.fields.emplace(fields.text(0), fields.count(1));
    if (auto end = fields.end(); !end) return tl::unexpected(end.error());
  }
  return reports;
}

Result<DriftRow> read_drift(const Query& query) {
  const auto kind = parse_drift_kind(query.view(1));
  const auto remedy = parse_remedy(query.view(7));
  if (!kind || !remedy) {
    return fail("store.corrupt", fmt::format("a report has a row of an unknown kind '{}'", query.view(1)),
                "restore the data directory from a backup");
  }
  return DriftRow{query.integer(0), *kind,         query.text(2), query.text(3),
                  query.text(4),    query.text(5), query.text(6), *remedy};
}

}  // namespace

Result<ReportId> SqliteReconciliations::begin(std::string_view site, std::string_view run_id, bool repair,
                                              std::uint64_t most) {
  return database_.write([&](Connection& connection) -> Result<ReportId> {
    for (const char* forget : {sql::reconciliations::kForgetRows, sql::reconciliations::kForgetFields,
                               sql::reconciliations::kForgetReports}) {
      if (auto done = connection.run(forget, site, kRememberedReports - 1); !done) return tl::unexpected(done.error());
    }
    if (auto done = connection.run(sql::reconciliations::kBegin, site, run_id, repair, most); !done) {
      return tl::unexpected(done.error());
    }
    return connection.last_id();
  });
}

Result<void> SqliteReconciliations::add(ReportId report, std::span<const DriftRow> rows) {
  if (rows.empty()) return {};
  return database_.write([&](Connection& connection) -> Result<void> {
    for (const auto& row : rows) {
      auto done = connection.run(sql::reconciliations::kAdd, report, to_text(row.kind), row.sku, row.product_id,
                                 row.field, row.told, row.shown, to_text(row.remedy));
      if (!done) return done;
    }
    return {};
  });
}

Result<void> SqliteReconciliations::complete(ReportId report, const DriftCounts& counts, Instant now) {
  return database_.write([&](Connection& connection) -> Result<void> {
    for (const auto& [field, products] : counts.fields) {
      if (auto done = connection.run(sql::reconciliations::kAddField, report, field, products); !done) return done;
    }
    return connection.run(sql::reconciliations::kComplete, report, now, counts.shown, counts.told, counts.equal,
                          counts.on_their_way, counts.missing, counts.different, counts.extra, counts.to_send,
                          counts.left, counts.rows_left_out);
  });
}

Result<std::optional<DriftReport>> SqliteReconciliations::find(std::string_view site, std::string_view run_id) {
  return database_.read([&](Connection& connection) -> Result<std::optional<DriftReport>> {
    auto reports = read_reports(connection, connection.query(sql::reconciliations::kFind, site, run_id));
    if (!reports) return tl::unexpected(reports.error());
    if (reports->empty()) return std::optional<DriftReport>{};
    return std::optional(std::move(reports->front()));
  });
}

Result<std::vector<DriftReport>> SqliteReconciliations::list(std::string_view site, std::size_t limit) {
  return database_.read([&](Connection& connection) {
    return read_reports(connection, connection.query(sql::reconciliations::kList, site, limit));
  });
}

Result<std::vector<DriftRow>> SqliteReconciliations::rows(ReportId report, std::optional<DriftKind> kind,
                                                          std::int64_t after, std::size_t limit) {
  return database_.read([&](Connection& connection) -> Result<std::vector<DriftRow>> {
    std::vector<DriftRow> rows;
    auto query =
        connection.query(sql::reconciliations::kRows, report, kind ? to_text(*kind) : std::string_view{}, after, limit);
    while (query.next()) {
      auto row = read_drift(query);
      if (!row) return tl::unexpected(row.error());
      rows.push_back(std::move(*row));
    }
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return rows;
  });
}

}  // namespace product_sync::store
