#pragma once

#include <string_view>
#include <vector>

#include "transfer/destination.hpp"

namespace product_sync::transfer {

/// The regular files in the answer to MLSD (RFC 3659 §7). Lines that are none are passed over.
[[nodiscard]] std::vector<RemoteFile> parse_mlsd(std::string_view text);

/// The same for LIST, which no standard describes: the forms of `ls -l` and of IIS are known. Without times: LIST tells
/// them in a zone of the server's choice.
[[nodiscard]] std::vector<RemoteFile> parse_list(std::string_view text);

}  // namespace product_sync::transfer
