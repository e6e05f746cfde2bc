#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

#include "base/error.hpp"
#include "transfer/file_descriptor.hpp"

namespace product_sync::transfer {

/// Takes the next bytes of a file.
using TakeSome = std::function<Result<void>(std::span<const char>)>;

/// A local file that takes what a destination gives, up to a length.
class ReceivedFile {
 public:
  /// Over what was at `path`. `subject` is what is received, for messages. `transfer.local_unwritable`.
  [[nodiscard]] static Result<ReceivedFile> create(const std::filesystem::path& path, std::uint64_t longest,
                                                   std::string subject);

  /// `transfer.too_large` before a byte beyond the length is written, `transfer.local_unwritable`.
  [[nodiscard]] Result<void> write(std::span<const char> bytes);

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  ReceivedFile(std::filesystem::path path, FileDescriptor file, std::uint64_t longest, std::string subject);

  std::filesystem::path path_;
  FileDescriptor file_;
  std::uint64_t longest_ = 0;
  std::string subject_;
  std::uint64_t bytes_ = 0;
};

}  // namespace product_sync::transfer
