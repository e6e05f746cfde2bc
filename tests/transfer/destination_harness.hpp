#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "support/ftp_server.hpp"
#include "support/ssh_server.hpp"
#include "support/temporary_directory.hpp"
#include "transfer/destination.hpp"
#include "transfer/directory_destination.hpp"
#include "transfer/ftp_destination.hpp"
#include "transfer/sftp_destination.hpp"

namespace product_sync {

/// The result as checks compare it: "no error", or "code: text".
template <class T>
std::string error_of(const Result<T>& result) {
  return result ? std::string("no error") : result.error().code + ": " + result.error().text();
}

/// What every SFTP test needs around a destination.
struct SftpWorld {
  explicit SftpWorld(SshServerOptions options = {});

  /// Options that work: key login, fingerprint pinned, short time limits.
  [[nodiscard]] transfer::SftpOptions options() const;
  [[nodiscard]] std::unique_ptr<transfer::Destination> open(const transfer::SftpOptions& options);
  [[nodiscard]] std::unique_ptr<transfer::Destination> open() { return open(options()); }
  /// What the destination's check says under these options.
  [[nodiscard]] std::string check_with(const transfer::SftpOptions& options) { return error_of(open(options)->check({})); }

  SshServer server;
  std::filesystem::path key;
  SystemClock clock;
  Logger logger{LogFormat::text, LogLevel::error};
};

/// The same around an FTP destination.
struct FtpWorld {
  explicit FtpWorld(FtpServerOptions options = {});

  /// Options that work: the right password, the certificate trusted, short time limits.
  [[nodiscard]] transfer::FtpOptions options() const;
  [[nodiscard]] std::unique_ptr<transfer::Destination> open(const transfer::FtpOptions& options);
  [[nodiscard]] std::unique_ptr<transfer::Destination> open() { return open(options()); }

  FtpServerOptions served;
  FtpServer server;
  SystemClock clock;
  Logger logger{LogFormat::text, LogLevel::error};
};

/// For the conformance suite: a destination whose files the test can see.
class DirectoryHarness {
 public:
  static constexpr bool kTellsTimes = true;

  [[nodiscard]] std::filesystem::path files() const { return home_ / "files"; }
  [[nodiscard]] std::unique_ptr<transfer::Destination> open() const { return open(files()); }
  [[nodiscard]] std::unique_ptr<transfer::Destination> open_missing() const { return open(home_ / "missing"); }

  /// A destination that may read, but not write.
  class Denied {
   public:
    explicit Denied(const DirectoryHarness& harness);
    ~Denied();
    [[nodiscard]] transfer::Destination& destination() { return *destination_; }

   private:
    std::unique_ptr<transfer::Destination> destination_;
    std::filesystem::path files_;
  };

  DirectoryHarness();

 private:
  [[nodiscard]] static std::unique_ptr<transfer::Destination> open(const std::filesystem::path& path) {
    return transfer::make_directory({path});
  }

  TemporaryDirectory home_{"directory"};
};

class SftpHarness {
 public:
  static constexpr bool kTellsTimes = true;

  [[nodiscard]] std::filesystem::path files() const { return world_.server.files(); }
  [[nodiscard]] std::unique_ptr<transfer::Destination> open() { return world_.open(); }
  [[nodiscard]] std::unique_ptr<transfer::Destination> open_missing();

  class Denied {
   public:
    explicit Denied(const SftpHarness& harness);
    [[nodiscard]] transfer::Destination& destination() { return *destination_; }

   private:
    SftpWorld world_;
    std::unique_ptr<transfer::Destination> destination_;
  };

 private:
  SftpWorld world_;
};

template <FtpServerOptions::Program program, FtpServerOptions::Protocol protocol>
class FtpHarness {
 public:
  static constexpr bool kTellsTimes = program == FtpServerOptions::Program::proftpd;  // vsftpd knows no MLSD

  FtpHarness() : world_(served()) {}

  [[nodiscard]] std::filesystem::path files() const { return world_.server.files(); }
  [[nodiscard]] std::unique_ptr<transfer::Destination> open() { return world_.open(); }
  [[nodiscard]] std::unique_ptr<transfer::Destination> open_missing() {
    auto options = world_.options();
    options.directory = world_.server.files() / "missing";
    return world_.open(options);
  }

  class Denied {
   public:
    explicit Denied(const FtpHarness&) : world_(read_only()), destination_(world_.open()) {}
    [[nodiscard]] transfer::Destination& destination() { return *destination_; }

   private:
    static FtpServerOptions read_only() {
      auto options = served();
      const bool vsftpd = program == FtpServerOptions::Program::vsftpd;
      options.settings = {vsftpd ? "write_enable=NO" : "<Limit WRITE>\nDenyAll\n</Limit>"};
      return options;
    }

    FtpWorld world_;
    std::unique_ptr<transfer::Destination> destination_;
  };

 private:
  static FtpServerOptions served() {
    FtpServerOptions options;
    options.program = program;
    options.protocol = protocol;
    return options;
  }

  FtpWorld world_;
};

using ProftpdPlain = FtpHarness<FtpServerOptions::Program::proftpd, FtpServerOptions::Protocol::ftp>;
using ProftpdExplicit = FtpHarness<FtpServerOptions::Program::proftpd, FtpServerOptions::Protocol::ftp_with_tls>;
using ProftpdImplicit = FtpHarness<FtpServerOptions::Program::proftpd, FtpServerOptions::Protocol::ftps>;
using VsftpdPlain = FtpHarness<FtpServerOptions::Program::vsftpd, FtpServerOptions::Protocol::ftp>;
using VsftpdExplicit = FtpHarness<FtpServerOptions::Program::vsftpd, FtpServerOptions::Protocol::ftp_with_tls>;
using VsftpdImplicit = FtpHarness<FtpServerOptions::Program::vsftpd, FtpServerOptions::Protocol::ftps>;

/// proftpd's own SFTP, with a password.
class ModSftpHarness {
 public:
  static constexpr bool kTellsTimes = true;

  explicit ModSftpHarness(std::vector<std::string> settings = {});

  [[nodiscard]] std::filesystem::path files() const { return server_.files(); }
  [[nodiscard]] FtpServer& server() { return server_; }
  [[nodiscard]] Clock& clock() { return clock_; }
  /// Options that work.
  [[nodiscard]] transfer::SftpOptions options() const;
  [[nodiscard]] std::unique_ptr<transfer::Destination> open(const transfer::SftpOptions& options) {
    return transfer::make_sftp(options, clock_, logger_);
  }
  [[nodiscard]] std::unique_ptr<transfer::Destination> open() { return open(options()); }
  [[nodiscard]] std::unique_ptr<transfer::Destination> open_missing();

  class Denied;

 private:
  FtpServer server_;
  SystemClock clock_;
  Logger logger_{LogFormat::text, LogLevel::error};
};

class ModSftpHarness::Denied {
 public:
  explicit Denied(const ModSftpHarness&);
  [[nodiscard]] transfer::Destination& destination() { return *destination_; }

 private:
  ModSftpHarness harness_;
  std::unique_ptr<transfer::Destination> destination_;
};

}  // namespace product_sync
