#include "transfer/received_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <system_error>

#include "base/bytes.hpp"

namespace product_sync::transfer {
namespace {

tl::unexpected<Error> unwritable(const std::filesystem::path& path) {
  return fail("transfer.local_unwritable",
              fmt::format("The local file {} cannot be written: {}.", path.string(), std::system_category().message(errno)),
              "Make room on the disk, and its directory writable for the user Product Sync runs as.", Retry::later);
}

}  // namespace

ReceivedFile::ReceivedFile(std::filesystem::path path, FileDescriptor file, std::uint64_t longest, std::string subject)
    : path_(std::move(path)), file_(std::move(file)), longest_(longest), subject_(std::move(subject)) {}

Result<ReceivedFile> ReceivedFile::create(const std::filesystem::path& path, std::uint64_t longest,
                                          std::string subject) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return unwritable(path);
  return ReceivedFile(path, std::move(file), longest, std::move(subject));
}

Result<void> ReceivedFile::write(std::span<const char> bytes) {
  if (bytes.size() > longest_ - bytes_) {
    return fail("transfer.too_large", fmt::format("{} holds more than {}.", subject_, human_bytes(longest_)));
  }
  while (!bytes.empty()) {
    const auto count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unwritable(path_);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    bytes_ += static_cast<std::uint64_t>(count);
  }
  return {};
}

}  // namespace product_sync::transfer
