// The writer thread, and what SqliteOptions promise: grouping, failing jobs, full queues, disk floor.

#include <sys/stat.h>

#include <array>
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <thread>

#include "store/sqlite_store.hpp"
#include "store/statements.hpp"
#include "store/store_bench.hpp"

using namespace product_sync;
using namespace product_sync::store;
using namespace std::chrono_literals;

namespace {

constexpr const char* kNewTable =
    "CREATE TABLE fact (text TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE detail (fact TEXT REFERENCES fact (text) DEFERRABLE INITIALLY DEFERRED) STRICT";
constexpr const char* kInsert = "INSERT INTO fact (text) VALUES (?1)";
constexpr const char* kInsertDetail = "INSERT INTO detail (fact) VALUES (?1)";  // checked at COMMIT
constexpr const char* kCount = "SELECT count(*) FROM fact";
constexpr const char* kRollback = "ROLLBACK";
constexpr const char* kBegin = "BEGIN IMMEDIATE";

constexpr std::array kMigrations{Migration{kNewTable}};

struct DatabaseBench {
  TemporaryFolder folder;
  Logger log{LogFormat::text, LogLevel::error};
  std::unique_ptr<SqliteDatabase> database;

  explicit DatabaseBench(QueueLimits limits = {}) {
    database = must(SqliteDatabase::open(folder.path() / "facts.db", kMigrations, limits, log));
  }
  Result<void> insert(const std::string& text, Admission admission = Admission::always, std::uint64_t bytes = 0) {
    return database->write([&](Connection& connection) { return connection.run(kInsert, text); }, admission, bytes);
  }
  std::uint64_t count() {
    return must(database->read([](Connection& connection) -> Result<std::uint64_t> {
      auto query = connection.query(kCount);
      return query.next() ? query.count(0) : 0;
    }));
  }
  void await_waiting(std::size_t jobs) const {
    while (database->writer().waiting() < jobs) std::this_thread::yield();
  }
};

/// Keeps the writer inside a job until it is opened, so that the next group can gather.
class Gate {
 public:
  explicit Gate(SqliteDatabase& database)
      : thread_([this, &database] {
          (void)database.write([this](Connection&) -> Result<void> {
            entered_.count_down();
            open_.wait();
            return {};
          });
        }) {
    entered_.wait();
  }
  ~Gate() { open(); }
  void open() {
    if (!opened_) open_.count_down();
    opened_ = true;
  }

 private:
  bool opened_ = false;
  std::latch entered_{1};
  std::latch open_{1};
  std::jthread thread_;
};

}  // namespace

TEST_CASE("jobs that wait together share one commit") {
  DatabaseBench bench;
  const auto before = bench.database->writer().commits();
  std::vector<Result<void>> outcomes(200);
  {
    Gate gate(*bench.database);
    std::vector<std::jthread> callers;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      callers.emplace_back([&, i] { outcomes[i] = bench.insert(std::to_string(i)); });
    }
    bench.await_waiting(201);
    gate.open();
  }
  for (const auto& outcome : outcomes) CHECK(outcome);
  CHECK(bench.count() == 200);
  CHECK(bench.database->writer().commits() - before == 2);
}

TEST_CASE("jobs of a burst share one commit although the writer is idle") {
  DatabaseBench bench;
  const auto before = bench.database->writer().commits();
  std::array<std::promise<Result<void>>, 20> outcomes;
  bench.database->writer().hold();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    must(bench.database->submit(
        [text = std::to_string(i)](Connection& connection) { return connection.run(kInsert, text); },
        [&outcome = outcomes[i]](Result<void> result) { outcome.set_value(std::move(result)); }, Admission::always, 0));
  }
  bench.database->writer().release();
  for (auto& outcome : outcomes) CHECK(outcome.get_future().get());
  CHECK(bench.database->writer().commits() - before == 1);
  must(bench.insert("later"));
}

TEST_CASE("concurrent posts use far fewer commits than posts") {
  StoreBench bench;
  const auto& writer = dynamic_cast<SqliteStore&>(bench.store()).inbox_writer();
  const auto before = writer.commits();
  std::atomic<int> stored = 0;
  {
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < 64; ++caller) {
      callers.emplace_back([&, caller] {
        for (int i = 0; i < 20; ++i) {
          if (bench->inbox().put(notification(std::to_string(caller) + "." + std::to_string(i)))) ++stored;
        }
      });
    }
  }
  CHECK(stored == 64 * 20);
  CHECK(writer.commits() - before < 64 * 20 / 4);
}

TEST_CASE("a job of one statement that fails spoils no other of its group") {
  DatabaseBench bench;
  must(bench.insert("taken"));
  const std::array<const char*, 3> texts{"before", "taken", "after"};
  std::array<std::promise<Result<void>>, 3> outcomes;
  {
    Gate gate(*bench.database);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      must(bench.database->submit([text = texts[i]](Connection& connection) { return connection.run(kInsert, text); },
                                  [&outcome = outcomes[i]](Result<void> result) { outcome.set_value(std::move(result)); },
                                  Admission::always, 0, Writes::one_statement));
    }
    gate.open();
  }
  CHECK(outcomes[0].get_future().get());
  CHECK(error_of(outcomes[1].get_future().get()) == "store.sql");
  CHECK(outcomes[2].get_future().get());
  CHECK(bench.count() == 3);
}

TEST_CASE("a job that fails leaves nothing behind and spoils no other of its group") {
  DatabaseBench bench;
  must(bench.insert("taken"));
  Result<void> good_before;
  Result<void> bad;
  Result<void> refused;
  Result<void> good_after;
  {
    Gate gate(*bench.database);
    std::jthread first([&] { good_before = bench.insert("before"); });
    bench.await_waiting(2);
    std::jthread second([&] {
      bad = bench.database->write([](Connection& connection) -> Result<void> {
        if (auto done = connection.run(kInsert, "written before the fault"); !done) return done;
        return connection.run(kInsert, "taken");
      });
    });
    bench.await_waiting(3);
    std::jthread third([&] {
      refused = bench.database->write([](Connection& connection) -> Result<void> {
        if (auto done = connection.run(kInsert, "written before the refusal"); !done) return done;
        return fail("test.refused", "on purpose");
      });
    });
    bench.await_waiting(4);
    std::jthread fourth([&] { good_after = bench.insert("after"); });
    bench.await_waiting(5);
    gate.open();
  }
  CHECK(good_before);
  CHECK(error_of(bad) == "store.sql");
  CHECK(error_of(refused) == "test.refused");
  CHECK(good_after);
  CHECK(bench.count() == 3);
}

TEST_CASE("when the transaction is lost, every job of the group learns that it failed") {
  DatabaseBench bench;
  Result<void> before;
  Result<void> breaker;
  Result<void> after;
  {
    Gate gate(*bench.database);
    std::jthread first([&] { before = bench.insert("before"); });
    bench.await_waiting(2);
    std::jthread second(
        [&] { breaker = bench.database->write([](Connection& connection) { return connection.run(kRollback); }); });
    bench.await_waiting(3);
    std::jthread third([&] { after = bench.insert("after"); });
    bench.await_waiting(4);
    gate.open();
  }
  CHECK_FALSE(before);
  CHECK_FALSE(breaker);
  CHECK_FALSE(after);
  CHECK(bench.count() == 0);
  must(bench.insert("the writer goes on"));
}

TEST_CASE("a commit that fails fails every job of its group, and nothing of it is there") {
  DatabaseBench bench;
  Result<void> good;
  Result<void> culprit;
  {
    Gate gate(*bench.database);
    std::jthread first([&] { good = bench.insert("good by itself"); });
    bench.await_waiting(2);
    std::jthread second([&] {
      culprit = bench.database->write([](Connection& connection) { return connection.run(kInsertDetail, "missing"); });
    });
    bench.await_waiting(3);
    gate.open();
  }
  CHECK(error_of(good) == "store.sql");
  CHECK(error_of(culprit) == "store.sql");
  CHECK(bench.count() == 0);
  must(bench.insert("the writer goes on"));
}

TEST_CASE("a queue that is full in jobs or in bytes refuses bounded jobs, and takes them again later") {
  const bool by_bytes = GENERATE(false, true);
  DatabaseBench bench(by_bytes ? QueueLimits{SIZE_MAX, 100} : QueueLimits{3, UINT64_MAX});
  {
    Gate gate(*bench.database);  // is one job itself
    std::vector<std::jthread> callers;
    for (int i = 0; i < 2; ++i) {
      callers.emplace_back([&, i] { (void)bench.insert(std::to_string(i), Admission::bounded, 50); });
    }
    bench.await_waiting(3);
    const auto refused = bench.insert("too many", Admission::bounded, 50);
    CHECK(error_of(refused) == "store.queue_full");
    CHECK(refused.error().retry == Retry::later);
    callers.emplace_back([&] { (void)bench.insert("unbounded", Admission::always, 50); });
    bench.await_waiting(4);
    gate.open();
  }
  must(bench.insert("later", Admission::bounded, 50));
  CHECK(bench.count() == 4);
}

TEST_CASE("a full queue is `inbox.full`, asks to come later and stores nothing") {
  TemporaryFolder folder;
  SimulatedClock clock;
  Logger log(LogFormat::text, LogLevel::error);
  SqliteOptions options;
  options.directory = folder.path() / "data";
  options.disk_floor = 0;
  options.longest_queue = 2;
  auto store = must(SqliteStore::open(options, clock, log));
  auto blocker = must(Connection::open(options.directory / "inbox.db"));
  must(blocker->run(kBegin));  // holds the write lock as another process would
  std::vector<Result<StoredNotification>> accepted(2);
  {
    std::vector<std::jthread> callers;
    for (std::size_t i = 0; i < accepted.size(); ++i) {
      callers.emplace_back([&, i] { accepted[i] = store->inbox().put(notification(std::to_string(i))); });
    }
    while (store->inbox_writer().waiting() < 2) std::this_thread::yield();
    const auto refused = store->inbox().put(notification("refused"));
    CHECK(error_of(refused) == "inbox.full");
    CHECK(refused.error().retry == Retry::later);
    CHECK(refused.error().retry_after);
    must(blocker->run(kRollback));
  }
  for (const auto& each : accepted) CHECK(each);
  CHECK(must(store->inbox().stats("main")).stored == 2);
}

TEST_CASE("below the disk floor the inbox is closed") {
  TemporaryFolder folder;
  SimulatedClock clock;
  Logger log(LogFormat::text, LogLevel::error);
  SqliteOptions options;
  options.directory = folder.path() / "data";
  options.disk_floor = UINT64_MAX;
  auto store = must(open_sqlite(options, clock, log));
  const auto refused = store->inbox().put(notification("1"));
  CHECK(error_of(refused) == "inbox.full");
  CHECK(refused.error().retry == Retry::later);
  CHECK(error_of(store->inbox().quarantine({"main", {}, "c", "r", 0, "b"})) == "inbox.full");
  CHECK(must(store->inbox().stats("main")).stored == 0);
}

TEST_CASE("closing the store finishes what was accepted") {
  DatabaseBench bench;
  std::vector<Result<void>> outcomes(50);
  std::vector<std::jthread> callers;
  {
    Gate gate(*bench.database);
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      callers.emplace_back([&, i] { outcomes[i] = bench.insert(std::to_string(i)); });
    }
    bench.await_waiting(51);
  }
  callers.clear();
  bench.database.reset();
  for (const auto& outcome : outcomes) CHECK(outcome);
  auto connection = must(Connection::open(bench.folder.path() / "facts.db"));
  auto query = connection->query(kCount);
  REQUIRE(query.next());
  CHECK(query.integer(0) == 50);
}

TEST_CASE("two stores on one directory both write, and nothing is lost") {
  StoreBench bench;
  const auto another = bench.open_another();
  std::atomic<int> stored = 0;
  {
    std::vector<std::jthread> callers;
    for (Store* store : {&bench.store(), another.get()}) {
      for (int caller = 0; caller < 4; ++caller) {
        callers.emplace_back([&stored, store, caller] {
          for (int i = 0; i < 50; ++i) {
            const auto id = std::to_string(reinterpret_cast<std::uintptr_t>(store)) + std::to_string(caller * 50 + i);
            if (store->inbox().put(notification(id))) ++stored;
          }
        });
      }
    }
  }
  CHECK(stored == 400);
  CHECK(pending(bench.store()).size() == 400);
  CHECK(pending(*another).size() == 400);
}

TEST_CASE("the write-ahead log stays bounded under steady writing, and commits go on") {
  DatabaseBench bench;
  const auto log_file = bench.folder.path() / "facts.db-wal";
  std::uintmax_t longest = 0;
  for (int i = 0; i < 300; ++i) {  // 300 MiB in all
    must(bench.insert(std::to_string(i) + std::string(1 << 20, 'x')));
    longest = std::max(longest, std::filesystem::file_size(log_file));
  }
  CHECK(longest < 200U << 20U);
}
