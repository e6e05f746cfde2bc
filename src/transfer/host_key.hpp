#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace product_sync::transfer {

/// A server's public key as it goes over the wire.
struct HostKey {
  std::string type;  ///< `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`
  std::string blob;

  /// Takes the type from the blob's first field; empty when the blob is cut.
  [[nodiscard]] static HostKey from_blob(std::string blob);

  /// As OpenSSH prints it: `SHA256:` and base64 without padding.
  [[nodiscard]] std::string fingerprint() const;

  friend bool operator==(const HostKey&, const HostKey&) = default;
};

/// The value of LIBSSH2_METHOD_HOSTKEY: algorithms in the order in which the server shall choose. `first` are key types
/// that go to the front, `without` those that shall not be offered. Empty when nothing is left.
[[nodiscard]] std::string host_key_algorithms(const std::vector<std::string>& first,
                                              const std::vector<std::string>& without);

}  // namespace product_sync::transfer
