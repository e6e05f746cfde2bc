#pragma once

#include <cstdint>
#include <string>

#include "transfer/file_descriptor.hpp"
#include "transfer/limit.hpp"

namespace product_sync::transfer {

/// A non-blocking TCP socket to the first of the host's addresses (IPv6 and IPv4) that answers, with TCP_NODELAY and
/// keepalive set. Errors: `sftp.host_not_found`, `sftp.connect_failed` with the reason of each address. The look-up of
/// the name blocks as long as the system's resolver lets it.
[[nodiscard]] Result<FileDescriptor> connect_tcp(const std::string& host, std::uint16_t port, const Limit& limit);

/// Whether the other side has closed or reset the connection, seen without waiting.
[[nodiscard]] bool peer_has_left(int socket);

}  // namespace product_sync::transfer
