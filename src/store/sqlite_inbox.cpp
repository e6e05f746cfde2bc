#include "store/sqlite_inbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "store/json_columns.hpp"
#include "store/statements.hpp"

namespace product_sync::store {
namespace {

// What a waiting job holds beside its texts.
constexpr std::uint64_t kJobBytes = 512;
// Rows that one transaction of forget_completed() takes, so that intake never waits for it noticeably.
constexpr std::int64_t kForgottenAtOnce = 1'000;

/// The first half of SHA-256 over the parts, each behind its length: no two identities give the same bytes.
std::string identity_of(const NewNotification& notification) {
  Sha256Stream stream;
  for (const std::string* part : {&notification.site, &notification.tenant, &notification.query, &notification.id}) {
    std::array<char, 8> length{};
    for (std::size_t i = 0; i < length.size(); ++i) length[i] = static_cast<char>(part->size() >> (8 * i));
    stream.add({length.data(), length.size()});
    stream.add(*part);
  }
  const auto digest = stream.finish();
  return {reinterpret_cast<const char*>(digest.data()), digest.size() / 2};
}

/// A full queue, in the words of the inbox; other errors as they are.
Error inbox_error(const Error& error, const std::string& site) {
  if (error.code != "store.queue_full") return error;
  return Error{"inbox.full", fmt::format("too much waits to be written to the inbox of site {}", site),
               "send again later; if it stays so, the disk is too slow or busy", Retry::later, std::chrono::seconds(1)};
}

/// A notification on its way through the writer, and what became of it.
struct Insertion {
  NewNotification notification;
  std::string identity;
  std::string keys;
  StoredNotification stored;

  [[nodiscard]] std::uint64_t bytes() const {
    const auto& n = notification;
    return kJobBytes + n.body.size() + keys.size() + n.query.size() + n.tenant.size() + n.id.size();
  }
  Result<void> run(Connection& connection) {
    const auto& n = notification;
    if (auto put = connection.run(sql::inbox::kPut, Blob{identity}, n.site, n.tenant, n.query, n.id, n.ticks,
                                  n.received, keys, n.keys_complete, Blob{n.body});
        !put) {
      return put;
    }
    if (connection.changes() > 0) {
      stored = {connection.last_id(), false};
      return {};
    }
    auto query = connection.query(sql::inbox::kFindIdentity, Blob{identity});
    stored = {query.next() ? query.integer(0) : 0, true};
    return query.end();
  }
};

}  // namespace

SqliteInbox::SqliteInbox(SqliteDatabase& inbox, SqliteDatabase& ledger, const SqliteOptions& options, Clock& clock)
    : inbox_(inbox), ledger_(ledger), options_(options), disk_(options.directory, options.disk_floor, clock) {}

Result<void> SqliteInbox::room_on_disk() {
  if (disk_.is_above()) return {};
  auto full = fail("inbox.full",
                   fmt::format("the disk of {} has less than {} free", options_.directory.string(),
                               human_bytes(options_.disk_floor)),
                   "free space there, or lower the disk floor", Retry::later);
  full.value().retry_after = std::chrono::seconds(60);
  return full;
}

void SqliteInbox::put(NewNotification notification, Done<StoredNotification> done) {
  if (auto room = room_on_disk(); !room) return done(tl::unexpected(room.error()));
  auto keys = keys_to_json(notification.keys);
  if (!keys) return done(tl::unexpected(keys.error()));
  auto identity = identity_of(notification);
  const auto insertion =
      std::make_shared<Insertion>(Insertion{std::move(notification), std::move(identity), std::move(*keys), {}});
  auto taken = inbox_.submit([insertion](Connection& connection) { return insertion->run(connection); },
                             [insertion, done](const Result<void>& committed) {
                               if (!committed) return done(tl::unexpected(committed.error()));
                               done(insertion->stored);
                             },
                             Admission::bounded, insertion->bytes(), Writes::one_statement);
  if (!taken) done(tl::unexpected(inbox_error(taken.error(), insertion->notification.site)));
}

void SqliteInbox::quarantine(QuarantinedBody body, Done<void> done) {
  if (auto room = room_on_disk(); !room) return done(room);
  const auto kept_bytes = std::min({body.body.size(), static_cast<std::size_t>(options_.quarantine_body_bytes),
                                    static_cast<std::size_t>(options_.quarantine_bytes)});
  body.body.resize(kept_bytes);
  const auto site = body.site;
  auto keep = [this, kept = std::move(body)](Connection& connection) -> Result<void> {
    if (auto put = connection.run(sql::inbox::kQuarantine, kept.site, kept.received, kept.code, kept.reason,
                                  kept.offset, kept.body.size(), Blob{kept.body});
        !put) {
      return put;
    }
    return connection.run(sql::inbox::kTrimQuarantine, kept.site, options_.quarantine_count, options_.quarantine_bytes);
  };
  auto taken = inbox_.submit(std::move(keep), done, Admission::bounded, kJobBytes + kept_bytes);
  if (!taken) done(tl::unexpected(inbox_error(taken.error(), site)));
}

Result<std::vector<QuarantinedBody>> SqliteInbox::quarantined(std::string_view site, std::size_t limit) {
  return inbox_.read([&](Connection& connection) -> Result<std::vector<QuarantinedBody>> {
    std::vector<QuarantinedBody> bodies;
    auto query = connection.query(sql::inbox::kQuarantined, site, limit);
    while (query.next()) {
      bodies.push_back({query.text(0), query.instant(1), query.text(2), query.text(3),
                        static_cast<std::size_t>(query.integer(4)), query.text(5)});
    }
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return bodies;
  });
}

Result<void> SqliteInbox::carry_over() {
  struct Consumption {
    std::string site;
    Sequence sequence;
    std::string run_id;
  };
  auto consumed = ledger_.read([](Connection& connection) -> Result<std::vector<Consumption>> {
    std::vector<Consumption> found;
    auto query = connection.query(sql::consumed::kAll);
    while (query.next()) found.push_back({query.text(0), query.integer(1), query.text(2)});
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return found;
  });
  if (!consumed) return tl::unexpected(consumed.error());
  if (consumed->empty()) return {};

  auto completed = inbox_.write([&](Connection& connection) -> Result<void> {
    for (const auto& one : *consumed) {
      if (auto done = connection.run(sql::inbox::kComplete, one.site, one.sequence, one.run_id); !done) return done;
    }
    return {};
  });
  if (!completed) return completed;
  return ledger_.write([&](Connection& connection) -> Result<void> {
    for (const auto& one : *consumed) {
      if (auto done = connection.run(sql::consumed::kRemove, one.site, one.sequence); !done) return done;
    }
    return {};
  });
}

// First what was consumed, then the inbox: a file sealed in between was sealed after we looked.
Result<std::vector<PendingNotification>> SqliteInbox::pending(std::string_view site, Sequence after,
                                                              std::size_t limit) {
  if (auto carried = carry_over(); !carried) return tl::unexpected(carried.error());
  return inbox_.read([&](Connection& connection) -> Result<std::vector<PendingNotification>> {
    std::vector<PendingNotification> pending;
    auto query = connection.query(sql::inbox::kPending, site, after, limit);
    while (query.next()) {
      auto keys = keys_from_json(query.view(3));
      if (!keys) return tl::unexpected(keys.error());
      pending.push_back({query.integer(0), query.instant(1), static_cast<std::uint64_t>(query.integer(2)),
                         std::move(*keys), query.flag(4)});
    }
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return pending;
  });
}

Result<void> SqliteInbox::complete(std::string_view site, std::string_view run_id,
                                   std::span<const Sequence> sequences) {
  return inbox_.write([&](Connection& connection) -> Result<void> {
    for (const auto sequence : sequences) {
      if (auto done = connection.run(sql::inbox::kComplete, site, sequence, run_id); !done) return done;
    }
    return {};
  });
}

Result<std::uint64_t> SqliteInbox::pending_count(std::string_view site) {
  if (auto carried = carry_over(); !carried) return tl::unexpected(carried.error());
  return inbox_.read([&](Connection& connection) -> Result<std::uint64_t> {
    auto pending = connection.query(sql::inbox::kCountPending, site);
    const auto count = pending.next() ? pending.count(0) : 0;
    if (auto end = pending.end(); !end) return tl::unexpected(end.error());
    return count;
  });
}

Result<InboxStats> SqliteInbox::stats(std::string_view site) {
  if (auto carried = carry_over(); !carried) return tl::unexpected(carried.error());
  return inbox_.read([&](Connection& connection) -> Result<InboxStats> {
    InboxStats stats;
    Sequence oldest = 0;
    auto waiting = connection.query(sql::inbox::kCountPending, site);
    while (waiting.next()) {
      stats.pending = waiting.count(0);
      oldest = waiting.integer(1);
    }
    if (auto end = waiting.end(); !end) return tl::unexpected(end.error());

    auto received = connection.query(sql::inbox::kReceived, oldest);
    while (received.next()) stats.oldest_pending = received.instant(0);
    if (auto end = received.end(); !end) return tl::unexpected(end.error());

    auto completed = connection.query(sql::inbox::kCountCompleted, site);
    while (completed.next()) stats.stored = stats.pending + completed.count(0);
    if (auto end = completed.end(); !end) return tl::unexpected(end.error());

    if (stats.stored > 0) {
      auto newest = connection.query(sql::inbox::kNewest, site);
      while (newest.next()) stats.newest = newest.instant(0);
      if (auto end = newest.end(); !end) return tl::unexpected(end.error());
    }

    auto quarantined = connection.query(sql::inbox::kCountQuarantined, site);
    while (quarantined.next()) stats.quarantined = quarantined.count(0);
    if (auto end = quarantined.end(); !end) return tl::unexpected(end.error());
    return stats;
  });
}

Result<std::uint64_t> SqliteInbox::forget_completed(Instant before) {
  auto sites = inbox_.read([](Connection& connection) -> Result<std::vector<std::string>> {
    std::vector<std::string> found;
    auto query = connection.query(sql::inbox::kSitesWithCompleted);
    while (query.next()) found.push_back(query.text(0));
    if (auto end = query.end(); !end) return tl::unexpected(end.error());
    return found;
  });
  if (!sites) return tl::unexpected(sites.error());
  std::uint64_t forgotten = 0;
  for (const auto& site : *sites) {
    auto of_site = forget_completed(site, before);
    if (!of_site) return of_site;
    forgotten += *of_site;
  }
  return forgotten;
}

Result<std::uint64_t> SqliteInbox::forget_completed(const std::string& site, Instant before) {
  std::uint64_t forgotten = 0;
  while (true) {
    auto some = inbox_.write([&](Connection& connection) -> Result<std::uint64_t> {
      if (auto done = connection.run(sql::inbox::kForgetCompleted, site, before, kForgottenAtOnce); !done) {
        return tl::unexpected(done.error());
      }
      return connection.changes();
    });
    if (!some) return some;
    if (*some == 0) return forgotten;
    forgotten += *some;
  }
}

}  // namespace product_sync::store
