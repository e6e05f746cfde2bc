// What every store promises of the notifications it shows and replays (store/notification_archive.hpp).

#include "store/store_bench.hpp"

using namespace product_sync;
using namespace product_sync::store;
using namespace std::chrono_literals;

namespace {

/// A notification that came so long after the bench's begin.
Sequence put_at(StoreBench& bench, const std::string& id, std::chrono::seconds later, std::string site = "main") {
  auto made = notification(id, {"ITEM-" + id}, std::move(site));
  made.received = bench.now() + later;
  return must(bench->inbox().put(std::move(made))).sequence;
}

std::string ids(const std::vector<ReceivedNotification>& all) {
  std::string text;
  for (const auto& one : all) text += one.id + (one.pending ? "? " : " ");
  return text;
}

}  // namespace

TEST_CASE("notifications are listed newest first, waiting and carried on, page by page") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  std::vector<Sequence> sequences;
  for (int i = 1; i <= 5; ++i) sequences.push_back(put_at(bench, std::to_string(i), std::chrono::seconds{i}));
  put_at(bench, "elsewhere", 3s, "other");
  must(bench->inbox().complete("main", "run-1", std::vector{sequences[0], sequences[2], sequences[3]}));
  auto& archive = bench->notification_archive();

  CHECK(ids(must(archive.list("main", {}))) == "5? 4 3 2? 1 ");
  CHECK(ids(must(archive.list("main", {.pending = true}))) == "5? 2? ");
  const auto carried = must(archive.list("main", {.pending = false}));
  CHECK(ids(carried) == "4 3 1 ");
  CHECK(carried[0].run_id == "run-1");
  CHECK(carried[0].keys == std::vector<std::string>{"ITEM-4"});
  CHECK(carried[0].received == bench.now() + 4s);

  std::string all;
  ArchiveFilter filter{.pending = {}, .behind = {}, .limit = 2};
  while (true) {
    const auto page = must(archive.list("main", filter));
    all += ids(page);
    if (page.size() < filter.limit) break;
    filter.behind = {page.back().received, page.back().sequence};
  }
  CHECK(all == "5? 4 3 2? 1 ");
}

TEST_CASE("notifications of one moment are listed once each, whatever the size of the page") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  for (int i = 1; i <= 4; ++i) put_at(bench, std::to_string(i), 1s);
  ArchiveFilter filter{.pending = {}, .behind = {}, .limit = 3};
  const auto first = must(bench->notification_archive().list("main", filter));
  filter.behind = {first.back().received, first.back().sequence};
  CHECK(ids(first) + ids(must(bench->notification_archive().list("main", filter))) == "4? 3? 2? 1? ");
}

TEST_CASE("what was carried on in a range of time is pending again, and nothing else") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  std::vector<Sequence> sequences;
  for (int i = 1; i <= 5; ++i) sequences.push_back(put_at(bench, std::to_string(i), std::chrono::seconds{i}));
  const auto other = put_at(bench, "elsewhere", 3s, "other");
  must(bench->inbox().complete("main", "run-1", std::vector{sequences[0], sequences[1], sequences[2], sequences[4]}));
  must(bench->inbox().complete("other", "run-2", std::vector{other}));
  auto& archive = bench->notification_archive();
  CHECK(must(archive.replay("main", bench.now() + 2s, bench.now() + 5s, 100)) == 2);
  CHECK(ids(must(archive.list("main", {}))) == "5 4? 3? 2? 1 ");
  CHECK(ids(must(archive.list("other", {}))) == "elsewhere ");
  CHECK(must(archive.replay("main", bench.now() + 2s, bench.now() + 5s, 100)) == 0);
  CHECK(must(archive.list("main", {}))[2].run_id.empty());
}

TEST_CASE("a replay of more than may be replayed at once changes nothing") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  std::vector<Sequence> sequences;
  for (int i = 1; i <= 3; ++i) sequences.push_back(put_at(bench, std::to_string(i), std::chrono::seconds{i}));
  must(bench->inbox().complete("main", "run-1", sequences));
  auto& archive = bench->notification_archive();
  CHECK(error_of(archive.replay("main", bench.now(), bench.now() + 10s, 2)) == "replay.too_many");
  CHECK(ids(must(archive.list("main", {}))) == "3 2 1 ");
  CHECK(must(archive.replay("main", bench.now(), bench.now() + 10s, 3)) == 3);
}

TEST_CASE("what a sealed file has consumed is listed as carried on at once") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto sequence = put_at(bench, "1", 1s);
  seal_rows(bench.store(), {row("A", "hash", bench.now())}, "run-7", {{sequence}, {}}, bench.now());
  const auto listed = must(bench->notification_archive().list("main", {}));
  REQUIRE(listed.size() == 1);
  CHECK_FALSE(listed[0].pending);
  CHECK(listed[0].run_id == "run-7");
}
