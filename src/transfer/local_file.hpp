#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "base/error.hpp"
#include "transfer/file_descriptor.hpp"

namespace product_sync::transfer {

/// A local file that is read once, front to back, and must not change meanwhile.
class LocalFile {
 public:
  /// `transfer.local_unreadable` when it cannot be opened or is not a regular file.
  [[nodiscard]] static Result<LocalFile> open(const std::filesystem::path& path);

  /// The size in bytes when it was opened.
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Fills the front of `space`; 0 at the end. `transfer.local_changed` when the file proves longer or shorter than it
  /// was.
  [[nodiscard]] Result<std::size_t> read(std::span<char> space);

 private:
  LocalFile(std::filesystem::path path, FileDescriptor file, std::uint64_t size);

  std::filesystem::path path_;
  FileDescriptor file_;
  std::uint64_t size_ = 0;
  std::uint64_t read_ = 0;
};

}  // namespace product_sync::transfer
