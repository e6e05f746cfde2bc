#include "rithum/result_file.hpp"

#include <fmt/format.h>
#include <zip.h>

#include <array>
#include <fstream>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "base/digest.hpp"

namespace product_sync::rithum {
namespace {

constexpr std::size_t kPiece = 64U << 10U;

struct ArchiveCloser {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct EntryCloser {
  void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
using Archive = std::unique_ptr<zip_t, ArchiveCloser>;
using Entry = std::unique_ptr<zip_file_t, EntryCloser>;
using OnBytes = std::function<Result<void>(std::string_view)>;

tl::unexpected<Error> bad_archive(const std::filesystem::path& file, std::string_view why) {
  return fail("rithum.bad_archive", fmt::format("The result file {} cannot be read: {}.", file.string(), why),
              "It is fetched again in the next round.", Retry::later);
}

bool is_zip(const std::filesystem::path& file) {
  std::array<char, 2> start{};
  std::ifstream(file, std::ios::binary).read(start.data(), start.size());
  return start[0] == 'P' && start[1] == 'K';
}

Result<void> read_plain(const std::filesystem::path& file, const OnBytes& on_bytes) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return bad_archive(file, "it is not there");
  std::vector<char> piece(kPiece);
  while (in) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    if (auto done = on_bytes({piece.data(), static_cast<std::size_t>(in.gcount())}); !done) return done;
  }
  if (in.bad()) return bad_archive(file, "reading failed");
  return {};
}

Result<void> read_entry(const std::filesystem::path& file, const OnBytes& on_bytes) {
  int code = 0;
  const Archive archive(zip_open(file.c_str(), ZIP_RDONLY, &code));
  if (!archive) return bad_archive(file, fmt::format("libzip's error {}", code));
  if (zip_get_num_entries(archive.get(), 0) != 1) return bad_archive(file, "the archive holds not just one file");
  const Entry entry(zip_fopen_index(archive.get(), 0, 0));
  if (!entry) return bad_archive(file, zip_strerror(archive.get()));
  std::vector<char> piece(kPiece);
  while (true) {
    // At the end, a checksum that does not fit is an error.
    const auto count = zip_fread(entry.get(), piece.data(), piece.size());
    if (count < 0) return bad_archive(file, zip_file_strerror(entry.get()));
    if (count == 0) return {};
    if (auto done = on_bytes({piece.data(), static_cast<std::size_t>(count)}); !done) return done;
  }
}

}  // namespace

Result<void> read_result_file(const std::filesystem::path& file, const OnBytes& on_bytes) {
  return is_zip(file) ? read_entry(file, on_bytes) : read_plain(file, on_bytes);
}

ResultFile::ResultFile(const std::filesystem::path& directory)
    : path_(directory / fmt::format("rithum-result-{}", random_hex(8))) {}

ResultFile::~ResultFile() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

}  // namespace product_sync::rithum
