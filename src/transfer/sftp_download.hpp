#pragma once

#include <chrono>
#include <string>

#include "transfer/received_file.hpp"
#include "transfer/sftp_connection.hpp"

namespace product_sync::transfer {

struct SftpDownload {
  std::string path;     ///< on the server
  std::string subject;  ///< the same with the host, for messages
  std::chrono::milliseconds longest_stall{};
};

/// Reads the file to its end. After any error the connection is no longer usable: replies may be on their way.
[[nodiscard]] Result<void> download(SftpConnection& connection, const SftpDownload& what, const TakeSome& sink,
                                    const Limit& limit);

}  // namespace product_sync::transfer
