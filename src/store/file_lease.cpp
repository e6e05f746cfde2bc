#include "store/file_lease.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace product_sync::store {
namespace {

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

class FileLease final : public Lease {
 public:
  explicit FileLease(Descriptor file) : file_(std::move(file)) {}

 private:
  Descriptor file_;
};

tl::unexpected<Error> refused(const std::filesystem::path& file, int fault) {
  return fail("store.lock", fmt::format("cannot lock {}: {}", file.string(), std::strerror(fault)),
              "the data directory has to be writable, and on a file system with locks");
}

Result<Descriptor> open_file(const std::filesystem::path& file) {
  Descriptor descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (descriptor.number() < 0) return refused(file, errno);
  return descriptor;
}

/// An exclusive lock on the whole file. Open-file-description locks rather than flock(2): they can be asked about
/// without being taken.
struct flock whole_file() {
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

std::filesystem::path LockFolder::file_of(std::string_view name) const {
  std::string text;
  for (const char c : name) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    text += plain ? std::string(1, c) : fmt::format("%{:02x}", static_cast<unsigned char>(c));
  }
  return folder_ / (text + ".lock");
}

Result<std::unique_ptr<Lease>> LockFolder::try_take(std::string_view name) const {
  const auto path = file_of(name);
  auto file = open_file(path);
  if (!file) return tl::unexpected(file.error());
  auto lock = whole_file();
  if (::fcntl(file->number(), F_OFD_SETLK, &lock) == 0) return std::make_unique<FileLease>(std::move(*file));
  if (errno == EAGAIN || errno == EACCES) return std::unique_ptr<Lease>{};
  return refused(path, errno);
}

Result<std::unique_ptr<Lease>> LockFolder::take(std::string_view name) const {
  const auto path = file_of(name);
  auto file = open_file(path);
  if (!file) return tl::unexpected(file.error());
  auto lock = whole_file();
  while (::fcntl(file->number(), F_OFD_SETLKW, &lock) != 0) {
    if (errno != EINTR) return refused(path, errno);
  }
  return std::make_unique<FileLease>(std::move(*file));
}

Result<bool> LockFolder::is_taken(std::string_view name) const {
  const auto path = file_of(name);
  auto file = open_file(path);
  if (!file) return tl::unexpected(file.error());
  auto lock = whole_file();
  if (::fcntl(file->number(), F_OFD_GETLK, &lock) != 0) return refused(path, errno);
  return lock.l_type != F_UNLCK;
}

void LockFolder::forget(std::string_view name) const {
  std::error_code ignored;  // a file left over is locked by nobody and does no harm
  std::filesystem::remove(file_of(name), ignored);
}

}  // namespace product_sync::store
