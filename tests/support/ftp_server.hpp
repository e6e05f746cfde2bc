#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/certificate.hpp"
#include "support/temporary_directory.hpp"

namespace product_sync {

struct FtpServerOptions {
  enum class Program { proftpd, vsftpd };
  enum class Protocol { ftp, ftp_with_tls, ftps, sftp };  ///< sftp: proftpd's mod_sftp

  Program program = Program::proftpd;
  Protocol protocol = Protocol::ftp;
  std::vector<std::string> settings{};  ///< more lines of the program's configuration
  CertificateOptions certificate{};
  std::uint16_t first_data_port = 0;  ///< of two that passive mode is confined to; 0: any port
};

/// A real FTP server on a free port of the loopback interface with one user. It serves the user who runs the test;
/// sees the file system as that user. Both programs are unpacked by scripts/setup. Stopped, with its sessions, at the
/// end of the scope.
class FtpServer {
 public:
  explicit FtpServer(FtpServerOptions options = {});
  ~FtpServer();
  FtpServer(const FtpServer&) = delete;
  FtpServer& operator=(const FtpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// The user's name: Rithum's form where the program allows it.
  [[nodiscard]] std::string user() const;
  /// With everything that URLs, shells and configuration files trip over.
  [[nodiscard]] static std::string password() {
    return R"(p@ss:w%rd/#?"x &+\ )"
           "end";
  }
  /// Where files are to be put; empty at first.
  [[nodiscard]] std::filesystem::path files() const { return home_ / "files"; }
  /// The certificate to trust.
  [[nodiscard]] std::filesystem::path certificate() const { return home_ / "certificate.pem"; }
  /// `SHA256:…` of the SFTP host key.
  [[nodiscard]] std::string fingerprint() const;

  /// Kills the server and every session at once, as a crash would.
  void kill();
  /// Starts it again on the same port.
  void start();
  [[nodiscard]] std::string log() const;

 private:
  [[nodiscard]] std::string proftpd_configuration() const;
  [[nodiscard]] std::string vsftpd_configuration() const;
  bool try_start();

  FtpServerOptions options_;
  TemporaryDirectory home_;
  std::uint16_t port_ = 0;
  pid_t process_ = -1;
};

/// The first of two ports of 127.0.0.1, one behind the other, that are free and that no connection gets by chance.
[[nodiscard]] std::uint16_t free_port_pair();

}  // namespace product_sync
