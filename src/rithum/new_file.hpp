#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "base/error.hpp"

namespace product_sync::rithum {

/// A file that did not exist before, written front to back through a bounded buffer and hashed on the way. Unless
/// finish() succeeds it is removed again: nobody finds half a file. Not thread-safe.
class NewFile {
 public:
  /// Error codes `feed.exists`, `feed.unwritable`.
  [[nodiscard]] static Result<NewFile> create(std::filesystem::path path);

  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&& other) = delete;
  ~NewFile();

  /// Error code `feed.unwritable`.
  [[nodiscard]] Result<void> append(std::string_view bytes);

  /// Writes out what is buffered and brings file and directory to the disk (fsync). Call once.
  [[nodiscard]] Result<Sha256> finish();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  NewFile(std::filesystem::path path, int descriptor);
  [[nodiscard]] Result<void> write_out();
  [[nodiscard]] Result<void> sync_directory() const;

  std::filesystem::path path_;
  int descriptor_ = -1;  // -1: finished, or moved from
  std::string buffer_;
  std::uint64_t bytes_ = 0;
  std::unique_ptr<Sha256Stream> hash_;
};

}  // namespace product_sync::rithum
