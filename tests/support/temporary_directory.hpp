#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace product_sync {

/// A fresh directory, gone with everything in it at the end of the scope. Anybody may enter it.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(std::string_view purpose);
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

void write_file(const std::filesystem::path& path, std::string_view content);
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// `bytes` bytes that look random and are the same for the same seed.
[[nodiscard]] std::string random_bytes(std::size_t bytes, unsigned seed = 1);

}  // namespace product_sync
