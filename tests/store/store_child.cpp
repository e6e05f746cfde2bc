// A process for the tests to kill. usage: store_child put <directory> <threads>      prints each acknowledged id
//                                        store_child run <directory>                begins a full run, stages, waits
//                                        store_child deliver|drop <directory>       a large file; dies half-way
//                                        store_child dry-run <directory>            the same without a claim
//                                        store_child seal <directory>               seals a file, consumes, dies at
//                                        once store_child seal-only <directory>          the same, the inbox not yet
//                                        told
// The modes without an end print a line when they are where the test wants them, and wait to be killed.

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "store/sqlite_store.hpp"
#include "store/statements.hpp"

using namespace product_sync;
using namespace product_sync::store;

namespace {

/// One write(2) a line: no buffer loses it, and lines of several threads stay whole.
void say(const std::string& line) {
  const auto text = line + "\n";
  if (::write(STDOUT_FILENO, text.data(), text.size()) < 0) std::_Exit(3);
}

template <class T>
T must(Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "store_child: %s\n", result.error().text().c_str());
  std::_Exit(2);
}
void must(const Result<void>& result) {
  if (!result) std::fprintf(stderr, "store_child: %s\n", result.error().text().c_str()), std::_Exit(2);
}

[[noreturn]] void wait_to_be_killed() {
  while (true) ::pause();
}

NewNotification notification(std::string id) {
  return {"main", "t", "q", std::move(id), 1, Instant{}, {"AACOMPUT01"}, true, std::string(700, 'b')};
}

void put_until_killed(Store& store, int threads) {
  std::vector<std::jthread> callers;
  for (int caller = 0; caller < threads; ++caller) {
    callers.emplace_back([&store, caller] {
      for (int i = 0;; ++i) {
        const auto id = std::to_string(::getpid()) + "." + std::to_string(caller) + "." + std::to_string(i);
        const auto stored = must(store.inbox().put(notification(id)));
        say(id + " " + std::to_string(stored.sequence));
      }
    });
  }
}

FileId stage(Store& store, const std::string& run_id) {
  const auto file = must(store.outbox().open("main", run_id, Instant{}));
  const std::vector<StagedRow> rows{{"key:A", "A", "id:A", "h1", {{"Title", "one"}}, Instant{}}};
  must(store.outbox().stage(file, rows));
  return file;
}

void run_until_killed(Store& store, bool dry) {
  NewRun what;
  what.site = "main";
  what.type = RunType::full;
  what.dry_run = dry;
  const auto active = must(store.runs().begin(what));
  stage(store, active->run().id);
  say(active->run().id);
  wait_to_be_killed();
}

void seal_and_die(Store& store) {
  const auto sequence = must(store.inbox().put(notification("1"))).sequence;
  const auto file = stage(store, "run");
  must(store.outbox().seal(file, {"f.txt", "/f.txt", 1, 1, "0"}, {{sequence}, {}}, Instant{}));
  say("sealed");
  ::raise(SIGKILL);
}

/// What seal_and_die() leaves when the kill comes right after the commit of the sealing.
void seal_and_die_before_the_inbox_knows(SqliteStore& store, const std::string& directory, Logger& log) {
  const auto sequence = must(store.inbox().put(notification("1"))).sequence;
  const auto file = stage(store, "run");
  auto ledger = must(SqliteDatabase::open(directory + "/ledger.db", ledger_migrations(), {}, log));
  must(ledger->write([&](Connection& connection) -> Result<void> {
    if (auto done = connection.run(sql::outbox::kSeal, file, "f.txt", "/f.txt", 1, 1, "0", Instant{}); !done) return done;
    return connection.run(sql::consumed::kAdd, "main", sequence, "run");
  }));
  say("sealed");
  ::raise(SIGKILL);
}

/// Delivers or drops a file of many commits, and dies after the first of them.
void work_off_and_die(Store& store, const SqliteOptions& options, Clock& clock, Logger& log, bool drop) {
  const auto file = must(store.outbox().open("main", "run", Instant{}));
  std::vector<StagedRow> rows;
  for (int i = 0; i < 50'000; ++i) {
    const auto sku = std::to_string(i);
    rows.push_back({"key:" + sku, sku, "id:" + sku, "h1", {{"Title", sku}}, Instant{}});
  }
  must(store.outbox().stage(file, rows));
  must(store.outbox().seal(file, {"f.txt", "/f.txt", rows.size(), 1, "0"}, {}, Instant{}));
  auto watched = must(SqliteStore::open(options, clock, log));
  const std::jthread killer([&] {
    while (must(watched->outbox().find(file))->state == FileState::sealed) std::this_thread::yield();
    ::raise(SIGKILL);
  });
  if (drop) static_cast<void>(store.outbox().drop(file, Instant{}));
  if (!drop) static_cast<void>(store.outbox().delivered(file, Instant{}));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 1;
  const std::string mode = argv[1];
  SystemClock clock;
  Logger log(LogFormat::text, LogLevel::error);
  SqliteOptions options;
  options.directory = argv[2];
  options.disk_floor = 0;
  auto store = must(SqliteStore::open(options, clock, log));
  if (mode == "put") put_until_killed(*store, std::atoi(argv[3]));
  if (mode == "run") run_until_killed(*store, false);
  if (mode == "dry-run") run_until_killed(*store, true);
  if (mode == "seal") seal_and_die(*store);
  if (mode == "deliver" || mode == "drop") work_off_and_die(*store, options, clock, log, mode == "drop");
  if (mode == "seal-only") seal_and_die_before_the_inbox_knows(*store, options.directory, log);
  return 1;
}
