#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "transfer/destination.hpp"
#include "transfer/sftp_connection.hpp"
#include "transfer/sliding_buffer.hpp"

namespace product_sync::transfer {

struct SftpUpload {
  std::string path;     ///< on the server
  std::string subject;  ///< the same with the host, for messages
  std::uint64_t bytes = 0;
  std::size_t window_bytes = 0;
  std::chrono::milliseconds longest_stall{};  ///< between two acknowledgements
};

/// Writes what `source` gives into the file, replacing its content, and closes it. After any error the connection is no
/// longer usable (bytes of a half-sent packet may be on their way) and a part of the file may be there: begin anew.
[[nodiscard]] Result<void> upload(SftpConnection& connection, const SftpUpload& what, const ReadSome& source,
                                  const Progress& progress, const Limit& limit);

}  // namespace product_sync::transfer
