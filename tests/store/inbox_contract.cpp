// What every store promises of its inbox (store/inbox.hpp).

#include <set>
#include <thread>

#include "store/store_bench.hpp"

using namespace product_sync;
using namespace product_sync::store;
using namespace std::chrono_literals;

TEST_CASE("a notification is there after reopening the store, with everything a reader needs") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  auto sent = notification("1", {"AACOMPUT01", "quote\" and \\ and ünïcode"});
  sent.keys_complete = false;
  const auto stored = must(bench->inbox().put(sent));
  CHECK_FALSE(stored.repeated);
  bench.reopen();
  const auto found = must(bench->inbox().pending("main", 0, 10));
  REQUIRE(found.size() == 1);
  CHECK(found[0].sequence == stored.sequence);
  CHECK(found[0].received == sent.received);
  CHECK(found[0].keys == sent.keys);
  CHECK_FALSE(found[0].keys_complete);
}

TEST_CASE("a repeated identity is answered with the first sequence and changes nothing") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto first = must(bench->inbox().put(notification("1", {"A"})));
  const auto again = must(bench->inbox().put(notification("1", {"B", "C"})));
  CHECK(again.repeated);
  CHECK(again.sequence == first.sequence);
  const auto found = must(bench->inbox().pending("main", 0, 10));
  REQUIRE(found.size() == 1);
  CHECK(found[0].keys == std::vector<std::string>{"A"});
}

TEST_CASE("a repeat of a completed notification does not make it pending again") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto first = must(bench->inbox().put(notification("1")));
  must(bench->inbox().complete("main", "run", std::vector{first.sequence}));
  CHECK(must(bench->inbox().put(notification("1"))).repeated);
  CHECK(pending(bench.store()).empty());
}

TEST_CASE("site, tenant, query and id together are the identity, wherever one ends and the next begins") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto with = [](std::string site, std::string tenant, std::string query, std::string id) {
    auto made = notification(std::move(id), {}, std::move(site));
    made.tenant = std::move(tenant);
    made.query = std::move(query);
    return made;
  };
  std::set<Sequence> sequences;
  for (const auto& one : {with("a", "b", "c", "d"), with("x", "b", "c", "d"), with("a", "x", "c", "d"),
                          with("a", "b", "x", "d"), with("a", "b", "c", "x"), with("ab", "", "c", "d"),
                          with("a", "bc", "", "d"), with("a", "b", "", "cd"), with("", "ab", "c", "d")}) {
    const auto stored = must(bench->inbox().put(one));
    CHECK_FALSE(stored.repeated);
    sequences.insert(stored.sequence);
  }
  CHECK(sequences.size() == 9);
}

TEST_CASE("sequences rise and are never given twice, not even after everything was forgotten") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  Sequence last = 0;
  for (int i = 0; i < 5; ++i) {
    const auto stored = must(bench->inbox().put(notification(std::to_string(i))));
    CHECK(stored.sequence > last);
    last = stored.sequence;
    must(bench->inbox().complete("main", "run", std::vector{last}));
    must(bench->inbox().forget_completed(Instant::max()));
    bench.reopen();
  }
}

TEST_CASE("pending notifications come oldest first, of one site, behind a sequence, up to a limit") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  std::vector<Sequence> all;
  for (int i = 0; i < 6; ++i) {
    all.push_back(must(bench->inbox().put(notification(std::to_string(i)))).sequence);
    must(bench->inbox().put(notification(std::to_string(i), {"X"}, "other")));
  }
  CHECK(pending(bench.store()) == all);
  const auto some = must(bench->inbox().pending("main", all[1], 3));
  REQUIRE(some.size() == 3);
  CHECK(some.front().sequence == all[2]);
  CHECK(some.back().sequence == all[4]);
  CHECK(must(bench->inbox().pending("nowhere", 0, 10)).empty());
}

TEST_CASE("completed notifications are not pending, unless another site completes their numbers") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto first = must(bench->inbox().put(notification("1"))).sequence;
  const auto second = must(bench->inbox().put(notification("2"))).sequence;
  must(bench->inbox().complete("other", "run", std::vector{first, second}));
  CHECK(pending(bench.store()) == std::vector{first, second});
  must(bench->inbox().complete("main", "run", std::vector{first}));
  must(bench->inbox().complete("main", "run", std::vector{first}));
  CHECK(pending(bench.store()) == std::vector{second});
}

TEST_CASE("the statistics count what is pending, stored and in quarantine, per site") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  auto older = notification("1");
  older.received = bench.now() - 5s;
  const auto first = must(bench->inbox().put(older)).sequence;
  auto newer = notification("2");
  newer.received = bench.now();
  must(bench->inbox().put(newer));
  must(bench->inbox().put(notification("1", {}, "other")));
  must(bench->inbox().quarantine({"main", bench.now(), "json.syntax", "no object", 1, "rubbish"}));

  auto stats = must(bench->inbox().stats("main"));
  CHECK(stats.pending == 2);
  CHECK(must(bench->inbox().pending_count("main")) == 2);
  CHECK(stats.stored == 2);
  CHECK(stats.quarantined == 1);
  CHECK(stats.oldest_pending == older.received);

  must(bench->inbox().complete("main", "run", std::vector{first}));
  stats = must(bench->inbox().stats("main"));
  CHECK(stats.pending == 1);
  CHECK(must(bench->inbox().pending_count("main")) == 1);
  CHECK(stats.stored == 2);
  CHECK(stats.oldest_pending == newer.received);
  CHECK(stats.newest == newer.received);
  CHECK_FALSE(must(bench->inbox().stats("nowhere")).oldest_pending);
  CHECK_FALSE(must(bench->inbox().stats("nowhere")).newest);
}

TEST_CASE("only completed notifications received before the moment are forgotten, and they are counted") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto put = [&](std::string id, Instant received, std::string site, bool complete) {
    auto made = notification(std::move(id), {"A"}, site);
    made.received = received;
    const auto sequence = must(bench->inbox().put(made)).sequence;
    if (complete) must(bench->inbox().complete(site, "run", std::vector{sequence}));
  };
  put("old and done", bench.now() - 2h, "main", true);
  put("old and done", bench.now() - 2h, "other", true);
  put("old and pending", bench.now() - 2h, "main", false);
  put("at the moment", bench.now() - 1h, "main", true);
  CHECK(must(bench->inbox().forget_completed(bench.now() - 1h)) == 2);
  CHECK(must(bench->inbox().stats("main")).stored == 2);
  CHECK(must(bench->inbox().stats("other")).stored == 0);
  CHECK(must(bench->inbox().forget_completed(bench.now() - 1h)) == 0);
}

TEST_CASE("more notifications than one transaction takes are forgotten in one call") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  constexpr int kCount = 2'500;
  std::vector<Sequence> all;
  {
    std::vector<std::jthread> callers;
    std::mutex mutex;
    for (int caller = 0; caller < 10; ++caller) {
      callers.emplace_back([&, caller] {
        for (int i = caller; i < kCount; i += 10) {
          const auto stored = bench->inbox().put(notification(std::to_string(i)));
          const std::lock_guard lock(mutex);
          if (stored) all.push_back(stored->sequence);
        }
      });
    }
  }
  REQUIRE(all.size() == kCount);
  must(bench->inbox().complete("main", "run", all));
  CHECK(must(bench->inbox().forget_completed(Instant::max())) == kCount);
}

TEST_CASE("quarantine gives back the newest first, each body cut to the cap, bytes as they came") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const std::string odd("a\0b\xff\xfe", 5);
  must(bench->inbox().quarantine({"main", bench.now(), "json.syntax", "bad byte", 4, odd}));
  must(bench->inbox().quarantine({"main", bench.now() + 1s, "json.depth", "too deep", 0, std::string(5'000, 'x')}));
  must(bench->inbox().quarantine({"other", bench.now(), "json.syntax", "elsewhere", 0, "y"}));
  const auto found = must(bench->inbox().quarantined("main", 10));
  REQUIRE(found.size() == 2);
  CHECK(found[0].code == "json.depth");
  CHECK(found[0].received == bench.now() + 1s);
  CHECK(found[0].body == std::string(kQuarantineBodyBytes, 'x'));
  CHECK(found[1].reason == "bad byte");
  CHECK(found[1].offset == 4);
  CHECK(found[1].body == odd);
  CHECK(must(bench->inbox().quarantined("main", 1)).size() == 1);
}

TEST_CASE("older bodies in quarantine make room: at the cap in count") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  for (std::size_t i = 0; i < kQuarantineCount + 3; ++i) {
    must(bench->inbox().quarantine({"main", bench.now(), "c", std::to_string(i), 0, "b"}));
  }
  const auto found = must(bench->inbox().quarantined("main", 100));
  REQUIRE(found.size() == kQuarantineCount);
  CHECK(found.front().reason == std::to_string(kQuarantineCount + 2));
  CHECK(found.back().reason == "3");
}

TEST_CASE("older bodies in quarantine make room: at the cap in bytes") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  for (int i = 0; i < 4; ++i) {
    must(bench->inbox().quarantine({"main", bench.now(), "c", std::to_string(i), 0, std::string(100, 'b')}));
  }
  must(bench->inbox().quarantine({"other", bench.now(), "c", "kept", 0, std::string(100, 'b')}));
  const auto found = must(bench->inbox().quarantined("main", 100));
  REQUIRE(found.size() == kQuarantineBytes / 100);
  CHECK(found.back().reason == "1");
  CHECK(must(bench->inbox().quarantined("other", 100)).size() == 1);
}

TEST_CASE("many threads that send the same notifications store each once") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  constexpr int kThreads = 8;
  constexpr int kEach = 50;
  std::vector<std::vector<StoredNotification>> answers(kThreads);
  {
    std::vector<std::jthread> callers;
    for (auto& mine : answers) {
      callers.emplace_back([&] {
        for (int i = 0; i < kEach; ++i) {
          if (auto stored = bench->inbox().put(notification(std::to_string(i)))) mine.push_back(*stored);
        }
      });
    }
  }
  int first = 0;
  for (const auto& mine : answers) {
    REQUIRE(mine.size() == kEach);
    for (int i = 0; i < kEach; ++i) {
      CHECK(mine[static_cast<std::size_t>(i)].sequence == answers[0][static_cast<std::size_t>(i)].sequence);
      if (!mine[static_cast<std::size_t>(i)].repeated) ++first;
    }
  }
  CHECK(first == kEach);
  CHECK(pending(bench.store()).size() == kEach);
}
