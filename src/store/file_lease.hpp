#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "store/store.hpp"

namespace product_sync::store {

/// Leases as locked files of one folder. The lock belongs to the open file: the kernel ends it with its holder, and two
/// holders in one process exclude each other as two processes do. Thread-safe.
class LockFolder {
 public:
  explicit LockFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The lease, or null when somebody else has it.
  [[nodiscard]] Result<std::unique_ptr<Lease>> try_take(std::string_view name) const;
  /// The lease, however long that takes.
  [[nodiscard]] Result<std::unique_ptr<Lease>> take(std::string_view name) const;
  /// Whether somebody has it. Disturbs nobody who takes it meanwhile.
  [[nodiscard]] Result<bool> is_taken(std::string_view name) const;
  /// Removes the file of a lease whose name will not be used again.
  void forget(std::string_view name) const;

 private:
  [[nodiscard]] std::filesystem::path file_of(std::string_view name) const;

  std::filesystem::path folder_;
};

}  // namespace product_sync::store
