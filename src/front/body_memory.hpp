#pragma once

#include <cstdint>

namespace product_sync::front {

/// The memory that bodies may take at one time, an eighth of it kept for small ones: a few large bodies that are half
/// sent never keep ordinary notifications out. Pure; the numbers are bytes.
class BodyMemory {
 public:
  static constexpr std::uint64_t kLargestSmall = 64 * 1024;

  explicit BodyMemory(std::uint64_t most) : most_(most), most_large_(most - most / 8) {}

  /// A body that held `before` holds `now`: false when that is more than it may.
  [[nodiscard]] bool change(std::uint64_t before, std::uint64_t now) {
    used_ += now - before;
    large_ += large_part(now) - large_part(before);
    return used_ <= most_ && (large_part(now) == 0 || large_ <= most_large_);
  }
  /// A body that held so much is gone.
  void release(std::uint64_t held) { static_cast<void>(change(held, 0)); }

  [[nodiscard]] std::uint64_t used() const { return used_; }

 private:
  static constexpr std::uint64_t large_part(std::uint64_t held) { return held > kLargestSmall ? held : 0; }

  std::uint64_t most_;
  std::uint64_t most_large_;
  std::uint64_t used_ = 0;
  std::uint64_t large_ = 0;  // in bodies that are large
};

}  // namespace product_sync::front
