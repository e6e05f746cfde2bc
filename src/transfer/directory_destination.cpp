#include "transfer/directory_destination.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <span>
#include <system_error>
#include <vector>

#include "base/digest.hpp"
#include "transfer/file_descriptor.hpp"
#include "transfer/local_file.hpp"
#include "transfer/received_file.hpp"

namespace product_sync::transfer {
namespace {

constexpr std::size_t kChunk = 1024 * 1024;

struct ErrnoMeaning {
  int number;
  const char* code;
  const char* remedy;
  Retry retry;
};

constexpr std::array<ErrnoMeaning, 9> kMeanings{{
    {ENOENT, "directory.no_such_directory", "Create the directory or correct it in the configuration.", Retry::never},
    {ENOTDIR, "directory.no_such_directory", "The path must be a directory.", Retry::never},
    {EACCES, "directory.permission_denied", "Give this program's user the right to write there.", Retry::never},
    {EPERM, "directory.permission_denied", "Give this program's user the right to write there.", Retry::never},
    {EROFS, "directory.permission_denied", "The file system is mounted read-only.", Retry::never},
    {ENOSPC, "directory.disk_full", "Make room on the disk.", Retry::later},
    {EDQUOT, "directory.disk_full", "The quota is used up; make room.", Retry::later},
    {EFBIG, "directory.disk_full", "The file system or a limit of this program's user allows no larger file.",
     Retry::never},
    {EEXIST, "transfer.exists", "Use a unique name.", Retry::never},
}};

/// The error for the failed system call that set errno.
tl::unexpected<Error> system_failure(std::string_view doing, const std::string& subject) {
  const int number = errno;
  const auto message = fmt::format("{} {} failed: {}.", doing, subject, std::system_category().message(number));
  for (const auto& meaning : kMeanings) {
    if (meaning.number == number) return fail(meaning.code, message, meaning.remedy, meaning.retry);
  }
  return fail("directory.failed", message, {}, Retry::later);
}

class DirectoryDestination final : public Destination {
 public:
  explicit DirectoryDestination(DirectoryOptions options) : path_(std::move(options.path)) {}

  Capabilities capabilities() const override { return {.rename = true, .stat = true, .list = true, .resume = false}; }
  std::string describe() const override { return "directory " + path_.string(); }

  Result<void> put(const std::filesystem::path& local, std::string_view name, const Progress& progress,
                   std::stop_token stop) override;
  Result<std::uint64_t> get(std::string_view name, const std::filesystem::path& local, std::uint64_t longest,
                            std::stop_token stop) override;
  Result<void> rename(std::string_view from, std::string_view to, std::stop_token stop) override;
  Result<std::optional<std::uint64_t>> size(std::string_view name, std::stop_token stop) override;
  Result<void> remove(std::string_view name, std::stop_token stop) override;
  Result<std::vector<RemoteFile>> list(std::stop_token stop) override;
  Result<void> check(std::stop_token stop) override;

 private:
  std::string subject_of(std::string_view name) const { return (path_ / name).string(); }

  Result<FileDescriptor> open_directory() const {
    FileDescriptor directory(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory) return system_failure("Opening", path_.string());
    return directory;
  }

  /// Makes names that were added, changed or removed survive a power cut.
  Result<void> settle(const FileDescriptor& directory) const {
    // Some network file systems cannot; they answer EINVAL.
    if (::fsync(directory.get()) == 0 || errno == EINVAL) return {};
    return system_failure("Saving", path_.string());
  }

  std::filesystem::path path_;
};

Result<void> write_fully(int file, std::span<const char> bytes, const std::string& subject) {
  while (!bytes.empty()) {
    const auto count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_failure("Writing", subject);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> copy(LocalFile& from, int to, const std::string& subject, const Progress& progress,
                  const std::stop_token& stop) {
  std::vector<char> buffer(kChunk);
  std::uint64_t sent = 0;
  for (;;) {
    if (stop.stop_requested()) return cancelled("Writing " + subject);
    const auto count = from.read(buffer);
    if (!count) return tl::unexpected(count.error());
    if (*count == 0) return {};
    if (auto written = write_fully(to, std::span(buffer).first(*count), subject); !written) return written;
    sent += *count;
    if (progress) progress(sent, from.size());
  }
}

Result<void> DirectoryDestination::put(const std::filesystem::path& local, std::string_view name,
                                       const Progress& progress, std::stop_token stop) {
  if (auto fit = check_file_name(name); !fit) return fit;
  if (stop.stop_requested()) return cancelled("Writing " + subject_of(name));
  auto source = LocalFile::open(local);
  if (!source) return tl::unexpected(source.error());
  const auto directory = open_directory();
  if (!directory) return tl::unexpected(directory.error());
  const auto subject = subject_of(name);
  const FileDescriptor file(::openat(directory->get(), std::string(name).c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (!file) return system_failure("Creating", subject);
  if (auto copied = copy(*source, file.get(), subject, progress, stop); !copied) return copied;
  if (::fsync(file.get()) != 0) return system_failure("Saving", subject);
  return settle(*directory);
}

Result<std::uint64_t> DirectoryDestination::get(std::string_view name, const std::filesystem::path& local,
                                                std::uint64_t longest, std::stop_token stop) {
  if (auto fit = check_file_name(name); !fit) return tl::unexpected(fit.error());
  const auto subject = subject_of(name);
  const FileDescriptor from(::open(subject.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!from && errno == ENOENT) {
    return fail("directory.no_such_file", fmt::format("Reading {} failed: there is no such file.", subject));
  }
  if (!from) return system_failure("Reading", subject);
  auto to = ReceivedFile::create(local, longest, subject);
  if (!to) return tl::unexpected(to.error());
  std::vector<char> buffer(kChunk);
  for (;;) {
    if (stop.stop_requested()) return cancelled("Reading " + subject);
    const auto count = ::read(from.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_failure("Reading", subject);
    if (count == 0) return to->bytes();
    if (auto written = to->write(std::span(buffer).first(static_cast<std::size_t>(count))); !written) {
      return tl::unexpected(written.error());
    }
  }
}

Result<void> DirectoryDestination::rename(std::string_view from, std::string_view to, std::stop_token) {
  for (const auto name : {from, to}) {
    if (auto fit = check_file_name(name); !fit) return fit;
  }
  const auto directory = open_directory();
  if (!directory) return tl::unexpected(directory.error());
  const std::string source(from);
  const std::string target(to);
  const int fd = directory->get();
  int code = ::renameat2(fd, source.c_str(), fd, target.c_str(), RENAME_NOREPLACE);
  if (code != 0 &&
      (errno == EINVAL || errno == ENOSYS)) {  // a file system that cannot: a hard link never replaces, either
    code = ::linkat(fd, source.c_str(), fd, target.c_str(), 0);
    if (code == 0) code = ::unlinkat(fd, source.c_str(), 0);
  }
  if (code == 0) return settle(*directory);
  if (errno == ENOENT) {
    return fail("directory.no_such_file",
                fmt::format("Renaming {} to {} failed: there is no such file.", subject_of(from), to));
  }
  return system_failure("Renaming", fmt::format("{} to {}", subject_of(from), to));
}

Result<std::optional<std::uint64_t>> DirectoryDestination::size(std::string_view name, std::stop_token) {
  if (auto fit = check_file_name(name); !fit) return tl::unexpected(fit.error());
  struct stat status {};
  if (::stat(subject_of(name).c_str(), &status) == 0) return static_cast<std::uint64_t>(status.st_size);
  if (errno == ENOENT) return std::nullopt;
  return system_failure("Asking for the size of", subject_of(name));
}

Result<void> DirectoryDestination::remove(std::string_view name, std::stop_token) {
  if (auto fit = check_file_name(name); !fit) return fit;
  const auto directory = open_directory();
  if (!directory) return tl::unexpected(directory.error());
  if (::unlinkat(directory->get(), std::string(name).c_str(), 0) == 0) return settle(*directory);
  if (errno == ENOENT) return {};
  return system_failure("Removing", subject_of(name));
}

Result<std::vector<RemoteFile>> DirectoryDestination::list(std::stop_token stop) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path_.c_str()), &::closedir);
  if (!directory) return system_failure("Listing", path_.string());
  std::vector<RemoteFile> files;
  for (errno = 0; const dirent* entry = ::readdir(directory.get()); errno = 0) {
    if (stop.stop_requested()) return cancelled("Listing " + path_.string());
    struct stat status {};
    if (::fstatat(::dirfd(directory.get()), entry->d_name, &status, 0) != 0 || !S_ISREG(status.st_mode)) continue;
    files.push_back({entry->d_name, static_cast<std::uint64_t>(status.st_size),
                     Instant{std::chrono::seconds(status.st_mtim.tv_sec) +
                             std::chrono::microseconds(status.st_mtim.tv_nsec / 1000)}});
  }
  if (errno != 0) return system_failure("Listing", path_.string());
  return files;
}

Result<void> DirectoryDestination::check(std::stop_token stop) {
  const auto directory = open_directory();
  if (!directory) return tl::unexpected(directory.error());
  const auto name = "product-sync-check-" + random_hex(8) + ".part";  // an unfinished upload, to a watcher
  const FileDescriptor file(::openat(directory->get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!file) return system_failure("Creating", subject_of(name));
  return remove(name, std::move(stop));
}

}  // namespace

std::unique_ptr<Destination> make_directory(DirectoryOptions options) {
  return std::make_unique<DirectoryDestination>(std::move(options));
}

}  // namespace product_sync::transfer
