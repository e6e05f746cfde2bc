#include "store/sqlite_request_log.hpp"

#include <fmt/format.h>

#include <limits>

#include "base/bytes.hpp"
#include "store/statements.hpp"

namespace product_sync::store {
namespace {

/// Entries that one step forgets: few enough for one commit.
constexpr std::int64_t kExchangesForgottenAtOnce = 1'000;
/// Steps of making room within one commit. What is still too much goes with the next entries.
constexpr int kStepsOfMakingRoom = 8;

constexpr std::string_view kRequestPart = "request";
constexpr std::string_view kResponsePart = "response";

Result<LoggedExchange> read_exchange(const Query& query) {
  const auto peer = parse_peer(query.view(5));
  const auto direction = parse_direction(query.view(6));
  if (!peer || !direction) {
    return fail("store.corrupt", fmt::format("the request log has an entry of an unknown kind '{}'", query.view(5)),
                "move requests.db out of the data directory; a new one is made");
  }
  LoggedExchange entry;
  entry.number = query.integer(0);
  entry.at = query.instant(1);
  entry.site = query.text(2);
  entry.run_id = query.text(3);
  entry.trace_id = query.text(4);
  entry.peer = *peer;
  entry.direction = *direction;
  entry.method = query.text(7);
  entry.target = query.text(8);
  entry.status = static_cast<int>(query.integer(9));
  entry.failed = query.flag(10);
  entry.error_code = query.text(11);
  entry.error = query.text(12);
  entry.elapsed = std::chrono::milliseconds(query.integer(13));
  entry.bytes_sent = query.count(14);
  entry.bytes_received = query.count(15);
  entry.correlation = query.text(16);
  entry.bodies = query.flag(17);
  return entry;
}

Result<void> add_body(Connection& connection, std::int64_t number, std::string_view part, std::string_view body) {
  if (body.empty()) return {};
  return connection.run(sql::request_log::kAddBody, number, part, body);
}

Result<void> add_exchange(Connection& connection, const LoggedExchange& entry) {
  auto done = connection.run(sql::request_log::kAdd, entry.at, entry.site, entry.run_id, entry.trace_id,
                             to_text(entry.peer), to_text(entry.direction), entry.method, entry.target, entry.status,
                             entry.failed, entry.error_code, entry.error, entry.elapsed.count(), entry.bytes_sent,
                             entry.bytes_received, entry.correlation);
  const auto number = connection.last_id();
  if (done) done = add_body(connection, number, kRequestPart, entry.request_body);
  if (done) done = add_body(connection, number, kResponsePart, entry.response_body);
  return done;
}

Result<std::vector<LoggedExchange>> list_exchanges(Connection& connection, const ExchangeFilter& filter,
                                                   std::int64_t before, std::size_t limit) {
  constexpr auto kHighest = std::numeric_limits<std::int64_t>::max();
  const Instant first{std::chrono::microseconds(std::numeric_limits<std::int64_t>::min())};
  const Instant last{std::chrono::microseconds(kHighest)};
  std::vector<LoggedExchange> entries;
  auto query = connection.query(
      sql::request_log::kList, before == 0 ? kHighest : before, filter.site, filter.run_id, filter.trace_id,
      filter.peer ? to_text(*filter.peer) : std::string_view{},
      filter.direction ? to_text(*filter.direction) : std::string_view{}, filter.method, filter.least_status,
      filter.most_status, filter.failed, filter.from.value_or(first), filter.to.value_or(last), filter.at_least.count(),
      filter.least_bytes, to_lower_ascii(filter.text), limit);
  while (query.next()) {
    auto entry = read_exchange(query);
    if (!entry) return tl::unexpected(entry.error());
    entries.push_back(std::move(*entry));
  }
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return entries;
}

/// Forgets every entry below that number.
Result<void> forget_below(Connection& connection, std::int64_t number) {
  if (auto done = connection.run(sql::request_log::kForgetBodies, number); !done) return done;
  return connection.run(sql::request_log::kForget, number);
}

Result<std::optional<std::int64_t>> one_number(Query query) {
  std::optional<std::int64_t> number;
  if (query.next() && !query.is_null(0)) number = query.integer(0);
  if (auto end = query.end(); !end) return tl::unexpected(end.error());
  return number;
}

}  // namespace

Result<void> SqliteRequestLog::add(std::span<const LoggedExchange> entries) {
  if (entries.empty()) return {};
  return database_.write([&](Connection& connection) -> Result<void> {
    for (const auto& entry : entries) {
      if (auto done = add_exchange(connection, entry); !done) return done;
    }
    return make_room(connection);
  });
}

Result<void> SqliteRequestLog::make_room(Connection& connection) const {
  for (int step = 0; step < kStepsOfMakingRoom; ++step) {
    const auto used = one_number(connection.query(sql::request_log::kUsedBytes));
    if (!used) return tl::unexpected(used.error());
    if (!*used || static_cast<std::uint64_t>(**used) <= most_bytes_) return {};
    const auto oldest = one_number(connection.query(sql::request_log::kOldest));
    if (!oldest) return tl::unexpected(oldest.error());
    if (!*oldest) return {};
    if (auto done = forget_below(connection, **oldest + kExchangesForgottenAtOnce); !done) return done;
  }
  return {};
}

Result<std::vector<LoggedExchange>> SqliteRequestLog::list(const ExchangeFilter& filter, std::int64_t before,
                                                           std::size_t limit) {
  return database_.read([&](Connection& connection) { return list_exchanges(connection, filter, before, limit); });
}

Result<std::optional<LoggedExchange>> SqliteRequestLog::find(std::int64_t number) {
  return database_.read([&](Connection& connection) -> Result<std::optional<LoggedExchange>> {
    auto found = list_exchanges(connection, {}, number + 1, 1);
    if (!found) return tl::unexpected(found.error());
    if (found->empty() || found->front().number != number) return std::optional<LoggedExchange>{};
    auto& entry = found->front();
    auto bodies = connection.query(sql::request_log::kBodies, number);
    while (bodies.next()) {
      (bodies.view(0) == kRequestPart ? entry.request_body : entry.response_body) = bodies.text(1);
    }
    if (auto end = bodies.end(); !end) return tl::unexpected(end.error());
    return std::optional(std::move(entry));
  });
}

Result<std::uint64_t> SqliteRequestLog::forget(Instant before) {
  std::uint64_t forgotten = 0;
  while (true) {
    const auto some = database_.write([&](Connection& connection) -> Result<std::uint64_t> {
      const auto number = one_number(connection.query(sql::request_log::kOlder, before, kExchangesForgottenAtOnce));
      if (!number) return tl::unexpected(number.error());
      if (!*number) return std::uint64_t{0};
      if (auto done = forget_below(connection, **number + 1); !done) return tl::unexpected(done.error());
      return connection.changes();
    });
    if (!some) return some;
    forgotten += *some;
    if (*some == 0) return forgotten;
  }
}

}  // namespace product_sync::store
