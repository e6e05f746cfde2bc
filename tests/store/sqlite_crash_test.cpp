// A process is killed; what it had acknowledged is there, and what it left half done is as if never begun.

#include <chrono>
#include <map>
#include <random>
#include <thread>

#include "store/piped_child.hpp"
#include "store/sqlite_store.hpp"
#include "store/store_bench.hpp"

using namespace product_sync;
using namespace product_sync::store;
using namespace std::chrono_literals;

namespace {

std::string integrity_of(const std::filesystem::path& file) {
  auto connection = must(Connection::open(file));
  auto query = connection->query("PRAGMA integrity_check");
  std::string answer;
  while (query.next()) answer += query.text(0);
  must(query.end());
  return answer;
}

void check_integrity(const StoreBench& bench) {
  CHECK(integrity_of(bench.directory() / "inbox.db") == "ok");
  CHECK(integrity_of(bench.directory() / "ledger.db") == "ok");
}

}  // namespace

TEST_CASE("no acknowledged notification is lost when the process is killed, in 30 rounds") {
  StoreBench bench;
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  std::map<std::string, Sequence> acknowledged;
  for (int round = 0; round < 30; ++round) {
    PipedChild child({"put", bench.directory().string(), "16"});
    std::vector<std::string> lines{child.read_line()};
    REQUIRE_FALSE(lines.front().empty());
    // At a random moment: after so many answers, and a little into the next commit.
    for (auto left = random() % 200; left > 0; --left) lines.push_back(child.read_line());
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 3'000));
    for (auto& line : child.kill_and_drain()) lines.push_back(std::move(line));
    for (const auto& line : lines) {
      const auto space = line.find(' ');
      REQUIRE(acknowledged.emplace(line.substr(0, space), std::stoll(line.substr(space + 1))).second);
    }
  }
  bench.reopen();
  std::map<Sequence, bool> stored;
  for (const auto sequence : pending(bench.store())) stored[sequence] = true;
  std::size_t lost = 0;
  for (const auto& [id, sequence] : acknowledged) lost += stored.contains(sequence) ? 0 : 1;
  CHECK(lost == 0);
  CHECK(stored.size() >= acknowledged.size());

  // ... each under its own number: sending one again is a repeat.
  std::size_t wrong = 0;
  for (const auto& [id, sequence] : acknowledged) {
    NewNotification again{"main", "t", "q", id, 1, Instant{}, {}, true, ""};
    if (random() % 16 != 0) continue;
    const auto answer = must(bench->inbox().put(again));
    wrong += answer.repeated && answer.sequence == sequence ? 0 : 1;
  }
  CHECK(wrong == 0);
  check_integrity(bench);
}

TEST_CASE("the run of a killed process is interrupted, its unsealed file gone, and the next run begins") {
  StoreBench bench;
  PipedChild child({"run", bench.directory().string()});
  const auto id = child.read_line();
  REQUIRE_FALSE(id.empty());
  NewRun what;
  what.site = "main";
  what.type = RunType::full;
  CHECK(error_of(bench->runs().begin(what)) == "run.conflict");
  CHECK(must(bench->runs().running("main", RunType::full))->id == id);
  CHECK(must(bench->outbox().list("main", 10)).size() == 1);

  child.kill_and_drain();
  CHECK_FALSE(must(bench->runs().running("main", RunType::full)));
  const auto active = must(bench->runs().begin(what));
  CHECK(must(bench->runs().find(id))->state == RunState::interrupted);
  CHECK(must(bench->outbox().list("main", 10)).empty());
  check_integrity(bench);
}

TEST_CASE("opening the store marks the runs of killed processes, dry ones too, and leaves the living alone") {
  StoreBench bench;
  NewRun alive;
  alive.site = "main";
  alive.type = RunType::delta;
  const auto active = must(bench->runs().begin(alive));
  std::string killed;
  std::string killed_dry;
  {
    PipedChild child({"run", bench.directory().string()});
    killed = child.read_line();
    PipedChild dry({"dry-run", bench.directory().string()});
    killed_dry = dry.read_line();
  }
  const auto another = bench.open_another();
  CHECK(must(another->runs().find(killed))->state == RunState::interrupted);
  CHECK(must(another->runs().find(killed_dry))->state == RunState::interrupted);
  CHECK(must(another->runs().find(active->run().id))->state == RunState::running);
}

TEST_CASE("a kill between sealing and delivery leaves the file to deliver and its notifications done") {
  StoreBench bench;
  PipedChild child({GENERATE("seal", "seal-only"), bench.directory().string()});
  REQUIRE(child.read_line() == "sealed");
  child.await_end();
  // Without reopening: another process of the same installation has to see it at once.
  CHECK(pending(bench.store()).empty());
  CHECK(must(bench->inbox().stats("main")).pending == 0);
  bench.reopen();
  CHECK(pending(bench.store()).empty());
  const auto next = must(bench->outbox().next("main"));
  REQUIRE(next);
  CHECK(must(bench->outbox().delivered(next->id, bench.now())).rows == 1);
  CHECK(must(bench->ledger().find("main", "key:A"))->content_hash == "h1");
  check_integrity(bench);
}

TEST_CASE("a kill between the commits of a large delivery leaves a file that the next one goes on with") {
  StoreBench bench;
  PipedChild({"deliver", bench.directory().string()}).await_end();
  bench.reopen();
  const auto next = must(bench->outbox().next("main"));
  REQUIRE(next);
  CHECK(next->state == FileState::applying);
  // Half of it comes from the ledger now, half still from the file.
  const auto known = must(bench->ledger().known("main", std::vector<std::string>{"key:0", "key:49999"}, std::nullopt));
  CHECK(known.at("key:0").content_hash == "h1");
  CHECK(known.at("key:49999").content_hash == "h1");
  CHECK(must(bench->ledger().told("main", "key:49999", std::nullopt))->at("Title") == "49999");

  const auto rest = must(bench->outbox().delivered(next->id, bench.now() + 1h)).rows;
  CHECK(rest > 0);
  CHECK(rest < 50'000);
  CHECK_FALSE(must(bench->outbox().next("main")));
  CHECK(must(bench->ledger().counts("main")) == std::map<ProductState, std::uint64_t>{{ProductState::sent, 50'000}});
  CHECK(must(bench->ledger().find("main", "key:49999"))->sent_at == next->delivered);
  check_integrity(bench);
}

TEST_CASE("a kill between the commits of dropping a large file leaves a file that the next try goes on with") {
  StoreBench bench;
  PipedChild({"drop", bench.directory().string()}).await_end();
  bench.reopen();
  const auto next = must(bench->outbox().next("main"));
  REQUIRE(next);
  CHECK(next->state == FileState::dropping);
  CHECK(must(bench->outbox().drop(next->id, bench.now())) > 0);
  CHECK_FALSE(must(bench->outbox().next("main")));
  CHECK(must(bench->retries().list("main", 100'000)).size() == 50'000);
  check_integrity(bench);
}
