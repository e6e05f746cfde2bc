#include "rithum/feed_writer.hpp"

#include <utility>

#include "base/bytes.hpp"

namespace product_sync::rithum {

Result<FeedWriter> FeedWriter::create(std::filesystem::path path, FeedFormat format) {
  const auto header = format.header();
  if (!header) return tl::unexpected(header.error());
  auto file = NewFile::create(std::move(path));
  if (!file) return tl::unexpected(file.error());
  FeedWriter writer(std::move(*file), std::move(format));
  if (auto written = writer.file_.append(*header); !written) return tl::unexpected(written.error());
  return writer;
}

Result<FeedWriter> FeedWriter::create(std::filesystem::path path, const catalog::Mapping& mapping,
                                      FeedOptions options) {
  auto format = FeedFormat::create(mapping, std::move(options));
  if (!format) return tl::unexpected(format.error());
  return create(std::move(path), std::move(*format));
}

Result<void> FeedWriter::append(const catalog::Row& row) {
  const auto line = format_.line(row);
  if (!line) return tl::unexpected(line.error());
  return append_line(*line);
}

Result<void> FeedWriter::append_line(std::string_view line) {
  auto written = file_.append(line);
  if (written) ++rows_;
  return written;
}

Result<FeedFile> FeedWriter::finish() {
  const auto digest = file_.finish();
  if (!digest) return tl::unexpected(digest.error());
  return FeedFile{file_.path(), rows_, file_.bytes(), to_hex(*digest)};
}

}  // namespace product_sync::rithum
