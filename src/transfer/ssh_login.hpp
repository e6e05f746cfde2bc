#pragma once

#include <filesystem>
#include <string>

#include "base/secret.hpp"
#include "transfer/ssh_session.hpp"

namespace product_sync::transfer {

/// Who we are. A key, a password, or both: servers may ask for both.
struct Credentials {
  std::string user;
  Secret password;
  std::filesystem::path private_key;
  Secret passphrase;
};

/// Signs in on a session whose host key has been checked: with the key where the server takes keys, then with the
/// password, by keyboard-interactive where the server offers only that. Errors: `sftp.auth_failed`,
/// `sftp.key_unreadable`, `sftp.key_unsupported`, `sftp.passphrase_missing`, `sftp.password_expired`,
/// `sftp.connection_lost`, `sftp.timeout`, `cancelled`.
[[nodiscard]] Result<void> log_in(SshSession& session, const Credentials& credentials, const Limit& limit);

/// What can be said about the credentials without a server: the key file exists, is of a usable type, and its
/// passphrase is there.
[[nodiscard]] Result<void> check_credentials(const Credentials& credentials);

}  // namespace product_sync::transfer
