#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace product_sync::transfer {

/// What was asked of the server: it decides what its few status codes mean.
enum class SftpRequest { open, write, close, read, rename, stat, remove, list };

/// The error for a status that an SFTP server answered (protocol version 3: "failure" stands for almost everything).
/// `subject` is the path with its host, for people.
[[nodiscard]] Error sftp_error(SftpRequest request, unsigned long status, std::string_view subject);

}  // namespace product_sync::transfer
