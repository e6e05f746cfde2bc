#include "cli/progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

namespace product_sync::cli {
namespace {
constexpr std::chrono::milliseconds kTerminalPause{200};
constexpr std::chrono::seconds kPlainPause{10};
constexpr const char* kEraseLine = "\r\x1b[2K";
}  // namespace

ProgressLine::ProgressLine(std::string run_id, store::Runs& runs, Clock& clock)
    : run_id_(std::move(run_id)), runs_(runs), clock_(clock), terminal_(isatty(STDERR_FILENO) == 1) {
  thread_ = std::jthread([this](std::stop_token stop) { show(std::move(stop)); });
}

ProgressLine::~ProgressLine() {
  thread_.request_stop();
  thread_.join();
  if (terminal_) fmt::print(stderr, "{}", kEraseLine);
}

void ProgressLine::show(std::stop_token stop) {
  const auto started = clock_.monotonic();
  const auto pause = terminal_ ? std::chrono::nanoseconds{kTerminalPause} : std::chrono::nanoseconds{kPlainPause};
  while (clock_.sleep(pause, stop) == WaitEnd::deadline) {
    const auto run = runs_.find(run_id_);
    if (!run || !*run) continue;  // the run itself reports a store that fails
    const auto& counts = (*run)->counts;
    const std::chrono::duration<double> elapsed = clock_.monotonic() - started;
    const auto line =
        fmt::format("{} {}: {} read ({:.0f}/s), {} unchanged, {} rows, {} parked, {} failed", (*run)->what.site,
                    store::to_text((*run)->what.type), counts.read, static_cast<double>(counts.read) / elapsed.count(),
                    counts.unchanged, counts.rows, counts.parked, counts.failed);
    fmt::print(stderr, "{}{}{}", terminal_ ? kEraseLine : "", line, terminal_ ? "" : "\n");
    std::fflush(stderr);
  }
}

}  // namespace product_sync::cli
