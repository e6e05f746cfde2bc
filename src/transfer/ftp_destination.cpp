#include "transfer/ftp_destination.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "transfer/ftp_connection.hpp"
#include "transfer/ftp_error.hpp"
#include "transfer/ftp_listing.hpp"
#include "transfer/local_file.hpp"
#include "transfer/probe.hpp"
#include "transfer/received_file.hpp"

namespace product_sync::transfer {
namespace {

constexpr std::uint64_t kLongestListing = 128ULL << 20U;

struct Scheme {
  const char* name;  ///< as FileZilla and lftp call it
  std::uint16_t port;
};

Scheme scheme_of(FtpSecurity security) {
  switch (security) {
    case FtpSecurity::plain:
      return {"ftp", 21};
    case FtpSecurity::explicit_tls:
      return {"ftpes", 21};
    case FtpSecurity::implicit_tls:
      return {"ftps", 990};
  }
  return {"ftp", 21};
}

/// So that a user such as `abc:me@example.com` is seen for what it is.
std::string escaped_user(std::string_view user) {
  std::string text;
  for (const char c : user)
    text += c == ':' || c == '@' || c == '/' || c == '%' ? fmt::format("%{:02X}", c) : std::string(1, c);
  return text;
}

bool is_unknown_command(int code) { return code == 500 || code == 502 || code == 504; }

bool is_refusal(const FtpReply& reply) {
  const auto text = to_lower_ascii(reply.text);
  return is_unknown_command(reply.code) || text.find("permission denied") != std::string::npos ||
         text.find("not permitted") != std::string::npos || text.find("not allowed") != std::string::npos;
}

/// libcurl before 8.0 makes no TLS on data connections that the server opens.
bool can_do(const FtpOptions& options) {
  constexpr unsigned kFirst = 0x080000;
  return options.passive || options.security == FtpSecurity::plain ||
         curl_version_info(CURLVERSION_NOW)->version_num >= kFirst;
}

class FtpDestination final : public Destination {
 public:
  FtpDestination(FtpOptions options, const Clock& clock, Logger& logger)
      : options_(std::move(options)), clock_(clock), logger_(logger), last_used_(clock.monotonic()) {}

  Capabilities capabilities() const override { return capabilities_; }

  std::string describe() const override {
    const auto scheme = scheme_of(options_.security);
    const auto& directory = options_.directory;
    return fmt::format("{}://{}@{}:{}{}{}", scheme.name, escaped_user(options_.user), options_.host,
                       options_.port != 0 ? options_.port : scheme.port, directory.starts_with('/') ? "" : "/~/",
                       directory);
  }

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
  std::string subject_of(std::string_view name) const { return fmt::format("\"{}\" in {}", name, describe()); }

  Limit limit(std::chrono::milliseconds duration, std::stop_token stop, std::string doing) const {
    return {clock_, clock_.monotonic() + options_.connect_timeout + duration, std::move(stop), std::move(doing), "ftp"};
  }

  /// For carrying so many bytes.
  std::chrono::milliseconds longest_for(std::uint64_t bytes) const {
    return options_.operation_timeout +
           std::chrono::seconds(bytes / std::max<std::uint64_t>(options_.lowest_bytes_per_second, 1));
  }

  /// Runs the job on a connection that is fit for it. What was said is then in the result, for those commands that
  /// were allowed to fail.
  Result<const FtpDialogue*> run(const FtpJob& job, const Limit& limit);
  Result<const FtpDialogue*> command(std::vector<std::string> commands, std::string doing, std::stop_token stop) {
    const FtpJob job{.commands = std::move(commands)};
    return run(job, limit(options_.operation_timeout, std::move(stop), std::move(doing)));
  }

  Result<void> store(std::string_view name, std::uint64_t bytes, const ReadSome& source, const Progress& progress,
                     const std::stop_token& stop);
  Error explain_broken_upload(Error error, std::string_view name, const std::stop_token& stop);
  Result<bool> offers_mlsd(const std::stop_token& stop);

  FtpOptions options_;
  const Clock& clock_;
  Logger& logger_;
  Monotonic last_used_;
  Capabilities capabilities_{.rename = true, .stat = true, .list = true, .resume = false};
  std::optional<bool> offers_mlsd_;
  std::unique_ptr<FtpConnection> connection_;
};

Result<const FtpDialogue*> FtpDestination::run(const FtpJob& job, const Limit& limit) {
  if (auto within = limit.check(); !within) return tl::unexpected(within.error());
  if (!can_do(options_)) {
    return fail("ftp.active_tls",
                fmt::format("{} failed: libcurl {} knows no active mode with TLS.", limit.doing,
                            curl_version_info(CURLVERSION_NOW)->version),
                "Use passive mode, or libcurl 8 (Debian 13, the container image).");
  }
  // Servers want the TLS session of the commands on the data connection, too, and some take it once only. Another
  // sign-in costs less than a file that has to be sent again.
  const bool spent =
      job.carries_data() && options_.security != FtpSecurity::plain && connection_ && connection_->has_carried_data();
  if (spent || clock_.monotonic() - last_used_ > options_.idle_limit) connection_.reset();
  if (!connection_) {
    connection_ = std::make_unique<FtpConnection>(options_);
    logger_.debug("ftp.connecting", "Signing in to an FTP server.", {{"destination", describe()}});
  }
  auto done = connection_->run(job, limit);
  last_used_ = clock_.monotonic();
  if (done) return &connection_->dialogue();
  connection_.reset();
  return tl::unexpected(std::move(done.error()));
}

Result<void> FtpDestination::put(const std::filesystem::path& local, std::string_view name, const Progress& progress,
                                 std::stop_token stop) {
  auto file = LocalFile::open(local);
  if (!file) return tl::unexpected(file.error());
  const ReadSome source = [&](std::span<char> space) { return file->read(space); };
  auto stored = store(name, file->size(), source, progress, stop);
  if (stored) return stored;
  return tl::unexpected(explain_broken_upload(std::move(stored.error()), name, stop));
}

Result<void> FtpDestination::store(std::string_view name, std::uint64_t bytes, const ReadSome& source,
                                   const Progress& progress, const std::stop_token& stop) {
  if (auto fit = check_file_name(name); !fit) return fit;
  const FtpJob::Upload upload{std::string(name), bytes, source, progress};
  const FtpJob job{.upload = &upload};
  const auto done = run(job, limit(longest_for(bytes), stop, "Uploading " + subject_of(name)));
  if (!done) return tl::unexpected(done.error());
  return {};
}

Result<std::uint64_t> FtpDestination::get(std::string_view name, const std::filesystem::path& local,
                                          std::uint64_t longest, std::stop_token stop) {
  if (auto fit = check_file_name(name); !fit) return tl::unexpected(fit.error());
  auto file = ReceivedFile::create(local, longest, subject_of(name));
  if (!file) return tl::unexpected(file.error());
  const TakeSome sink = [&](std::span<const char> bytes) { return file->write(bytes); };
  const FtpJob::Download download{std::string(name), sink};
  const FtpJob job{.download = &download};
  const auto done = run(job, limit(longest_for(longest), std::move(stop), "Reading " + subject_of(name)));
  if (!done) return tl::unexpected(done.error());
  return file->bytes();
}

/// When a server ends a data connection in mid-file, libcurl does not read the reply that tells why. A small file that
/// fails as well gets one.
Error FtpDestination::explain_broken_upload(Error error, std::string_view name, const std::stop_token& stop) {
  if (error.code != "ftp.connection_lost") return error;
  bool given = false;
  const ReadSome one_byte = [&](std::span<char> space) -> Result<std::size_t> {
    if (std::exchange(given, true)) return 0;
    space[0] = '\n';
    return 1;
  };
  const auto probe_name = "product-sync-check-" + random_hex(8) + ".part";
  const auto tried = store(probe_name, 1, one_byte, {}, stop);
  static_cast<void>(remove(probe_name, {}));
  if (tried || (tried.error().code != "ftp.disk_full" && tried.error().code != "ftp.refused")) return error;
  return {tried.error().code,
          fmt::format("Uploading {} failed: the server ended it half-way, and a file of one byte as well: {}",
                      subject_of(name), tried.error().message),
          "A full disk or a quota are common reasons.", Retry::later, std::nullopt};
}

Result<void> FtpDestination::rename(std::string_view from, std::string_view to, std::stop_token stop) {
  for (const auto name : {from, to}) {
    if (auto fit = check_file_name(name); !fit) return fit;
  }
  // Asked first, for RNTO replaces what is there.
  const auto there = size(to, stop);
  if (!there && there.error().code != "transfer.stat_refused") return tl::unexpected(there.error());
  if (there && there->has_value()) {
    return fail("transfer.exists", fmt::format("There is already a file {}.", subject_of(to)), "Use a unique name.");
  }
  const auto doing = fmt::format("Renaming \"{}\" to {}", from, subject_of(to));
  const auto said = command({fmt::format("*RNFR {}", from), fmt::format("*RNTO {}", to)}, doing, stop);
  if (!said) return tl::unexpected(said.error());
  const auto* begun = (*said)->reply_to("RNFR");
  const auto* ended = (*said)->reply_to("RNTO");
  if (ended != nullptr && ended->code >= 200 && ended->code < 300) return {};
  const auto& refusal = begun != nullptr && begun->code >= 400 ? begun : ended;
  if (refusal == nullptr) return tl::unexpected(ftp_error(CURLE_RECV_ERROR, "no reply", **said, doing));
  const auto reason = fmt::format("{} failed: the server said \"{} {}\".", doing, refusal->code, refusal->text);
  const bool for_good = refusal->code >= 500;
  if (!for_good) return fail("ftp.refused", reason, "The server's log may tell why.", Retry::later);
  const auto source = size(from, stop);
  if (source && !source->has_value()) {
    return fail("ftp.no_such_file", fmt::format("{} There is no such file.", reason));
  }
  capabilities_.rename = false;
  return fail("transfer.rename_refused", reason, "Switch off uploading under a temporary name.");
}

Result<std::optional<std::uint64_t>> FtpDestination::size(std::string_view name, std::stop_token stop) {
  if (auto fit = check_file_name(name); !fit) return tl::unexpected(fit.error());
  const auto doing = "Asking for the size of " + subject_of(name);
  // Without TYPE I servers count as if line ends were converted, or refuse to.
  const auto said = command({"TYPE I", fmt::format("*SIZE {}", name)}, doing, std::move(stop));
  if (!said) return tl::unexpected(said.error());
  const auto* reply = (*said)->reply_to("SIZE");
  if (reply != nullptr && reply->code == 213) {
    std::uint64_t bytes = 0;
    const auto& text = reply->text;
    if (std::from_chars(text.data(), text.data() + text.size(), bytes).ec == std::errc{}) return bytes;
  }
  if (reply != nullptr && reply->code == 550 && !is_refusal(*reply)) return std::nullopt;
  if (reply != nullptr && is_refusal(*reply)) {
    capabilities_.stat = false;
    return fail("transfer.stat_refused", fmt::format("The server does not tell the size of {}.", subject_of(name)));
  }
  return tl::unexpected(ftp_error(CURLE_QUOTE_ERROR, "no size in the reply", **said, doing));
}

Result<void> FtpDestination::remove(std::string_view name, std::stop_token stop) {
  if (auto fit = check_file_name(name); !fit) return fit;
  const auto doing = "Removing " + subject_of(name);
  const auto said = command({fmt::format("*DELE {}", name)}, doing, stop);
  if (!said) return tl::unexpected(said.error());
  const auto* reply = (*said)->reply_to("DELE");
  if (reply != nullptr && reply->code >= 200 && reply->code < 300) return {};
  auto error = ftp_error(CURLE_QUOTE_ERROR, "no reply", **said, doing);
  const auto there = size(name, stop);  // 550 stands for "is not there" and "may not be removed"
  if (there && !there->has_value()) return {};
  return tl::unexpected(std::move(error));
}

Result<bool> FtpDestination::offers_mlsd(const std::stop_token& stop) {
  if (offers_mlsd_) return *offers_mlsd_;
  const auto said = command({"*FEAT"}, "Asking for the abilities of " + describe(), stop);
  if (!said) return tl::unexpected(said.error());
  const auto* reply = (*said)->reply_to("FEAT");
  offers_mlsd_ = reply != nullptr && std::ranges::any_of(reply->lines, [](const std::string& line) {
                   return to_lower_ascii(line).starts_with("mlst");
                 });
  return *offers_mlsd_;
}

Result<std::vector<RemoteFile>> FtpDestination::list(std::stop_token stop) {
  const auto mlsd = offers_mlsd(stop);
  if (!mlsd) return tl::unexpected(mlsd.error());
  FtpJob::Listing listing{*mlsd ? "MLSD" : "LIST", kLongestListing};
  const FtpJob job{.listing = &listing};
  const auto done = run(job, limit(options_.operation_timeout, std::move(stop), "Listing " + describe()));
  if (!done) return tl::unexpected(done.error());
  return *mlsd ? parse_mlsd(listing.text) : parse_list(listing.text);
}

Result<void> FtpDestination::check(std::stop_token stop) {
  // By itself first: where it fails there is nothing to clean up, and a wrong password is tried once only.
  if (const auto in = command({"*NOOP"}, "Signing in to " + describe(), stop); !in) return tl::unexpected(in.error());
  const auto store_bytes = [&](std::string_view name, std::uint64_t bytes, const ReadSome& source) {
    return store(name, bytes, source, {}, stop);
  };
  return probe(*this, store_bytes, stop);
}

}  // namespace

std::unique_ptr<Destination> make_ftp(FtpOptions options, const Clock& clock, Logger& logger) {
  return std::make_unique<FtpDestination>(std::move(options), clock, logger);
}

}  // namespace product_sync::transfer
