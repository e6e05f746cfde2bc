#pragma once

#include <string>

#include "base/error.hpp"
#include "transfer/ftp_dialogue.hpp"

namespace product_sync::transfer {

/// The error for an operation that libcurl ended with `curl_code` (a CURLcode) and `detail`, its own words, after the
/// server had said what `dialogue` holds. `doing`: "Uploading a.txt to ftp://…".
[[nodiscard]] Error ftp_error(int curl_code, const std::string& detail, const FtpDialogue& dialogue,
                              const std::string& doing);

}  // namespace product_sync::transfer
