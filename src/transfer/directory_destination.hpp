#pragma once

#include <filesystem>
#include <memory>

#include "transfer/destination.hpp"

namespace product_sync::transfer {

struct DirectoryOptions {
  std::filesystem::path path;  ///< must exist
};

/// A directory of this machine (or one that is mounted). A file that was put or renamed survives a power cut.
[[nodiscard]] std::unique_ptr<Destination> make_directory(DirectoryOptions options);

}  // namespace product_sync::transfer
