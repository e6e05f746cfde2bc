#include "cli/signals.hpp"

#include <pthread.h>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <utility>

namespace product_sync::cli {
namespace {

constexpr int kEndOfWatch = SIGUSR2;  // sent by the destructor to the watching thread

/// Whoever started the program, such as nohup, wants it to live on behind the signal.
bool is_ignored(int signal) {
  struct sigaction action = {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t watched_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, kEndOfWatch}) sigaddset(&signals, signal);
  if (!is_ignored(SIGHUP)) sigaddset(&signals, SIGHUP);
  return signals;
}

}  // namespace

StopOnSignal::StopOnSignal() {
  const auto signals = watched_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a peer that hangs up is an error of its socket, not of the process
  thread_ = std::jthread([this] {
    const auto watched = watched_signals();
    int received = 0;
    while (sigwait(&watched, &received) == 0) {
      if (received == kEndOfWatch) return;
      if (received == SIGHUP && acted_on_hangup()) continue;
      if (stop_.stop_requested()) std::_Exit(128 + received);
      stop_.request_stop();
    }
  });
}

StopOnSignal::~StopOnSignal() { pthread_kill(thread_.native_handle(), kEndOfWatch); }

void StopOnSignal::on_hangup(std::function<void()> action) {
  const std::lock_guard lock(mutex_);
  hangup_action_ = std::move(action);
}

bool StopOnSignal::acted_on_hangup() {
  const std::lock_guard lock(mutex_);
  if (hangup_action_) hangup_action_();
  return hangup_action_ != nullptr;
}

void StopOnSignal::wait() {
  std::mutex mutex;
  std::condition_variable_any condition;
  std::unique_lock lock(mutex);
  condition.wait(lock, stop_.get_token(), [] { return false; });
}

}  // namespace product_sync::cli
