#include "transfer/local_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>

namespace product_sync::transfer {
namespace {

tl::unexpected<Error> unreadable(const std::filesystem::path& path, std::string_view reason) {
  return fail("transfer.local_unreadable", fmt::format("The local file {} cannot be read: {}.", path.string(), reason));
}

std::string last_reason() { return std::system_category().message(errno); }

}  // namespace

LocalFile::LocalFile(std::filesystem::path path, FileDescriptor file, std::uint64_t size)
    : path_(std::move(path)), file_(std::move(file)), size_(size) {}

Result<LocalFile> LocalFile::open(const std::filesystem::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return unreadable(path, last_reason());
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return unreadable(path, last_reason());
  if (!S_ISREG(status.st_mode)) return unreadable(path, "it is not a regular file");
  return LocalFile(path, std::move(file), static_cast<std::uint64_t>(status.st_size));
}

Result<std::size_t> LocalFile::read(std::span<char> space) {
  ssize_t count = -1;
  do {
    count = ::read(file_.get(), space.data(), space.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) return unreadable(path_, last_reason());
  read_ += static_cast<std::uint64_t>(count);
  const bool ended = count == 0 && !space.empty();
  if (read_ > size_ || (ended && read_ != size_)) {
    return fail("transfer.local_changed", fmt::format("The local file {} changed while it was sent.", path_.string()),
                "Give a file to a destination only when it is complete.");
  }
  return static_cast<std::size_t>(count);
}

}  // namespace product_sync::transfer
