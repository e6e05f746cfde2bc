// Starvation, measured: how long new notifications on fresh connections take while many connections are held open, a
// third idle, a third slow heads, a third slow bodies. usage: benchmark_held_latency [HELD [NOTIFICATIONS]] (default:
// 2000 5000)

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "held_connections.hpp"
#include "served_listener.hpp"

using namespace product_sync::hostile;

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

/// Seconds of processor that a process has used.
double processor_seconds(pid_t process) {
  std::ifstream in(fmt::format("/proc/{}/stat", process));
  std::string skipped;
  for (int i = 0; i < 13; ++i) in >> skipped;
  double user = 0;
  double system = 0;
  in >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double share_below(const std::vector<double>& sorted, double limit) {
  const auto below = std::upper_bound(sorted.begin(), sorted.end(), limit) - sorted.begin();
  return 100.0 * static_cast<double>(below) / static_cast<double>(sorted.size());
}

}  // namespace

int main(int count, char** arguments) {
  const auto held_count = static_cast<unsigned>(count > 1 ? std::stoul(arguments[1]) : 2'000);
  const auto notifications = static_cast<unsigned>(count > 2 ? std::stoul(arguments[2]) : 5'000);
  ServedListener listener;
  const HeldConnections held(listener, held_count);

  const auto used_before = processor_seconds(listener.process().pid());
  std::this_thread::sleep_for(std::chrono::seconds{5});
  const auto used = processor_seconds(listener.process().pid()) - used_before;

  std::vector<double> milliseconds;
  unsigned failed = 0;
  for (unsigned i = 0; i < notifications; ++i) {
    const auto begin = Clock::now();
    auto client = listener.connect(30'000 + i % 10'000);
    if (client.ask(notification_request()) != 200) ++failed;
    milliseconds.push_back(milliseconds_since(begin));
  }
  std::sort(milliseconds.begin(), milliseconds.end());
  fmt::print(
      "{} connections held open ({} renewed): {} new notifications on fresh connections, {} not answered 200\n"
      "  p50 {:.2f} ms, p99 {:.2f} ms, longest {:.2f} ms; within 50 ms {:.2f} %, within 500 ms {:.2f} %\n"
      "  processor while holding {:.1f} %, memory {:.1f} MiB (peak {:.1f})\n",
      held_count, held.renewed(), notifications, failed, milliseconds[milliseconds.size() / 2],
      milliseconds[milliseconds.size() * 99 / 100], milliseconds.back(), share_below(milliseconds, 50),
      share_below(milliseconds, 500), 100 * used / 5, listener.memory_mib(), listener.peak_memory_mib());
  return failed == 0 && share_below(milliseconds, 50) >= 99 && milliseconds.back() <= 500 ? 0 : 1;
}
