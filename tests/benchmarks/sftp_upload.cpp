// Uploads a file to an OpenSSH server on loopback, plainly and over a proxy with a round trip of 40 ms, with our SFTP
// destination and with OpenSSH's `sftp -b`, in turns, and prints MB/s of each (best of the rounds).
// usage: scripts/bench sftp [MiB plain=512] [MiB distant=192] [rounds=3] [window KiB=2048]

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <stdexcept>

#include "support/child_process.hpp"
#include "support/fault_proxy.hpp"
#include "support/ssh_server.hpp"
#include "transfer/sftp_destination.hpp"

using namespace product_sync;

namespace {

struct Bench {
  SshServer server;
  std::filesystem::path key = server.accepted_key();
  TemporaryDirectory home{"benchmark"};
  SystemClock clock;
  Logger logger{LogFormat::text, LogLevel::warning};
  std::size_t window_bytes = 2 * 1024 * 1024;
  int rounds = 3;
};

struct Spent {
  double seconds = 1e9;
  double processor_seconds = 1e9;

  void keep_best(const Spent& other) {
    seconds = std::min(seconds, other.seconds);
    processor_seconds = std::min(processor_seconds, other.processor_seconds);
  }
};

double processor_seconds(int who) {
  rusage used{};
  ::getrusage(who, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/// `who` did the work, for getrusage: this thread or a child that has ended.
template <class Function>
Spent spent_on(int who, Function work) {
  const auto start = std::chrono::steady_clock::now();
  const double processor_start = processor_seconds(who);
  work();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
          processor_seconds(who) - processor_start};
}

void with_product_sync(Bench& bench, const std::filesystem::path& file, std::uint16_t port) {
  transfer::SftpOptions options;
  options.host = "127.0.0.1";
  options.port = port;
  options.user = bench.server.user();
  options.private_key = bench.key;
  options.host_key_fingerprints = {bench.server.fingerprint()};
  options.directory = bench.server.files();
  options.buffer_bytes = bench.window_bytes;
  const auto put = transfer::make_sftp(options, bench.clock, bench.logger)->put(file, "ours", {}, {});
  if (!put) throw std::runtime_error(put.error().text());
}

void with_openssh(Bench& bench, const std::filesystem::path& file, std::uint16_t port) {
  write_file(bench.home / "batch",
             fmt::format("put {} {}\n", file.string(), (bench.server.files() / "theirs").string()));
  const int status = run_program({"sftp", "-q", "-b", (bench.home / "batch").string(), "-P", std::to_string(port), "-i",
                                  bench.key.string(), "-o", "StrictHostKeyChecking=no", "-o",
                                  "UserKnownHostsFile=/dev/null", bench.server.user() + "@127.0.0.1"});
  if (status != 0) throw std::runtime_error("sftp failed");
}

void compare(Bench& bench, const char* name, std::size_t mebibytes, std::uint16_t port) {
  const auto file = bench.home / "data";
  const std::size_t bytes = mebibytes * 1024 * 1024;
  write_file(file, random_bytes(bytes));
  Spent ours;
  Spent theirs;
  for (int round = 0; round < bench.rounds; ++round) {
    ours.keep_best(spent_on(RUSAGE_THREAD, [&] { with_product_sync(bench, file, port); }));
    theirs.keep_best(spent_on(RUSAGE_CHILDREN, [&] { with_openssh(bench, file, port); }));
  }
  const double megabytes = static_cast<double>(bytes) / 1e6;
  const auto print = [&](const char* who, const Spent& spent) {
    fmt::print("{:<18} {:<14} {:6.1f} MB/s   {:5.2f} ms of processor per MB\n", name, who, megabytes / spent.seconds,
               spent.processor_seconds * 1000 / megabytes);
  };
  print("product-sync", ours);
  print("sftp -b", theirs);
  fmt::print("{:<18} ratio {:.2f}\n", name, theirs.seconds / ours.seconds);
}

std::size_t argument(int count, char** values, int index, std::size_t otherwise) {
  return index < count ? static_cast<std::size_t>(std::atoll(values[index])) : otherwise;
}

}  // namespace

int main(int count, char** values) {
  Bench bench;
  bench.rounds = static_cast<int>(argument(count, values, 3, 3));
  bench.window_bytes = argument(count, values, 4, 2048) * 1024;
  compare(bench, "loopback", argument(count, values, 1, 512), bench.server.port());
  FaultProxy proxy(bench.server.port(), {.latency = std::chrono::milliseconds(20)});
  compare(bench, "40 ms round trip", argument(count, values, 2, 192), proxy.port());
}
