#include "transfer/destination_harness.hpp"

#include <sys/fsuid.h>
#include <unistd.h>

namespace product_sync {
namespace {
constexpr unsigned kNobody = 65534;
}

SftpWorld::SftpWorld(SshServerOptions options) : server(std::move(options)), key(server.accepted_key()) {}

transfer::SftpOptions SftpWorld::options() const {
  transfer::SftpOptions options;
  options.host = "127.0.0.1";
  options.port = server.port();
  options.user = server.user();
  options.private_key = key;
  for (const auto* type : {"ed25519"}) options.host_key_fingerprints.push_back(server.fingerprint(type));
  options.directory = server.files();
  options.connect_timeout = std::chrono::seconds(20);
  options.operation_timeout = std::chrono::seconds(20);
  return options;
}

std::unique_ptr<transfer::Destination> SftpWorld::open(const transfer::SftpOptions& options) {
  return transfer::make_sftp(options, clock, logger);
}

FtpWorld::FtpWorld(FtpServerOptions options) : served(options), server(std::move(options)) {}

transfer::FtpOptions FtpWorld::options() const {
  using Protocol = FtpServerOptions::Protocol;
  transfer::FtpOptions options;
  options.host = "127.0.0.1";
  options.port = server.port();
  options.user = server.user();
  options.password = Secret(FtpServer::password());
  options.security = served.protocol == Protocol::ftp    ? transfer::FtpSecurity::plain
                     : served.protocol == Protocol::ftps ? transfer::FtpSecurity::implicit_tls
                                                         : transfer::FtpSecurity::explicit_tls;
  options.ca_file = server.certificate();
  options.directory = server.files();
  options.connect_timeout = std::chrono::seconds(20);
  options.operation_timeout = std::chrono::seconds(20);
  return options;
}

std::unique_ptr<transfer::Destination> FtpWorld::open(const transfer::FtpOptions& options) {
  return transfer::make_ftp(options, clock, logger);
}

DirectoryHarness::DirectoryHarness() { std::filesystem::create_directory(files()); }

DirectoryHarness::Denied::Denied(const DirectoryHarness& harness)
    : destination_(harness.open()), files_(harness.files()) {
  std::filesystem::permissions(files_, std::filesystem::perms{0555});
  if (::geteuid() == 0) ::setfsuid(kNobody);  // for root there are no permissions
}

DirectoryHarness::Denied::~Denied() {
  if (::geteuid() == 0) ::setfsuid(0);
  std::filesystem::permissions(files_, std::filesystem::perms{0755});
}

std::unique_ptr<transfer::Destination> SftpHarness::open_missing() {
  auto options = world_.options();
  options.directory = world_.server.files() / "missing";
  return world_.open(options);
}

SftpHarness::Denied::Denied(const SftpHarness&) : world_({.sftp_arguments = "-R"}), destination_(world_.open()) {}

ModSftpHarness::ModSftpHarness(std::vector<std::string> settings)
    : server_({.protocol = FtpServerOptions::Protocol::sftp, .settings = std::move(settings)}) {}

transfer::SftpOptions ModSftpHarness::options() const {
  transfer::SftpOptions options;
  options.host = "127.0.0.1";
  options.port = server_.port();
  options.user = server_.user();
  options.password = Secret(FtpServer::password());
  options.host_key_fingerprints = {server_.fingerprint()};
  options.directory = files();
  options.connect_timeout = std::chrono::seconds(20);
  options.operation_timeout = std::chrono::seconds(20);
  return options;
}

std::unique_ptr<transfer::Destination> ModSftpHarness::open_missing() {
  auto missing = options();
  missing.directory = files() / "missing";
  return open(missing);
}

ModSftpHarness::Denied::Denied(const ModSftpHarness&)
    : harness_({"<Limit WRITE>\nDenyAll\n</Limit>"}), destination_(harness_.open()) {}

}  // namespace product_sync
