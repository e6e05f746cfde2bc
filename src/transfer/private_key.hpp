#pragma once

#include <filesystem>
#include <string>

#include "base/error.hpp"

namespace product_sync::transfer {

/// What a private key file tells about itself without its passphrase.
struct PrivateKeyFacts {
  std::string
      type;  ///< `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`…; empty for PKCS#8, which tells only after decryption
  bool encrypted = false;
};

/// Reads the file's head. Errors: `sftp.key_unreadable`, `sftp.key_unsupported` (PuTTY's format, public keys, others).
[[nodiscard]] Result<PrivateKeyFacts> inspect_private_key(const std::filesystem::path& file);

/// Whether the libssh2 we run with can sign with such a key: ed25519 and ECDSA always, RSA from 1.11 on (servers have
/// long stopped to take the SHA-1 signatures that older ones make). Error `sftp.key_unsupported`.
/// `libssh2_has_rsa_sha2` is asked from the library at run time; see has_rsa_sha2().
[[nodiscard]] Result<void> check_key_type(const PrivateKeyFacts& facts, const std::filesystem::path& file,
                                          bool libssh2_has_rsa_sha2);

[[nodiscard]] bool has_rsa_sha2();

}  // namespace product_sync::transfer
