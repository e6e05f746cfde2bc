// What every store promises of its request log (store/request_log.hpp).

#include <fmt/format.h>

#include "store/request_log.hpp"
#include "store/sqlite_store.hpp"
#include "store/store_bench.hpp"

using namespace product_sync;
using namespace product_sync::store;
using namespace std::chrono_literals;

namespace {

LoggedExchange logged(Instant at, std::string target, int status = 200) {
  LoggedExchange entry;
  entry.at = at;
  entry.site = "main";
  entry.method = "GET";
  entry.target = std::move(target);
  entry.status = status;
  entry.failed = status >= 400;
  return entry;
}

std::string targets(RequestLog& log, const ExchangeFilter& filter = {}, std::int64_t before = 0, std::size_t limit = 100) {
  std::string text;
  for (const auto& entry : must(log.list(filter, before, limit))) text += entry.target + " ";
  return text;
}

}  // namespace

TEST_CASE("an exchange is logged with all that is known of it") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  auto entry = logged(bench.now(), "https://erp/entity/Item?$top=1", 500);
  entry.run_id = "run1";
  entry.trace_id = "0af7651916cd43dd8448eb211c80319c";
  entry.peer = Peer::rithum;
  entry.direction = Direction::incoming;
  entry.error_code = "http.broken";
  entry.error = "cut";
  entry.elapsed = 1234ms;
  entry.bytes_sent = 10;
  entry.bytes_received = 20;
  entry.correlation = "abc";
  entry.request_body = "{\"a\":1}";
  entry.response_body = "no";
  must(bench->request_log().add(std::vector{entry}));
  bench.reopen();

  const auto listed = must(bench->request_log().list({}, 0, 10));
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].bodies);
  CHECK(listed[0].request_body.empty());
  const auto found = must(bench->request_log().find(listed[0].number));
  REQUIRE(found);
  CHECK(found->at == entry.at);
  CHECK(found->site == "main");
  CHECK(found->run_id == entry.run_id);
  CHECK(found->trace_id == entry.trace_id);
  CHECK(found->peer == Peer::rithum);
  CHECK(found->direction == Direction::incoming);
  CHECK(found->method == "GET");
  CHECK(found->target == entry.target);
  CHECK(found->status == 500);
  CHECK(found->failed);
  CHECK(found->error_code == "http.broken");
  CHECK(found->error == "cut");
  CHECK(found->elapsed == 1234ms);
  CHECK(found->bytes_sent == 10);
  CHECK(found->bytes_received == 20);
  CHECK(found->correlation == "abc");
  CHECK(found->request_body == entry.request_body);
  CHECK(found->response_body == entry.response_body);
  CHECK_FALSE(must(bench->request_log().find(listed[0].number + 1)));
}

TEST_CASE("the request log is read newest first, page by page") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  auto& log = bench->request_log();
  must(log.add(std::vector{logged(bench.now(), "a"), logged(bench.now(), "b")}));
  must(log.add(std::vector{logged(bench.now(), "c")}));
  const auto first = must(log.list({}, 0, 2));
  REQUIRE(first.size() == 2);
  CHECK(first[0].target == "c");
  CHECK(first[1].target == "b");
  CHECK(targets(log, {}, first[1].number) == "a ");
}

TEST_CASE("the request log is searched by each of its properties") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  auto& log = bench->request_log();
  const auto now = bench.now();
  auto plain = logged(now, "plain");
  auto special = logged(now + 1h, "Special%_x", 429);
  special.site = "other";
  special.run_id = "run1";
  special.trace_id = "trace1";
  special.peer = Peer::destination;
  special.direction = Direction::incoming;
  special.method = "PUT";
  special.elapsed = 5s;
  special.bytes_received = 1000;
  special.error = "Throttled";
  special.correlation = "Note-7";
  special.response_body = "Too Many";
  must(log.add(std::vector{plain, special}));

  const auto only = [&](auto set) {
    ExchangeFilter filter;
    set(filter);
    return targets(log, filter) == "Special%_x ";
  };
  CHECK(only([](auto& filter) { filter.site = "other"; }));
  CHECK(only([](auto& filter) { filter.run_id = "run1"; }));
  CHECK(only([](auto& filter) { filter.trace_id = "trace1"; }));
  CHECK(only([](auto& filter) { filter.peer = Peer::destination; }));
  CHECK(only([](auto& filter) { filter.direction = Direction::incoming; }));
  CHECK(only([](auto& filter) { filter.method = "put"; }));
  CHECK(only([](auto& filter) { filter.least_status = 400, filter.most_status = 499; }));
  CHECK(only([](auto& filter) { filter.failed = true; }));
  CHECK(only([&](auto& filter) { filter.from = now + 1s; }));
  CHECK(only([](auto& filter) { filter.at_least = 5s; }));
  CHECK(only([](auto& filter) { filter.least_bytes = 1000; }));
  CHECK(only([](auto& filter) { filter.text = "special%_X"; }));
  CHECK(only([](auto& filter) { filter.text = "throttled"; }));
  CHECK(only([](auto& filter) { filter.text = "note-7"; }));
  CHECK(only([](auto& filter) { filter.text = "too many"; }));
  ExchangeFilter earlier;
  earlier.to = now + 1h;
  CHECK(targets(log, earlier) == "plain ");
  ExchangeFilter both;
  both.site = "other";
  both.method = "GET";
  CHECK(targets(log, both).empty());
}

TEST_CASE("what is older than asked is forgotten, with its bodies") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  auto& log = bench->request_log();
  std::vector<LoggedExchange> entries;
  for (int i = 0; i < 2'500; ++i) {
    entries.push_back(logged(bench.now() + std::chrono::minutes(i), fmt::format("t{}", i)));
    entries.back().response_body = "body";
  }
  must(log.add(entries));
  CHECK(must(log.forget(bench.now() + 2'498min)) == 2'498);
  CHECK(targets(log) == "t2499 t2498 ");
  const auto left = must(log.list({}, 0, 10));
  CHECK(must(log.find(left.back().number))->response_body == "body");
  CHECK(must(log.forget(bench.now())) == 0);
}

TEST_CASE("the oldest exchanges make room when the request log is full") {
  constexpr std::uint64_t kMost = 4ULL << 20U;
  constexpr std::size_t kBody = 4'000;
  TemporaryFolder folder;
  SimulatedClock clock;
  Logger logger(LogFormat::text, LogLevel::error);
  SqliteOptions options;
  options.directory = folder.path() / "data";
  options.request_log_bytes = kMost;
  auto store = must(open_sqlite(options, clock, logger));
  auto& log = store->request_log();
  std::vector<LoggedExchange> batch;
  for (int round = 0; round < 40; ++round) {
    batch.clear();
    for (int i = 0; i < 100; ++i) {
      batch.push_back(logged(clock.now(), fmt::format("{}/{}", round, i)));
      batch.back().request_body.assign(kBody, 'x');
    }
    must(log.add(batch));
  }
  const auto kept = must(log.list({}, 0, 10'000));
  CHECK(kept.front().target == "39/99");
  CHECK(kept.size() * kBody <= kMost);
  CHECK(std::filesystem::file_size(options.directory / "requests.db") <= 2 * kMost);
  // Entries are forgotten a thousand at a time.
  CHECK((kept.size() + 1'000) * 2 * kBody > kMost);
}
