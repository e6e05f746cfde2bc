#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "base/error.hpp"

namespace product_sync::rithum {

/// Hands over the bytes of a result file in pieces: of the one file in it where it is a ZIP archive, of itself
/// elsewhere. Errors `rithum.bad_archive`, and what `on_bytes` gives.
[[nodiscard]] Result<void> read_result_file(const std::filesystem::path& file,
                                            const std::function<Result<void>(std::string_view)>& on_bytes);

/// The path of a result file that is gone with its scope.
class ResultFile {
 public:
  explicit ResultFile(const std::filesystem::path& directory);
  ~ResultFile();
  ResultFile(const ResultFile&) = delete;
  ResultFile& operator=(const ResultFile&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace product_sync::rithum
