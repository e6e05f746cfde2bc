#include "store/checkpointer.hpp"

#include <utility>

namespace product_sync::store {
namespace {

// In frames, which are pages of 4 KiB.
constexpr std::uint64_t kWorthCopying = 1'000;  ///< the thread starts at 4 MiB not copied yet
constexpr std::uint64_t kLong = 16'384;         ///< from 64 MiB on, the log should start over ...
constexpr std::uint64_t kCopiedQuickly = 512;   ///< ... once the writer has only 2 MiB to copy,

/// ... or more, the longer the log has become meanwhile.
constexpr std::uint64_t rest_for_writer(std::uint64_t in_log) {
  return in_log < kLong ? 0 : kCopiedQuickly + (in_log - kLong) / 4;
}

constexpr std::uint64_t worth_copying(std::uint64_t in_log) { return in_log < kLong ? kWorthCopying : kCopiedQuickly; }

}  // namespace

Checkpointer::Checkpointer(std::unique_ptr<Connection> connection, Logger& log)
    : connection_(std::move(connection)), log_(log), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Checkpointer::after_commit(Connection& writer) {
  bool finish = false;
  {
    const std::lock_guard lock(mutex_);
    if (writer.log_frames() < in_log_) copied_ = 0;  // it started over
    in_log_ = writer.log_frames();
    const auto left = in_log_ - std::min(in_log_, copied_);
    if (left >= worth_copying(in_log_)) changed_.notify_one();
    finish = left < rest_for_writer(in_log_);
  }
  // Refused while the thread is at it; the next commit tries again.
  if (finish) (void)writer.checkpoint();
}

void Checkpointer::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const auto worthwhile = [&] { return in_log_ - std::min(in_log_, copied_) >= worth_copying(in_log_); };
  while (changed_.wait(lock, stop, worthwhile)) {
    if (stop.stop_requested()) return;
    const auto asked = in_log_;
    lock.unlock();
    const auto done = connection_->checkpoint();
    lock.lock();
    if (in_log_ >= asked) copied_ = asked;  // otherwise it started over meanwhile
    // What could not be copied now is tried again with what is written next.
    if (!done && done.error().code != "store.busy") {
      log_.warning("store.checkpoint_failed", done.error().text(), {{"log_frames", asked}});
    }
  }
}

}  // namespace product_sync::store
