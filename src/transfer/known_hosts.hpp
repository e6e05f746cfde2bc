#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "transfer/host_key.hpp"

namespace product_sync::transfer {

struct KnownHostKey {
  HostKey key;
  bool revoked = false;  ///< marked @revoked: to be refused even if it is pinned elsewhere
  int line = 0;
};

/// The keys that an OpenSSH known_hosts file has for one host: plain and hashed names, `[host]:port`, patterns with
/// `*`, `?` and
/// `!`, `@revoked`. Lines with `@cert-authority` and lines that cannot be read are passed over, as OpenSSH does.
/// (libssh2's own reader cannot tell the key types of a hashed name, which are needed before the handshake.)
[[nodiscard]] Result<std::vector<KnownHostKey>> read_known_hosts(const std::filesystem::path& file,
                                                                 const std::string& host, std::uint16_t port);

/// Whether the host field of a line (`a,b*,!c` or `|1|salt|hash`) means `name`, which is `host` or `[host]:port`.
[[nodiscard]] bool host_field_matches(std::string_view field, std::string_view name);

}  // namespace product_sync::transfer
