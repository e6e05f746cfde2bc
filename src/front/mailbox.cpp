#include "front/mailbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

namespace product_sync::front {

Mailbox::Mailbox() : readiness_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

void Mailbox::deliver(RequestId request, Answer answer) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = letters_.empty() && std::this_thread::get_id() != reader_;
    letters_.emplace_back(request, std::move(answer));
  }
  if (first) wake();
}

void Mailbox::wake() {
  const std::uint64_t one = 1;
  // Fails only when the counter is full: then the loop is awake anyway.
  [[maybe_unused]] const auto written = ::write(readiness_.number(), &one, sizeof one);
}

void Mailbox::belongs_to_this_thread() {
  const std::lock_guard lock(mutex_);
  reader_ = std::this_thread::get_id();
}

void Mailbox::take(std::vector<Letter>& letters) {
  const std::lock_guard lock(mutex_);
  std::swap(letters, letters_);
}

}  // namespace product_sync::front
