#include "store/disk_floor.hpp"

#include <sys/statvfs.h>

#include <utility>

namespace product_sync::store {

constexpr std::chrono::seconds kBetweenLooks{1};

DiskFloor::DiskFloor(std::filesystem::path folder, std::uint64_t floor_bytes, Clock& clock)
    : folder_(std::move(folder)),
      floor_bytes_(floor_bytes),
      clock_(clock),
      above_(look()),
      looked_(clock.monotonic().time_since_epoch()) {}

bool DiskFloor::is_above() {
  const auto now = clock_.monotonic().time_since_epoch();
  auto looked = looked_.load();
  // Of the threads that come at once, the one that moves the time looks.
  if (now - looked >= kBetweenLooks && looked_.compare_exchange_strong(looked, now)) above_ = look();
  return above_;
}

bool DiskFloor::look() const {
  struct statvfs disk = {};
  if (::statvfs(folder_.c_str(), &disk) != 0) return true;  // the write itself will tell
  return static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize >= floor_bytes_;
}

}  // namespace product_sync::store
