#pragma once

#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "front/service.hpp"
#include "front/socket.hpp"

namespace product_sync::front {

/// Answers on their way from other threads to the event loop. Thread-safe.
class Mailbox final : public ReplyChannel {
 public:
  using Letter = std::pair<RequestId, Answer>;

  Mailbox();

  void deliver(RequestId request, Answer answer) override;
  /// Wakes the loop without a letter.
  void wake();

  /// Readable when there is something to take, unless the loop's own thread has put it there.
  [[nodiscard]] const Descriptor& readiness() const { return readiness_; }
  /// The calling thread is the loop's: it looks before it sleeps and needs no wake.
  void belongs_to_this_thread();
  /// Exchanges `letters`, which is empty, for those that have come.
  void take(std::vector<Letter>& letters);

 private:
  Descriptor readiness_;
  std::mutex mutex_;
  std::vector<Letter> letters_;  // guarded by mutex_
  std::thread::id reader_;
};

}  // namespace product_sync::front
