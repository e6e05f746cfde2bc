// Files of the embedded store: modes, schema versions, damage.

#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "store/sqlite_store.hpp"
#include "store/store_bench.hpp"

using namespace product_sync;
using namespace product_sync::store;

namespace {

unsigned mode_of(const std::filesystem::path& path) {
  struct stat found = {};
  REQUIRE(::stat(path.c_str(), &found) == 0);
  return found.st_mode & 0777U;
}

std::int64_t version_of(const std::filesystem::path& file) {
  auto connection = must(Connection::open(file));
  auto query = connection->query("PRAGMA user_version");
  REQUIRE(query.next());
  return query.integer(0);
}

Result<std::unique_ptr<SqliteStore>> open_in(const std::filesystem::path& directory, Logger& log) {
  static SimulatedClock clock;
  SqliteOptions options;
  options.directory = directory;
  options.disk_floor = 0;
  return SqliteStore::open(options, clock, log);
}

}  // namespace

TEST_CASE("the data directory and everything in it are this user's alone") {
  StoreBench bench;
  must(bench->inbox().put(notification("1")));
  must(bench->try_lease("main.full"));
  CHECK(mode_of(bench.directory()) == 0700);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(bench.directory())) {
    CAPTURE(entry.path());
    CHECK(mode_of(entry.path()) == (entry.is_directory() ? 0700U : 0600U));
  }
}

TEST_CASE("missing parents of the data directory are made") {
  TemporaryFolder folder;
  Logger log(LogFormat::text, LogLevel::error);
  must(must(open_in(folder.path() / "a" / "b" / "c", log))->check());
}

TEST_CASE("a directory that cannot be made is an error that names it and the remedy") {
  TemporaryFolder folder;
  std::ofstream(folder.path() / "file") << "not a directory";
  Logger log(LogFormat::text, LogLevel::error);
  const auto opened = open_in(folder.path() / "file" / "data", log);
  REQUIRE(error_of(opened) == "store.unwritable");
  CHECK_THAT(opened.error().message, ContainsSubstring((folder.path() / "file").string()));
  CHECK_FALSE(opened.error().remedy.empty());
}

TEST_CASE("empty databases are brought from version 0 to the newest schema") {
  TemporaryFolder folder;
  Logger log(LogFormat::text, LogLevel::error);
  for (const auto* name : {"inbox.db", "ledger.db"}) std::ofstream(folder.path() / name).close();
  { must(must(open_in(folder.path(), log))->check()); }
  CHECK(version_of(folder.path() / "inbox.db") == static_cast<std::int64_t>(inbox_migrations().size()));
  CHECK(version_of(folder.path() / "ledger.db") == static_cast<std::int64_t>(ledger_migrations().size()));
}

TEST_CASE("migrations run in order, once each, and a failed one leaves the version before it") {
  TemporaryFolder folder;
  const auto file = folder.path() / "x.db";
  std::ofstream(file).close();
  auto connection = must(Connection::open(file));
  const std::vector<Migration> first{{"CREATE TABLE a (x)"}, {"INSERT INTO a VALUES (1)"}};
  must(migrate(*connection, file, first));
  must(migrate(*connection, file, first));
  auto more = first;
  more.push_back({"INSERT INTO a VALUES (2)"});
  more.push_back({"INSERT INTO a VALUES (3); INSERT INTO missing VALUES (4)"});
  CHECK(error_of(migrate(*connection, file, more)) == "store.sql");
  CHECK(version_of(file) == 3);
  auto query = connection->query("SELECT group_concat(x) FROM a");
  REQUIRE(query.next());
  CHECK(query.text(0) == "1,2");
}

TEST_CASE("a database of a later program is refused with both versions and left as it is") {
  const std::string name = GENERATE("inbox.db", "ledger.db");
  TemporaryFolder folder;
  Logger log(LogFormat::text, LogLevel::error);
  { must(open_in(folder.path(), log)); }
  must(must(Connection::open(folder.path() / name))->script("PRAGMA user_version = 99"));
  const auto opened = open_in(folder.path(), log);
  REQUIRE(error_of(opened) == "store.newer_schema");
  CHECK_THAT(opened.error().message, ContainsSubstring(name));
  CHECK_THAT(opened.error().message, ContainsSubstring("99"));
  CHECK(version_of(folder.path() / name) == 99);
}

TEST_CASE("a file that is no database is an error that names it") {
  TemporaryFolder folder;
  Logger log(LogFormat::text, LogLevel::error);
  std::ofstream(folder.path() / "ledger.db") << std::string(8'192, 'x');
  const auto opened = open_in(folder.path(), log);
  REQUIRE(error_of(opened) == "store.corrupt");
  CHECK_THAT(opened.error().message, ContainsSubstring("ledger.db"));
}

TEST_CASE("stores that are opened at once on a new directory all work") {
  TemporaryFolder folder;
  Logger log(LogFormat::text, LogLevel::error);
  std::vector<std::string> faults(8);
  {
    std::vector<std::jthread> openers;
    for (auto& fault : faults) {
      openers.emplace_back([&] {
        auto opened = open_in(folder.path() / "data", log);
        if (!opened) fault = opened.error().text();
        if (opened && !(*opened)->check()) fault = "check";
      });
    }
  }
  for (const auto& fault : faults) CHECK(fault.empty());
}

TEST_CASE("every database lives in WAL mode, syncs at each commit and checks foreign keys") {
  StoreBench bench;
  for (const auto* name : {"inbox.db", "ledger.db"}) {
    auto connection = must(Connection::open(bench.directory() / name));
    const auto value_of = [&](const char* pragma) {
      auto query = connection->query(pragma);
      return query.next() ? query.text(0) : std::string();
    };
    CHECK(value_of("PRAGMA journal_mode") == "wal");
    CHECK(value_of("PRAGMA synchronous") == "2");
    CHECK(value_of("PRAGMA foreign_keys") == "1");
  }
}
