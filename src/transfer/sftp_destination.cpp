#include "transfer/sftp_destination.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "transfer/local_file.hpp"
#include "transfer/probe.hpp"
#include "transfer/received_file.hpp"
#include "transfer/sftp_connection.hpp"
#include "transfer/sftp_download.hpp"
#include "transfer/sftp_upload.hpp"
#include "transfer/tcp_connection.hpp"

namespace product_sync::transfer {
namespace {

constexpr std::size_t kMostListed = 1'000'000;  // entries of a directory that we are willing to hold
constexpr std::size_t kLongestName = 4096;

bool is_refusal(const Error& error) {
  return error.code == "sftp.permission_denied" || error.code == "sftp.unsupported";
}

class SftpDestination final : public Destination {
 public:
  SftpDestination(SftpOptions options, const Clock& clock, Logger& logger)
      : options_(std::move(options)), clock_(clock), logger_(logger), last_used_(clock.monotonic()) {}

  Capabilities capabilities() const override { return capabilities_; }

  std::string describe() const override {
    const auto& directory = options_.directory;
    return fmt::format("sftp://{}@{}:{}{}{}", options_.user, options_.host, options_.port,
                       directory.starts_with('/') ? "" : "/~/", directory);
  }

  Result<void> put(const std::filesystem::path& local, std::string_view name, const Progress& progress,
                   std::stop_token stop) override {
    auto file = LocalFile::open(local);
    if (!file) return tl::unexpected(file.error());
    return store(
        name, file->size(), [&](std::span<char> space) { return file->read(space); }, progress, std::move(stop));
  }

  Result<std::uint64_t> get(std::string_view name, const std::filesystem::path& local, std::uint64_t longest,
                            std::stop_token stop) override;
  Result<void> rename(std::string_view from, std::string_view to, std::stop_token stop) override;
  Result<std::optional<std::uint64_t>> size(std::string_view name, std::stop_token stop) override;
  Result<void> remove(std::string_view name, std::stop_token stop) override;
  Result<std::vector<RemoteFile>> list(std::stop_token stop) override;
  Result<void> check(std::stop_token stop) override;

 private:
  std::string path_of(std::string_view name) const {
    const auto& directory = options_.directory;
    if (directory.empty()) return std::string(name);
    return fmt::format("{}{}{}", directory, directory.ends_with('/') ? "" : "/", name);
  }
  std::string subject_of(std::string_view name) const { return fmt::format("\"{}\" in {}", name, describe()); }

  Limit limit(std::chrono::milliseconds duration, std::stop_token stop, std::string doing) const {
    return {clock_, clock_.monotonic() + duration, std::move(stop), std::move(doing)};
  }
  /// For carrying so many bytes.
  std::chrono::milliseconds longest_for(std::uint64_t bytes) const {
    return options_.operation_timeout +
           std::chrono::seconds(bytes / std::max<std::uint64_t>(options_.lowest_bytes_per_second, 1));
  }
  Limit request_limit(std::string_view doing, std::string_view name, std::stop_token stop) const {
    return limit(options_.operation_timeout, std::move(stop), fmt::format("{} {}", doing, subject_of(name)));
  }

  /// The connection, opened where there is none that works.
  Result<SftpConnection*> connected(const std::stop_token& stop);
  Result<void> store(std::string_view name, std::uint64_t bytes, const ReadSome& source, const Progress& progress,
                     std::stop_token stop);
  Error explain_write_failure(Error error, std::string_view name, std::uint64_t bytes, const std::stop_token& stop);
  Result<std::vector<RemoteFile>> read_directory(SftpConnection& connection, const SftpHandle& handle,
                                                 const Limit& limit);

  SftpOptions options_;
  const Clock& clock_;
  Logger& logger_;
  Monotonic last_used_;
  Capabilities capabilities_{.rename = true, .stat = true, .list = true, .resume = false};
  std::unique_ptr<SftpConnection> connection_;
};

Result<SftpConnection*> SftpDestination::connected(const std::stop_token& stop) {
  const auto idle = clock_.monotonic() - last_used_;
  if (connection_ &&
      (!connection_->usable() || idle > options_.idle_limit || peer_has_left(connection_->session().socket()))) {
    connection_.reset();
  }
  if (!connection_) {
    const auto connect_limit = limit(options_.connect_timeout, stop, "Signing in to " + describe());
    auto opened = SftpConnection::open(options_, connect_limit);
    if (!opened) return tl::unexpected(opened.error());
    connection_ = std::move(*opened);
    logger_.debug("sftp.connected", "Signed in to an SFTP server.",
                  {{"destination", describe()}, {"host_key", connection_->session().host_key().fingerprint()}});
  }
  last_used_ = clock_.monotonic();
  return connection_.get();
}

Result<void> SftpDestination::store(std::string_view name, std::uint64_t bytes, const ReadSome& source,
                                    const Progress& progress, std::stop_token stop) {
  if (auto fit = check_file_name(name); !fit) return fit;
  const auto connection = connected(stop);
  if (!connection) return tl::unexpected(connection.error());
  const SftpUpload what{path_of(name), subject_of(name), bytes, options_.buffer_bytes, options_.operation_timeout};
  auto sent = upload(**connection, what, source, progress,
                     limit(longest_for(bytes), stop, "Uploading " + what.subject));
  last_used_ = clock_.monotonic();
  if (sent) return sent;
  return tl::unexpected(explain_write_failure(std::move(sent.error()), name, bytes, stop));
}

/// Version 3 of SFTP has no status for a full disk: where the server tells its free space, look.
Error SftpDestination::explain_write_failure(Error error, std::string_view name, std::uint64_t bytes,
                                             const std::stop_token& stop) {
  if (error.code != "sftp.failed") return error;
  const auto connection = connected(stop);
  if (!connection) return error;
  LIBSSH2_SFTP_STATVFS space{};
  const auto path = options_.directory.empty() ? std::string(".") : options_.directory;
  const auto asked =
      (*connection)->run(SftpRequest::stat, describe(), request_limit("Asking for the space of", name, stop), [&] {
        return libssh2_sftp_statvfs((*connection)->get(), path.c_str(), path.size(), &space);
      });
  if (!asked || space.f_bavail * space.f_frsize >= bytes) return error;
  return {"sftp.disk_full", fmt::format("Writing {} failed: the disk of the server is full.", subject_of(name)),
          "Make room on the server.", Retry::later, std::nullopt};
}

Result<std::uint64_t> SftpDestination::get(std::string_view name, const std::filesystem::path& local,
                                           std::uint64_t longest, std::stop_token stop) {
  if (auto fit = check_file_name(name); !fit) return tl::unexpected(fit.error());
  const SftpDownload what{path_of(name), subject_of(name), options_.operation_timeout};
  auto file = ReceivedFile::create(local, longest, what.subject);
  if (!file) return tl::unexpected(file.error());
  const auto connection = connected(stop);
  if (!connection) return tl::unexpected(connection.error());
  const auto received = download(
      **connection, what, [&](std::span<const char> bytes) { return file->write(bytes); },
      limit(longest_for(longest), stop, "Reading " + what.subject));
  last_used_ = clock_.monotonic();
  if (!received) return tl::unexpected(received.error());
  return file->bytes();
}

Result<void> SftpDestination::rename(std::string_view from, std::string_view to, std::stop_token stop) {
  for (const auto name : {from, to}) {
    if (auto fit = check_file_name(name); !fit) return fit;
  }
  const auto occupied = [&]() -> Result<bool> {
    auto there = size(to, stop);
    if (!there && there.error().code == "transfer.stat_refused") return false;
    if (!there) return tl::unexpected(there.error());
    return there->has_value();
  };
  const auto exists = [&] {
    return fail("transfer.exists", fmt::format("There is already a file {}.", subject_of(to)), "Use a unique name.");
  };
  // Asked first, for some servers replace what is there; asked again after a failure, for version 3 gives no reason.
  if (const auto there = occupied(); !there || *there) return there ? exists() : tl::unexpected(there.error());

  const auto connection = connected(stop);
  if (!connection) return tl::unexpected(connection.error());
  const auto source = path_of(from);
  const auto target = path_of(to);
  const auto subject = fmt::format("\"{}\" to {}", from, subject_of(to));
  auto renamed = (*connection)->run(SftpRequest::rename, subject, request_limit("Renaming to", to, stop), [&] {
    return libssh2_sftp_rename_ex((*connection)->get(), source.c_str(), static_cast<unsigned>(source.size()),
                                  target.c_str(), static_cast<unsigned>(target.size()), 0);
  });
  if (renamed) return {};
  if (is_refusal(renamed.error())) {
    capabilities_.rename = false;
    return fail("transfer.rename_refused", renamed.error().message, "Switch off uploading under a temporary name.");
  }
  if (renamed.error().code == "transfer.exists") return exists();
  if (renamed.error().code != "sftp.failed") return tl::unexpected(std::move(renamed.error()));
  const auto there = occupied();
  if (there && *there) return exists();
  return tl::unexpected(std::move(renamed.error()));
}

Result<std::optional<std::uint64_t>> SftpDestination::size(std::string_view name, std::stop_token stop) {
  if (auto fit = check_file_name(name); !fit) return tl::unexpected(fit.error());
  const auto connection = connected(stop);
  if (!connection) return tl::unexpected(connection.error());
  const auto path = path_of(name);
  const auto subject = subject_of(name);
  LIBSSH2_SFTP_ATTRIBUTES attributes{};
  auto asked = (*connection)->run(SftpRequest::stat, subject, request_limit("Asking for the size of", name, stop), [&] {
    return libssh2_sftp_stat_ex((*connection)->get(), path.c_str(), static_cast<unsigned>(path.size()),
                                LIBSSH2_SFTP_STAT, &attributes);
  });
  if (!asked && asked.error().code == "sftp.no_such_file") return std::nullopt;
  const bool untold = asked && (attributes.flags & LIBSSH2_SFTP_ATTR_SIZE) == 0;
  if (untold || (!asked && is_refusal(asked.error()))) {
    capabilities_.stat = false;
    return fail("transfer.stat_refused", fmt::format("The server does not tell the size of {}.", subject));
  }
  if (!asked) return tl::unexpected(std::move(asked.error()));
  return attributes.filesize;
}

Result<void> SftpDestination::remove(std::string_view name, std::stop_token stop) {
  if (auto fit = check_file_name(name); !fit) return fit;
  const auto connection = connected(stop);
  if (!connection) return tl::unexpected(connection.error());
  const auto path = path_of(name);
  auto removed = (*connection)->run(SftpRequest::remove, subject_of(name), request_limit("Removing", name, stop), [&] {
    return libssh2_sftp_unlink_ex((*connection)->get(), path.c_str(), static_cast<unsigned>(path.size()));
  });
  if (removed || removed.error().code == "sftp.no_such_file") return {};
  return tl::unexpected(std::move(removed.error()));
}

Result<std::vector<RemoteFile>> SftpDestination::list(std::stop_token stop) {
  const auto connection = connected(stop);
  if (!connection) return tl::unexpected(connection.error());
  const auto path = options_.directory.empty() ? std::string(".") : options_.directory;
  const auto list_limit = limit(options_.operation_timeout, stop, "Listing " + describe());
  const auto opened =
      (*connection)
          ->session()
          .finish_pointer(
              [&] {
                return libssh2_sftp_open_ex((*connection)->get(), path.c_str(), static_cast<unsigned>(path.size()), 0,
                                            0, LIBSSH2_SFTP_OPENDIR);
              },
              list_limit);
  if (!opened) return tl::unexpected(opened.error());
  if (*opened == nullptr) {
    auto error = (*connection)->failure(SftpRequest::list, describe(), list_limit);
    if (is_refusal(error)) capabilities_.list = false;
    return tl::unexpected(std::move(error));
  }
  SftpHandle handle(**connection, *opened);
  auto files = read_directory(**connection, handle, list_limit);
  if (!files) return files;
  if (auto closed = handle.close(SftpRequest::list, describe(), list_limit); !closed)
    return tl::unexpected(closed.error());
  return files;
}

Result<std::vector<RemoteFile>> SftpDestination::read_directory(SftpConnection& connection, const SftpHandle& handle,
                                                                const Limit& limit) {
  std::vector<RemoteFile> files;
  std::array<char, kLongestName> name{};
  for (std::size_t entries = 0; entries < kMostListed; ++entries) {
    if (auto within = limit.check(); !within) return tl::unexpected(within.error());
    LIBSSH2_SFTP_ATTRIBUTES attributes{};
    const auto length = connection.run(SftpRequest::list, describe(), limit, [&] {
      return libssh2_sftp_readdir_ex(handle.get(), name.data(), name.size(), nullptr, 0, &attributes);
    });
    if (!length) return tl::unexpected(length.error());
    if (*length == 0) return files;
    const std::string_view text(name.data(), static_cast<std::size_t>(*length));
    const bool typed = (attributes.flags & LIBSSH2_SFTP_ATTR_PERMISSIONS) != 0;
    if ((typed && !LIBSSH2_SFTP_S_ISREG(attributes.permissions)) || !check_file_name(text)) continue;
    RemoteFile file{std::string(text), attributes.filesize, std::nullopt};
    if ((attributes.flags & LIBSSH2_SFTP_ATTR_ACMODTIME) != 0)
      file.modified = Instant{std::chrono::seconds(attributes.mtime)};
    files.push_back(std::move(file));
  }
  return fail("sftp.too_many_files", fmt::format("{} holds more than {} files.", describe(), kMostListed),
              "Remove old files from the directory.");
}

Result<void> SftpDestination::check(std::stop_token stop) {
  if (const auto connection = connected(stop); !connection) return tl::unexpected(connection.error());
  const auto store_bytes = [&](std::string_view name, std::uint64_t bytes, const ReadSome& source) {
    return store(name, bytes, source, {}, stop);
  };
  return probe(*this, store_bytes, stop);
}

}  // namespace

std::unique_ptr<Destination> make_sftp(SftpOptions options, const Clock& clock, Logger& logger) {
  return std::make_unique<SftpDestination>(std::move(options), clock, logger);
}

}  // namespace product_sync::transfer
