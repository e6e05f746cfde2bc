#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

namespace product_sync {

struct SshServerOptions {
  std::vector<std::string> host_keys{"ed25519"};  ///< types for ssh-keygen: ed25519, ecdsa, rsa
  std::string sftp_arguments{};                   ///< of internal-sftp: `-R` read-only, `-P rename` denies renaming
  std::vector<std::string> settings{};            ///< more lines of sshd_config; they come first, so they win
};

/// A real OpenSSH server on a free port of the loopback interface with keys of its own. It serves the user who runs the
/// test; sees the file system as that user. Started at once; stopped, with its sessions, at the end of the scope.
class SshServer {
 public:
  explicit SshServer(SshServerOptions options = {});
  ~SshServer();
  SshServer(const SshServer&) = delete;
  SshServer& operator=(const SshServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const std::string& user() const { return user_; }
  /// Where files are to be put; empty at first.
  [[nodiscard]] std::filesystem::path files() const { return home_ / "files"; }

  /// A new key pair that the server accepts; the path of its private half. `format` is a value of ssh-keygen's -m or
  /// empty.
  [[nodiscard]] std::filesystem::path accepted_key(const std::string& type = "ed25519",
                                                   const std::string& passphrase = {}, const std::string& format = {});

  /// `SHA256:…` of one of the server's keys.
  [[nodiscard]] std::string fingerprint(const std::string& type = "ed25519") const;
  /// The public key as `type base64`.
  [[nodiscard]] std::string public_key(const std::string& type = "ed25519") const;
  /// Makes a new host key; used from the next start on.
  void replace_host_key(const std::string& type);

  /// Kills the server and every session at once, as a crash would.
  void kill();
  /// Starts it again on the same port.
  void start();
  /// What the server has logged.
  [[nodiscard]] std::string log() const;

 private:
  void make_host_key(const std::string& type) const;
  void write_configuration() const;
  bool try_start();

  SshServerOptions options_;
  TemporaryDirectory home_;
  std::string user_;
  std::uint16_t port_ = 0;
  pid_t process_ = -1;
};

/// A system user with a password, for the sign-ins that sshd checks against the system's. Nothing unless the test may
/// make one.
class TemporaryUser {
 public:
  [[nodiscard]] static bool possible();
  TemporaryUser();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& password() const { return password_; }

 private:
  std::string name_;
  std::string password_;
  LastWill removal_;
};

}  // namespace product_sync
