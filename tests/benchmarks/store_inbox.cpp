// What the store sustains on this machine. usage: benchmark_store [directory] [ledger rows] [part ...]
// Parts: puts, ledger. Not a test: it prints numbers and judges none.

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/digest.hpp"
#include "store/sqlite_store.hpp"

using namespace product_sync;
using namespace product_sync::store;
using namespace std::chrono_literals;

namespace {

double seconds_since(Monotonic start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

template <class T>
T must(Result<T> result) {
  if (result) return std::move(*result);
  fmt::print(stderr, "{}: {}\n", result.error().code, result.error().text());
  std::exit(1);
}
void must(const Result<void>& result) {
  if (result) return;
  fmt::print(stderr, "{}: {}\n", result.error().code, result.error().text());
  std::exit(1);
}

double resident_mib() {
  std::ifstream status("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  status >> all >> resident;
  return static_cast<double>(resident) * 4096 / (1 << 20);
}

/// Processor time of this process: on a busy machine it says more than the clock on the wall.
double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

std::uint64_t size_of(const std::filesystem::path& file) {
  std::error_code missing;
  const auto size = std::filesystem::file_size(file, missing);
  return missing ? 0 : size;
}

struct Puts {
  std::size_t stored = 0;
  std::vector<double> milliseconds;
};

/// Puts from `threads` callers for a while.
Puts put_for(SqliteStore& store, int threads, std::chrono::milliseconds time) {
  std::vector<Puts> each(static_cast<std::size_t>(threads));
  std::atomic<bool> stop = false;
  {
    std::vector<std::jthread> callers;
    for (auto& mine : each) {
      callers.emplace_back([&] {
        const auto prefix = random_hex(8);
        const std::string body(1024, 'x');
        while (!stop) {
          NewNotification n{"main", "tenant", "items", prefix + std::to_string(mine.stored), 1, Instant{},
                            {"A"},  true,     body};
          const auto start = std::chrono::steady_clock::now();
          must(store.inbox().put(std::move(n)));
          mine.milliseconds.push_back(seconds_since(start) * 1e3);
          ++mine.stored;
        }
      });
    }
    std::this_thread::sleep_for(time);
    stop = true;
  }
  Puts all;
  for (auto& mine : each) {
    all.stored += mine.stored;
    all.milliseconds.insert(all.milliseconds.end(), mine.milliseconds.begin(), mine.milliseconds.end());
  }
  std::ranges::sort(all.milliseconds);
  return all;
}

void report_puts(SqliteStore& store, const std::filesystem::path& directory, int threads, const char* remark) {
  constexpr auto kTime = 5s;
  const auto before = store.inbox_writer().commits();
  const auto puts = put_for(store, threads, kTime);
  const auto commits = store.inbox_writer().commits() - before;
  const auto& ms = puts.milliseconds;
  const auto at = [&](double share) {
    return ms[static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1))];
  };
  fmt::print(
      "put 1 KiB, {:>3} threads{}: {:>7.0f}/s, {:>5.0f} commits/s, p50 {:.2f} ms, p99 {:.2f} ms, longest {:.1f} ms, "
      "log {} MiB\n",
      threads, remark, static_cast<double>(puts.stored) / 5, static_cast<double>(commits) / 5, at(0.5), at(0.99),
      ms.back(), size_of(directory / "inbox.db-wal") >> 20U);
}

std::string key_of(std::size_t number) { return fmt::format("SKU-{:09}", number); }

StagedRow row_of(std::size_t number, Instant read_at, std::string_view hash) {
  StagedRow row{key_of(number), key_of(number), key_of(number), std::string(hash), {}, read_at};
  row.told["Title"] = fmt::format("Product number {} with a title of a usual length", number);
  row.told["Description"] = std::string(400, 'd');
  row.told["Price"] = "12.34";
  row.told["Classification"] = "Things";
  for (int i = 0; i < 8; ++i) row.told[fmt::format("attribute:Attribute {}", i)] = "some value";
  return row;
}

void stage_all(SqliteStore& store, FileId file, std::size_t rows, Instant read_at, std::string_view hash) {
  constexpr std::size_t kPage = 2'500;
  double staging = 0;
  double cpu = 0;
  for (std::size_t first = 0; first < rows; first += kPage) {
    std::vector<StagedRow> page;
    for (std::size_t i = first; i < std::min(rows, first + kPage); ++i) page.push_back(row_of(i, read_at, hash));
    const auto start = std::chrono::steady_clock::now();
    const auto cpu_start = cpu_seconds();
    must(store.outbox().stage(file, page));
    staging += seconds_since(start);
    cpu += cpu_seconds() - cpu_start;
  }
  fmt::print("stage {} rows: {:.1f} s, {:.0f} rows/s; {:.1f} s of processor time\n", rows, staging,
             static_cast<double>(rows) / staging, cpu);
}

void deliver(SqliteStore& store, const std::filesystem::path& directory, std::size_t rows, std::string_view hash) {
  const Instant now = SystemClock{}.now();
  const auto file = must(store.outbox().open("main", "run", now));
  stage_all(store, file, rows, now, hash);
  fmt::print("  resident {:.0f} MiB, peak {:.0f} MiB\n", resident_mib(), peak_mib());
  auto start = std::chrono::steady_clock::now();
  auto cpu = cpu_seconds();
  must(store.outbox().seal(file, {"name", "path", rows, 1, "sha"}, {}, now));
  fmt::print("seal: {:.1f} s, {:.1f} s of processor time, log {} MiB\n", seconds_since(start), cpu_seconds() - cpu,
             size_of(directory / "ledger.db-wal") >> 20U);
  start = std::chrono::steady_clock::now();
  cpu = cpu_seconds();
  std::atomic<bool> done = false;
  double longest = 0;
  {
    std::jthread intake([&] {  // a notification now and then must not wait for the delivery
      for (int i = 0; !done; ++i) {
        const auto from = std::chrono::steady_clock::now();
        must(store.inbox().put({"other", "t", "q", random_hex(8), 1, Instant{}, {"A"}, true, std::string(1024, 'x')}));
        longest = std::max(longest, seconds_since(from) * 1e3);
        std::this_thread::sleep_for(1ms);
      }
    });
    const auto applied = must(store.outbox().delivered(file, now));
    done = true;
    fmt::print("delivered {} rows: {:.1f} s, {:.1f} s of processor time, log {} MiB, ", applied.rows,
               seconds_since(start), cpu_seconds() - cpu, size_of(directory / "ledger.db-wal") >> 20U);
  }
  fmt::print("longest put meanwhile {:.1f} ms\n  resident {:.0f} MiB, peak {:.0f} MiB\n", longest, resident_mib(),
             peak_mib());
}

void look_up(SqliteStore& store, std::size_t rows, std::optional<FileId> own, const char* remark) {
  constexpr std::size_t kPage = 2'500;
  const auto start = std::chrono::steady_clock::now();
  std::size_t found = 0;
  for (std::size_t first = 0; first < rows; first += kPage) {
    std::vector<std::string> keys;
    for (std::size_t i = first; i < std::min(rows, first + kPage); ++i) keys.push_back(key_of(i));
    found += must(store.ledger().known("main", keys, own)).size();
  }
  const auto took = seconds_since(start);
  fmt::print("known() of {} keys{}: {} found, {:.1f} s, {:.0f}/s\n", rows, remark, found, took,
             static_cast<double>(rows) / took);
}

void measure_ledger(SqliteStore& store, const std::filesystem::path& directory, std::size_t rows) {
  deliver(store, directory, rows, "first hash of sixty-four characters, as SHA-256 in hexadecimal  ");
  look_up(store, rows, {}, "");
  const auto own = must(store.outbox().open("main", "run", Instant{}));
  look_up(store, rows, own, " with a file being written");
  must(store.outbox().discard(own));
  const auto start = std::chrono::steady_clock::now();
  (void)must(store.ledger().counts("main"));
  fmt::print("counts(): {:.0f} ms\n", seconds_since(start) * 1e3);
  fmt::print("-- all of them again, changed\n");
  deliver(store, directory, rows, "another hash of sixty-four characters, as SHA-256 in hexadecimal");
  fmt::print("ledger.db {} MiB\n", size_of(directory / "ledger.db") >> 20U);
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path directory = argc > 1 ? argv[1] : "/tmp/store_benchmark";
  const std::size_t rows = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000;
  const std::set<std::string> parts =
      argc > 3 ? std::set<std::string>(argv + 3, argv + argc) : std::set<std::string>{"puts", "ledger"};
  std::filesystem::remove_all(directory);
  SystemClock clock;
  Logger log(LogFormat::text, LogLevel::info);
  SqliteOptions options;
  options.directory = directory;
  auto store = must(SqliteStore::open(options, clock, log));
  if (parts.contains("puts")) {
    for (const int threads : {1, 16, 64, 256}) report_puts(*store, directory, threads, "");
  }
  if (parts.contains("ledger")) measure_ledger(*store, directory, rows);
  store.reset();
  std::filesystem::remove_all(directory);
}
