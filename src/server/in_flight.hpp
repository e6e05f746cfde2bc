#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>

namespace product_sync::server {

/// Counts work that was handed to others and comes back to its owner, who must not go before. Thread-safe.
class InFlight {
 public:
  /// One piece of work, until it is destroyed.
  class Mark {
   public:
    explicit Mark(InFlight& owner) : owner_(&owner) { owner.begin(); }
    ~Mark() {
      if (owner_ != nullptr) owner_->end();
    }
    Mark(Mark&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
    Mark& operator=(Mark&&) = delete;

   private:
    InFlight* owner_;
  };

  /// Blocks until all work has come back.
  void wait() {
    std::unique_lock lock(mutex_);
    none_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  void begin() {
    const std::lock_guard lock(mutex_);
    ++count_;
  }
  void end() {
    const std::lock_guard lock(mutex_);
    if (--count_ == 0) none_.notify_all();  // under the lock: who waits may destroy this
  }

  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t count_ = 0;  // guarded by mutex_
};

}  // namespace product_sync::server
