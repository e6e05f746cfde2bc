#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "transfer/destination.hpp"

namespace product_sync::transfer {

struct SftpOptions {
  std::string host;
  std::uint16_t port = 22;
  std::string user;
  Secret password;                                 ///< may be empty when there is a key
  std::filesystem::path private_key;               ///< ed25519 or ECDSA; RSA with libssh2 1.11 or newer
  Secret passphrase;                               ///< of the key
  std::vector<std::string> host_key_fingerprints;  ///< `SHA256:…` as OpenSSH prints it; any of them may match
  std::filesystem::path known_hosts;               ///< OpenSSH's file; may be empty
  std::string directory;                           ///< absolute, or relative to the login directory; empty: the latter
  std::chrono::milliseconds connect_timeout{30'000};  ///< for connection, handshake and sign-in together
  std::chrono::milliseconds operation_timeout{
      60'000};                                    ///< for one request, or between two acknowledgements of an upload
  std::uint64_t lowest_bytes_per_second = 2'048;  ///< an upload that is slower on the whole ends by time-out
  std::size_t buffer_bytes = 2 * 1024 * 1024;     ///< the most data on its way: upload speed is this / round trip
  std::chrono::milliseconds idle_limit{60'000};   ///< a connection unused for longer is replaced
};

/// A directory on an SFTP server. The server's key is checked before anything about us is told; a server without a
/// matching pin is refused. `clock` and `logger` must outlive the destination.
[[nodiscard]] std::unique_ptr<Destination> make_sftp(SftpOptions options, const Clock& clock, Logger& logger);

}  // namespace product_sync::transfer
