#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace product_sync::net {

/// Lets one thread do what several need, such as renewing a token; the others wait for it and share its outcome.
class SingleFlight {
 public:
  /// `what` names the work in the error of a caller that is told to stop: `Signing in to Acumatica`.
  explicit SingleFlight(std::string what) : what_(std::move(what)) {}

  /// `lock` holds the mutex that guards what `ready` reads. Returns at once when ready() is true. Else one caller runs
  /// work() with the mutex released and ends with its outcome; the others wait, and end with success when ready() has
  /// become true or with the error that work() gave. A caller whose own stop is requested ends with `cancelled`.
  template <class Ready, class Work>
  Result<void> run(std::unique_lock<std::mutex>& lock, std::stop_token stop, const Ready& ready, const Work& work) {
    while (!ready()) {
      if (stop.stop_requested()) return cancelled(what_);
      if (!busy_) return lead(lock, work);
      const std::uint64_t awaited = flights_;
      ended_.wait(lock, stop, [&] { return flights_ != awaited; });
      // A leader that was told to stop says nothing about the others: one of them leads next.
      if (flights_ != awaited && error_ && error_->retry != Retry::cancelled) return tl::unexpected<Error>(*error_);
    }
    return {};
  }

 private:
  template <class Work>
  Result<void> lead(std::unique_lock<std::mutex>& lock, const Work& work) {
    busy_ = true;
    lock.unlock();
    Result<void> outcome = work();
    lock.lock();
    busy_ = false;
    ++flights_;
    error_ = outcome ? std::nullopt : std::optional<Error>(outcome.error());
    ended_.notify_all();
    return outcome;
  }

  const std::string what_;
  std::condition_variable_any ended_;
  bool busy_ = false;
  std::uint64_t flights_ = 0;
  std::optional<Error> error_;  // of the last flight
};

}  // namespace product_sync::net
