#include "sync/loop.hpp"

#include <utility>

#include "base/backoff.hpp"
#include "base/work.hpp"

namespace product_sync::sync {
namespace {
constexpr Backoff kLoopPause{.first = std::chrono::seconds{1}, .longest = std::chrono::minutes{2}};
}

Loop::Loop(std::string name, Round round, Clock& clock, Logger& log)
    : name_(std::move(name)), round_(std::move(round)), clock_(clock), log_(log) {
  health_.name = name_;
}

Loop::~Loop() {
  request_stop();
  join();
}

void Loop::start() {
  thread_ = std::jthread([this](std::stop_token stop) { work(std::move(stop)); });
}

void Loop::request_stop() { thread_.request_stop(); }

void Loop::join() {
  if (thread_.joinable()) thread_.join();
}

LoopHealth Loop::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

void Loop::work(std::stop_token stop) {
  int failures = 0;
  while (!stop.stop_requested()) {
    const Work work;
    auto next = round_(stop);
    if (stop.stop_requested()) break;
    failures = next ? 0 : failures + 1;
    if (!next) log_.error("loop.round_failed", next.error().text(), {{"loop", name_}, {"code", next.error().code}});
    {
      const std::lock_guard lock(mutex_);
      health_.running = true;
      ++health_.rounds;
      health_.last_round = clock_.now();
      health_.last_error = next ? std::string{} : next.error().text();
    }
    const auto deadline = next ? *next : clock_.monotonic() + delay_after(kLoopPause, failures, random_unit());
    clock_.wait(wake_, deadline, stop);
  }
  const std::lock_guard lock(mutex_);
  health_.running = false;
}

}  // namespace product_sync::sync
