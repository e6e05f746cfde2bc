#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace product_sync::sync {

/// The lines of a run's rows, put down in the order in which they were made until it is known in which they are sent. A
/// file without a name, which goes with it. Memory is two fixed buffers. Not thread-safe.
class RowSpool {
 public:
  /// In `directory`. Error code `spool.unwritable`.
  [[nodiscard]] static Result<RowSpool> create(const std::filesystem::path& directory);
  RowSpool(RowSpool&& other) noexcept;
  RowSpool& operator=(RowSpool&&) = delete;
  ~RowSpool();

  /// Returns where the line stands. Error code `spool.unwritable`.
  [[nodiscard]] Result<std::uint64_t> append(std::string_view line);
  /// A line that was appended. Quick when lines are asked for in the order of their places. Error code
  /// `spool.unreadable`.
  [[nodiscard]] Result<std::string> read(std::uint64_t at, std::uint64_t bytes);

  [[nodiscard]] std::uint64_t bytes() const { return written_ + pending_.size(); }

 private:
  explicit RowSpool(int descriptor) : descriptor_(descriptor) {}
  [[nodiscard]] Result<void> write_out();

  int descriptor_ = -1;
  std::string pending_;         // appended, not written yet
  std::uint64_t written_ = 0;   // bytes in the file
  std::string window_;          // bytes of the file read ahead
  std::uint64_t window_at_ = 0;
};

}  // namespace product_sync::sync
