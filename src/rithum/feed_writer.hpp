#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "catalog/comparison.hpp"
#include "catalog/mapping.hpp"
#include "rithum/feed_format.hpp"
#include "rithum/new_file.hpp"

namespace product_sync::rithum {

/// A finished feed file.
struct FeedFile {
  std::filesystem::path path;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::string sha256;  ///< hexadecimal
};

/// Writes one feed file: the header of a FeedFormat, then its lines. Memory is one line and a fixed buffer. A writer
/// that ends without finish() removes its file. Not thread-safe.
class FeedWriter {
 public:
  /// Error codes: those of FeedFormat and of NewFile::create.
  [[nodiscard]] static Result<FeedWriter> create(std::filesystem::path path, FeedFormat format);
  [[nodiscard]] static Result<FeedWriter> create(std::filesystem::path path, const catalog::Mapping& mapping,
                                                 FeedOptions options);

  /// Adds a row. `feed.refused_value` and `feed.cells` mean that this row cannot be written; the file is as it was
  /// before, and others may follow. After `feed.unwritable` it is lost.
  [[nodiscard]] Result<void> append(const catalog::Row& row);

  /// Adds a line that the same format made.
  [[nodiscard]] Result<void> append_line(std::string_view line);

  /// Makes the file durable. Call once, last.
  [[nodiscard]] Result<FeedFile> finish();

  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  [[nodiscard]] std::uint64_t bytes() const { return file_.bytes(); }

 private:
  FeedWriter(NewFile file, FeedFormat format) : file_(std::move(file)), format_(std::move(format)) {}

  NewFile file_;
  FeedFormat format_;
  std::uint64_t rows_ = 0;
};

}  // namespace product_sync::rithum
