#pragma once

#include <zip.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/temporary_directory.hpp"

namespace product_sync {

/// A ZIP archive of these files, names and contents, as bytes.
inline std::string zip_of(const std::vector<std::pair<std::string, std::string>>& files) {
  const TemporaryDirectory directory("zip");
  const auto path = directory / "archive.zip";
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE, nullptr);
  if (archive == nullptr) throw std::runtime_error("no archive");
  for (const auto& [name, content] : files) {
    zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
    if (zip_file_add(archive, name.c_str(), source, 0) < 0) throw std::runtime_error("no entry");
  }
  if (zip_close(archive) != 0) throw std::runtime_error("archive not written");
  return read_file(path);
}

}  // namespace product_sync
