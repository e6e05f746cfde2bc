#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "support/ssh_server.hpp"
#include "support/temporary_directory.hpp"
#include "transfer/destination.hpp"
#include "transfer/directory_destination.hpp"
#include "transfer/sftp_destination.hpp"

namespace product_sync {

/// What every SFTP test needs around a destination.
struct SftpWorld {
  explicit SftpWorld(SshServerOptions options = {});

  /// Options that work: key login, fingerprint pinned, short time limits.
  [[nodiscard]] transfer::SftpOptions options() const;
  [[nodiscard]] std::unique_ptr<transfer::Destination> open(const transfer::SftpOptions& options);
  [[nodiscard]] std::unique_ptr<transfer::Destination> open() { return open(options()); }

  SshServer server;
  std::filesystem::path key;
  SystemClock clock;
  Logger logger{LogFormat::text, LogLevel::error};
};

/// For the conformance suite: a destination whose files the test can see.
class DirectoryHarness {
 public:
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

}  // namespace product_sync
