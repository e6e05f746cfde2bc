#include "rithum/new_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/bytes.hpp"

namespace product_sync::rithum {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{256} << 10U;

auto unwritable(const std::filesystem::path& path, int error) {
  return fail(
      "feed.unwritable",
      fmt::format("The feed file {} cannot be written: {}.", path.string(), std::generic_category().message(error)),
      "Check the space, the permissions and the health of the disk.", Retry::later);
}

}  // namespace

NewFile::NewFile(std::filesystem::path path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor), hash_(std::make_unique<Sha256Stream>()) {
  buffer_.reserve(kBufferBytes);
}

NewFile::NewFile(NewFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      buffer_(std::move(other.buffer_)),
      bytes_(other.bytes_),
      hash_(std::move(other.hash_)) {}

NewFile::~NewFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(path_.c_str());
}

Result<NewFile> NewFile::create(std::filesystem::path path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
  if (descriptor >= 0) return NewFile(std::move(path), descriptor);
  if (errno != EEXIST) return unwritable(path, errno);
  return fail("feed.exists", fmt::format("There is already a feed file {}.", path.string()),
              "Every feed needs a name of its own.");
}

Result<void> NewFile::append(std::string_view bytes) {
  if (buffer_.size() + bytes.size() > kBufferBytes) {
    if (auto written = write_out(); !written) return written;
  }
  buffer_ += bytes;
  bytes_ += bytes.size();
  return {};
}

Result<void> NewFile::write_out() {
  std::string_view left = buffer_;
  while (!left.empty()) {
    const ssize_t written = ::write(descriptor_, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return unwritable(path_, errno);
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  hash_->add(buffer_);
  buffer_.clear();
  return {};
}

Result<void> NewFile::sync_directory() const {
  const auto parent = path_.has_parent_path() ? path_.parent_path() : std::filesystem::path(".");
  const int directory = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return unwritable(path_, errno);
  const int error = ::fsync(directory) == 0 ? 0 : errno;
  ::close(directory);
  if (error != 0) return unwritable(path_, error);
  return {};
}

Result<Sha256> NewFile::finish() {
  if (auto written = write_out(); !written) return tl::unexpected(written.error());
  if (::fsync(descriptor_) != 0) return unwritable(path_, errno);
  if (auto synced = sync_directory(); !synced) return tl::unexpected(synced.error());
  ::close(std::exchange(descriptor_, -1));  // after fsync there is nothing left that close could fail to write
  return hash_->finish();
}

}  // namespace product_sync::rithum
