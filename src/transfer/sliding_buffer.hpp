#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "base/error.hpp"

namespace product_sync::transfer {

/// Gives the next bytes of a file into the span; 0 at its end.
using ReadSome = std::function<Result<std::size_t>(std::span<char>)>;

/// A window onto a stream of bytes: what the other side has not acknowledged yet, followed by what was not offered yet.
/// libssh2_sftp_write keeps count of the bytes it has sent already, and wants to see exactly these again on the next
/// call, with new ones behind them. So the speed of an upload is window / round trip (libraries.md D.2, D.7).
class SlidingBuffer {
 public:
  explicit SlidingBuffer(std::size_t window_bytes);

  /// Reads until the window is full or the stream has ended.
  [[nodiscard]] Result<void> fill(const ReadSome& source);

  /// The window's content; stays the same until acknowledge() or fill().
  [[nodiscard]] std::string_view content() const { return {bytes_.get() + head_, tail_ - head_}; }

  /// Drops `count` bytes at the front.
  void acknowledge(std::size_t count);

  /// Whether the stream has ended and everything is acknowledged.
  [[nodiscard]] bool done() const { return ended_ && head_ == tail_; }

 private:
  std::size_t window_;
  std::unique_ptr<char[]> bytes_;  // two windows long: content moves to the front once a window, not on every call
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
  bool ended_ = false;
};

}  // namespace product_sync::transfer
