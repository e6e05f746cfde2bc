// What every store promises of runs, leases, the retry list and watermarks.

#include <thread>

#include "store/states.hpp"
#include "store/store_bench.hpp"

using namespace product_sync;
using namespace product_sync::store;
using namespace std::chrono_literals;

namespace {

NewRun new_run(RunType type = RunType::full, std::string site = "main") {
  NewRun what;
  what.site = std::move(site);
  what.type = type;
  what.trigger = "cli";
  return what;
}

}  // namespace

TEST_CASE("a run is recorded from its beginning to its end") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  auto what = new_run(RunType::custom);
  what.from = bench.now() - 24h;
  what.to = bench.now();
  auto active = must(bench->runs().begin(what));
  const auto id = active->run().id;
  auto found = must(bench->runs().find(id));
  REQUIRE(found);
  CHECK(found->state == RunState::running);
  CHECK(found->what.type == RunType::custom);
  CHECK(found->what.trigger == "cli");
  CHECK(found->what.from == what.from);
  CHECK(found->what.to == what.to);
  CHECK(found->started == bench.now());
  CHECK_FALSE(found->finished);

  const RunCounts half{5, 4, 3, 2, 1, 6, 7};
  must(active->progress(half));
  CHECK(must(bench->runs().find(id))->counts == half);

  bench.clock().advance(10min);
  const RunCounts all{50, 40, 30, 20, 10, 60, 70};
  const Error error{"sftp.refused", "the server refused", "look there", Retry::later, {}};
  must(active->finish(RunState::failed, all, "f.txt", &error));
  bench.reopen();
  found = must(bench->runs().find(id));
  REQUIRE(found);
  CHECK(found->state == RunState::failed);
  CHECK(found->finished == bench.now());
  CHECK(found->counts == all);
  CHECK(found->file_name == "f.txt");
  CHECK(found->error_code == "sftp.refused");
  CHECK_THAT(found->error, ContainsSubstring("the server refused"));
  CHECK_FALSE(must(bench->runs().find("no such run")));
}

TEST_CASE("a second run of a site and type conflicts while the first is alive, here and in another process") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto another = bench.open_another();
  auto active = must(bench->runs().begin(new_run()));
  CHECK(error_of(bench->runs().begin(new_run())) == "run.conflict");
  CHECK(error_of(another->runs().begin(new_run())) == "run.conflict");
  for (Store* store : {&bench.store(), another.get()}) {
    const auto running = must(store->runs().running("main", RunType::full));
    REQUIRE(running);
    CHECK(running->id == active->run().id);
    CHECK_FALSE(must(store->runs().running("main", RunType::delta)));
  }
  must(another->runs().begin(new_run(RunType::delta)));
  must(another->runs().begin(new_run(RunType::full, "other")));
  must(active->finish(RunState::succeeded, {}, "", nullptr));
  CHECK_FALSE(must(bench->runs().running("main", RunType::full)));
  must(another->runs().begin(new_run()));
}

TEST_CASE("of many that begin the same run at once, one does") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  std::vector<std::unique_ptr<ActiveRun>> active(8);
  {
    std::vector<std::jthread> callers;
    for (auto& mine : active) {
      callers.emplace_back([&] {
        if (auto begun = bench->runs().begin(new_run())) mine = std::move(*begun);
      });
    }
  }
  CHECK(std::count_if(active.begin(), active.end(), [](const auto& run) { return run != nullptr; }) == 1);
}

TEST_CASE("dry runs claim nothing") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  auto dry = new_run();
  dry.dry_run = true;
  auto first = must(bench->runs().begin(dry));
  auto second = must(bench->runs().begin(dry));
  CHECK_FALSE(must(bench->runs().running("main", RunType::full)));
  auto real = must(bench->runs().begin(new_run()));
  auto third = must(bench->runs().begin(dry));
  CHECK(must(bench->runs().find(first->run().id))->state == RunState::running);
  CHECK(must(bench->runs().find(first->run().id))->what.dry_run);
  must(first->finish(RunState::succeeded, {}, "", nullptr));
  CHECK(must(bench->runs().find(first->run().id))->state == RunState::succeeded);
}

TEST_CASE("a run that is destroyed unfinished is recorded as interrupted, and its unsealed files are gone") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  std::string id;
  FileId sealed = 0;
  {
    auto active = must(bench->runs().begin(new_run()));
    id = active->run().id;
    sealed = seal_rows(bench.store(), {row("A", "h", bench.now())}, id);
    const auto unsealed = must(bench->outbox().open("main", id, bench.now()));
    must(bench->outbox().stage(unsealed, std::vector{row("B", "h", bench.now())}));
  }
  CHECK(must(bench->runs().find(id))->state == RunState::interrupted);
  CHECK(must(bench->runs().find(id))->finished == bench.now());
  const auto files = must(bench->outbox().list("main", 10));
  REQUIRE(files.size() == 1);
  CHECK(files[0].id == sealed);
  must(bench->runs().begin(new_run()));
}

TEST_CASE("a run ends once") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  auto active = must(bench->runs().begin(new_run()));
  CHECK(error_of(active->finish(RunState::running, {}, "", nullptr)) == "run.finished");
  must(active->finish(RunState::partial, {}, "", nullptr));
  CHECK(error_of(active->finish(RunState::failed, {}, "", nullptr)) == "run.finished");
  const auto id = active->run().id;
  active.reset();
  CHECK(must(bench->runs().find(id))->state == RunState::partial);
}

TEST_CASE("a request to cancel reaches the run, also from another process") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto another = bench.open_another();
  auto active = must(bench->runs().begin(new_run()));
  auto untouched = must(bench->runs().begin(new_run(RunType::delta)));
  CHECK_FALSE(must(active->cancel_requested()));
  must(another->runs().request_cancel(active->run().id));
  CHECK(must(active->cancel_requested()));
  CHECK_FALSE(must(untouched->cancel_requested()));
  must(active->finish(RunState::cancelled, {}, "", nullptr));
  CHECK(error_of(another->runs().request_cancel(active->run().id)) == "run.finished");
  CHECK(error_of(another->runs().request_cancel("no such run")) == "run.not_found");
}

TEST_CASE("runs are listed newest first, of one site or of all, and their ids sort by time") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  std::vector<std::string> ids;
  for (const auto* site : {"main", "other", "main"}) {
    ids.push_back(must(bench->runs().begin(new_run(RunType::full, site)))->run().id);
    bench.clock().advance(1ms);
  }
  CHECK(std::is_sorted(ids.begin(), ids.end()));
  const auto listed = [&](std::string_view site, std::size_t limit) {
    std::vector<std::string> found;
    for (const auto& run : must(bench->runs().list(site, limit))) found.push_back(run.id);
    return found;
  };
  CHECK(listed("", 10) == std::vector{ids[2], ids[1], ids[0]});
  CHECK(listed("main", 10) == std::vector{ids[2], ids[0]});
  CHECK(listed("", 1) == std::vector{ids[2]});
}

TEST_CASE("the newest 1,000 push runs of a site are kept, and every run of another type") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  must(must(bench->runs().begin(new_run(RunType::full)))->finish(RunState::succeeded, {}, "", nullptr));
  must(must(bench->runs().begin(new_run(RunType::push, "other")))->finish(RunState::succeeded, {}, "", nullptr));
  std::string first;
  for (int i = 0; i < 1'003; ++i) {
    auto active = must(bench->runs().begin(new_run(RunType::push)));
    if (i == 0) first = active->run().id;
    must(active->finish(RunState::succeeded, {}, "", nullptr));
  }
  CHECK(must(bench->runs().list("main", 5'000)).size() == 1'001);
  CHECK(must(bench->runs().list("other", 5'000)).size() == 1);
  CHECK_FALSE(must(bench->runs().find(first)));
}

TEST_CASE("words of run types and states are read back, and only a running run changes its state") {
  for (const auto type : {RunType::full, RunType::delta, RunType::custom, RunType::push}) {
    CHECK(parse_run_type(to_text(type)) == type);
  }
  CHECK_FALSE(parse_run_type("half"));
  for (const auto& [from, from_word] : run_state_names()) {
    CHECK(parse_run_state(from_word) == from);
    for (const auto& [to, to_word] : run_state_names()) {
      CHECK(may_follow(from, to) == (from == RunState::running && to != RunState::running));
    }
  }
}

TEST_CASE("a lease is held by one, here or in another process, until its holder goes") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  const auto another = bench.open_another();
  auto lease = must(bench->try_lease("delivery/main ä"));
  REQUIRE(lease);
  CHECK_FALSE(must(bench->try_lease("delivery/main ä")));
  CHECK_FALSE(must(another->try_lease("delivery/main ä")));
  CHECK(must(another->try_lease("delivery_main ä")));
  lease.reset();
  CHECK(must(another->try_lease("delivery/main ä")));
}

TEST_CASE("an item on the retry list is replaced, and its attempts rise") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  must(bench->retries().put("main", "run", std::vector<RetryEntry>{{"A", "read.failed", "first", 1, bench.now()}}, bench.now()));
  must(bench->retries().put("main", "run", std::vector<RetryEntry>{{"A", "read.refused", "second", 1, bench.now() + 1h}}, bench.now()));
  bench.reopen();
  const auto entries = must(bench->retries().list("main", 10));
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].code == "read.refused");
  CHECK(entries[0].message == "second");
  CHECK(entries[0].attempts == 2);
  CHECK(entries[0].next_attempt == bench.now() + 1h);
}

TEST_CASE("items are due from their moment on, the longest due first, per site and up to a limit") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  must(bench->retries().put("main", "run", std::vector<RetryEntry>{{"later", "c", "m", 0, bench.now() + 1us},
                                                            {"now", "c", "m", 0, bench.now()},
                                                            {"long", "c", "m", 0, bench.now() - 1h}}, bench.now()));
  must(bench->retries().put("other", "run", std::vector<RetryEntry>{{"now", "c", "m", 0, bench.now()}}, bench.now()));
  const auto due = must(bench->retries().due("main", bench.now(), 10));
  REQUIRE(due.size() == 2);
  CHECK(due[0].inventory_id == "long");
  CHECK(due[1].inventory_id == "now");
  CHECK(must(bench->retries().due("main", bench.now(), 1)).size() == 1);
  must(bench->retries().remove("main", std::vector<std::string>{"long", "now", "unknown"}));
  CHECK(must(bench->retries().due("main", bench.now(), 10)).empty());
  CHECK(must(bench->retries().list("main", 10)).size() == 1);
  CHECK(must(bench->retries().list("other", 10)).size() == 1);
}

TEST_CASE("a watermark only moves forward") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  CHECK_FALSE(must(bench->watermarks().get("main")));
  must(bench->watermarks().advance("main", bench.now()));
  must(bench->watermarks().advance("main", bench.now() - 1h));
  CHECK(must(bench->watermarks().get("main")) == bench.now());
  must(bench->watermarks().advance("main", bench.now() + 1us));
  bench.reopen();
  CHECK(must(bench->watermarks().get("main")) == bench.now() + 1us);
  CHECK_FALSE(must(bench->watermarks().get("other")));
}

TEST_CASE("the check finds a working store well, several times") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  must(bench->check());
  must(bench.open_another()->check());
  must(bench->check());
}
