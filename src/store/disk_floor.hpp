#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>

#include "base/clock.hpp"

namespace product_sync::store {

/// Whether the disk of a folder has enough free space; looks at most once a second. Thread-safe.
class DiskFloor {
 public:
  DiskFloor(std::filesystem::path folder, std::uint64_t floor_bytes, Clock& clock);
  [[nodiscard]] bool is_above();

 private:
  [[nodiscard]] bool look() const;

  const std::filesystem::path folder_;
  const std::uint64_t floor_bytes_;
  Clock& clock_;
  std::atomic<bool> above_;
  std::atomic<Monotonic::duration> looked_;
};

}  // namespace product_sync::store
