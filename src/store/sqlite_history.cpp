#include "store/sqlite_history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "store/json_columns.hpp"
#include "store/sqlite_outbox.hpp"
#include "store/statements.hpp"
#include "store/states.hpp"

namespace product_sync::store {
namespace {

/// Notifications of one item that are told, the newest.
constexpr std::size_t kMostMentions = 100;
/// Events that one commit forgets.
constexpr std::uint64_t kEventsForgottenAtOnce = 2'000;
/// Events that one look for SKUs with too many of them passes.
constexpr std::uint64_t kWalkedAtOnce = 20'000;

tl::unexpected<Error> unknown_kind(std::string_view kind) {
  return fail("store.corrupt", fmt::format("the history holds an event of kind '{}', which does not exist", kind),
              "restore the data directory from a backup");
}

Result<Event> read_event(const Query& query) {
  const auto kind = parse_event_kind(query.view(0));
  if (!kind) return unknown_kind(query.view(0));
  auto plan = plan_from_json(query.view(8));
  if (!plan) return tl::unexpected(plan.error());
  Event event;
  event.kind = *kind;
  event.at = query.instant(1);
  event.run_id = query.text(2);
  event.value = query.text(3);
  event.code = query.text(4);
  event.text = query.text(5);
  event.file = query.is_null(6) ? 0 : query.integer(6);
  event.read_at = query.optional_instant(7);
  event.plan = std::move(*plan);
  event.times = query.count(9);
  event.until = query.optional_instant(10);
  return event;
}

Result<void> append_events(Query query, std::vector<Event>& events) {
  while (query.next()) {
    auto event = read_event(query);
    if (!event) return tl::unexpected(event.error());
    events.push_back(std::move(*event));
  }
  return query.end();
}

Result<std::vector<FileEvent>> read_file_events(Query query) {
  std::vector<FileEvent> events;
  while (query.next()) {
    const auto kind = parse_file_event_kind(query.view(0));
    if (!kind) return unknown_kind(query.view(0));
    events.push_back(
        {*kind, query.instant(1), query.text(2), query.text(3), query.count(4), query.optional_instant(5)});
  }
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return events;
}

/// Adds the file and what happened to it, when it is still remembered.
Result<void> add_file(Connection& connection, FileId id, std::map<FileId, FileHistory>& files) {
  if (id == 0 || files.contains(id)) return {};
  auto file = find_file(connection, id);
  if (!file) return tl::unexpected(file.error());
  if (!*file) return {};
  auto events = read_file_events(connection.query(sql::history::kFileEvents, id));
  if (!events) return tl::unexpected(events.error());
  files.emplace(id, FileHistory{std::move(**file), std::move(*events)});
  return {};
}

Result<void> append_mentions(Query query, std::vector<Mention>& mentions) {
  while (query.next()) {
    mentions.push_back(
        {query.integer(0), query.instant(1), query.text(2), query.text(3), query.text(4), query.flag(5)});
  }
  return query.end();
}

/// All events of a SKU, and those that a file in the outbox holds for it.
Result<ProductHistory> read_ledger(Connection& connection, std::string_view site, std::string_view sku_key) {
  ProductHistory history;
  if (auto read = append_events(connection.query(sql::history::kEvents, site, sku_key), history.events); !read) {
    return tl::unexpected(read.error());
  }
  if (auto read = append_events(connection.query(sql::history::kWaitingRows, site, sku_key), history.events); !read) {
    return tl::unexpected(read.error());
  }
  for (const auto& event : history.events) {
    if (auto added = add_file(connection, event.file, history.files); !added) return tl::unexpected(added.error());
  }
  auto retry = connection.query(sql::history::kRetry, site, sku_key);
  while (retry.next()) {
    history.retry = RetryEntry{retry.text(0), retry.text(1), retry.text(2), static_cast<int>(retry.integer(3)),
                               retry.instant(4)};
  }
  if (auto end = retry.end(); !end) return tl::unexpected(end.error());
  return history;
}

Result<std::vector<Mention>> read_mentions(Connection& connection, std::string_view site, std::string_view sku_key) {
  std::vector<Mention> mentions;
  for (const char* statement : {sql::history::kPendingMentions, sql::history::kMentions}) {
    if (auto read = append_mentions(connection.query(statement, site, sku_key, kMostMentions), mentions); !read) {
      return tl::unexpected(read.error());
    }
  }
  std::ranges::sort(mentions, std::greater{}, &Mention::sequence);
  if (mentions.size() > kMostMentions) mentions.resize(kMostMentions);
  std::ranges::reverse(mentions);
  return mentions;
}

/// A SKU, and how many of its events a walk has passed.
struct Walked {
  std::string site;
  std::string sku_key;
  std::uint64_t events = 0;
};

Result<std::vector<Walked>> walk(Connection& connection, const Walked& after) {
  std::vector<Walked> walked;
  auto query = connection.query(sql::history::kWalk, after.site, after.sku_key, kWalkedAtOnce);
  while (query.next()) walked.push_back({query.text(0), query.text(1), query.count(2)});
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return walked;
}

}  // namespace

// First the inbox: a notification that is carried on meanwhile is then told as pending, and its outcome all the same.
Result<ProductHistory> SqliteHistory::of(std::string_view site, std::string_view sku_key) {
  auto mentions = inbox_.read([&](Connection& connection) { return read_mentions(connection, site, sku_key); });
  if (!mentions) return tl::unexpected(mentions.error());
  auto history = ledger_.read([&](Connection& connection) { return read_ledger(connection, site, sku_key); });
  if (!history) return history;
  history->mentions = std::move(*mentions);
  return history;
}

Result<std::uint64_t> SqliteHistory::forget(Instant before, std::uint64_t per_product) {
  const auto old = forget_old(before);
  if (!old) return old;
  const auto surplus = forget_surplus(per_product);
  if (!surplus) return surplus;
  return *old + *surplus;
}

Result<std::uint64_t> SqliteHistory::forget_old(Instant before) {
  std::uint64_t forgotten = 0;
  while (true) {
    const auto some = ledger_.write([&](Connection& connection) -> Result<std::uint64_t> {
      if (auto done = connection.run(sql::history::kForgetOld, before, kEventsForgottenAtOnce); !done) {
        return tl::unexpected(done.error());
      }
      return connection.changes();
    });
    if (!some) return some;
    forgotten += *some;
    if (*some < kEventsForgottenAtOnce) return forgotten;
  }
}

Result<std::uint64_t> SqliteHistory::forget_surplus(std::uint64_t per_product) {
  std::uint64_t forgotten = 0;
  Walked last;
  while (true) {
    const auto walked = ledger_.read([&](Connection& connection) { return walk(connection, last); });
    if (!walked) return tl::unexpected(walked.error());
    if (walked->empty()) return forgotten;
    last = walked->back();
    for (const auto& product : *walked) {
      // Of the last one the walk may have passed only some events.
      if (product.events <= per_product && &product != &walked->back()) continue;
      const auto some = ledger_.write([&](Connection& connection) -> Result<std::uint64_t> {
        if (auto done = connection.run(sql::history::kForgetBeyond, product.site, product.sku_key, per_product); !done) {
          return tl::unexpected(done.error());
        }
        return connection.changes();
      });
      if (!some) return some;
      forgotten += *some;
    }
  }
}

}  // namespace product_sync::store
