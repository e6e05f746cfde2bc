#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/exchange.hpp"
#include "net/http_client.hpp"

namespace product_sync::net {

/// libcurl for the whole process: made once in main, before any thread, and outliving every client.
class CurlRuntime {
 public:
  CurlRuntime();
  ~CurlRuntime();
  CurlRuntime(const CurlRuntime&) = delete;
  CurlRuntime& operator=(const CurlRuntime&) = delete;
};

struct CurlOptions {
  std::string user_agent;  ///< empty: `product-sync/<version>`
  std::string ca_file;     ///< PEM file of trusted certificates; empty: the system's
  /// A response that has begun must go on: less than `stall_bytes` in `stall_window` ends it with `http.timeout`.
  /// Before the first byte only the total time-out counts, since a server may queue a request for minutes.
  std::chrono::milliseconds stall_window{60'000};
  std::uint64_t stall_bytes = 1024;
  std::size_t idle_connections = 16;  ///< kept for the next requests
};

/// HttpClient over libcurl: TLS verified, HTTP/2 or 1.1, gzip, connections kept and shared by all threads, no
/// redirects. A stop request ends a transfer at once.
class CurlHttpClient final : public HttpClient {
 public:
  /// `observer`, where given, is called from the sending thread after each exchange. Bodies that are files are not shown
  /// to it.
  CurlHttpClient(CurlOptions options, Clock& clock, ExchangeObserver observer = {});
  ~CurlHttpClient() override;

  Result<HttpResponse> send(const HttpRequest& request, std::stop_token stop) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace product_sync::net
