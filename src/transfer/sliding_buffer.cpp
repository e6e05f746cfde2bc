#include "transfer/sliding_buffer.hpp"

#include <algorithm>
#include <cstring>

namespace product_sync::transfer {

SlidingBuffer::SlidingBuffer(std::size_t window_bytes)
    : window_(std::max<std::size_t>(window_bytes, 1)), bytes_(std::make_unique_for_overwrite<char[]>(2 * window_)) {}

Result<void> SlidingBuffer::fill(const ReadSome& source) {
  while (!ended_ && tail_ - head_ < window_) {
    const std::size_t wanted = window_ - (tail_ - head_);
    if (tail_ + wanted > 2 * window_) {
      std::memmove(bytes_.get(), bytes_.get() + head_, tail_ - head_);
      tail_ -= head_;
      head_ = 0;
    }
    const auto count = source(std::span(bytes_.get() + tail_, wanted));
    if (!count) return tl::unexpected(count.error());
    tail_ += *count;
    ended_ = *count == 0;
  }
  return {};
}

void SlidingBuffer::acknowledge(std::size_t count) { head_ = std::min(head_ + count, tail_); }

}  // namespace product_sync::transfer
