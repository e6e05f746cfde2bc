#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace product_sync::net {

struct Header {
  std::string name;
  std::string value;
};
using Headers = std::vector<Header>;

struct HttpRequest {
  std::string method = "GET";
  std::string url;  ///< http or https, percent-encoded
  Headers headers;
  std::string body;
  std::filesystem::path body_file;      ///< when set, sent instead of `body`, read as it goes
  std::filesystem::path response_file;  ///< when set, a 200's body goes there, as it comes, and not into the response
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds total_timeout{
      660'000};  ///< beyond ten minutes: Acumatica may queue that long (acumatica.md §2.3)
  std::uint64_t longest_response = 64ULL << 20U;  ///< bytes, after decompression
};

struct HttpResponse {
  int status = 0;
  Headers headers;
  std::string body;
  std::chrono::milliseconds elapsed{0};

  /// The first header of that name, compared without case; empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// Outbound HTTP. Thread-safe. Any HTTP status is a response, not an error; errors are `http.connect_failed`,
/// `http.timeout`, `http.tls`, `http.too_large`, `http.broken` (cut in mid-response), `cancelled`, `http.file` (a file of the
/// request cannot be read or written). Redirects are not
/// followed.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual Result<HttpResponse> send(const HttpRequest& request, std::stop_token stop) = 0;
};

}  // namespace product_sync::net
