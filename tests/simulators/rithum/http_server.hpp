#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace rithum_simulator {

struct HttpRequest {
  std::string method;
  std::string path;                           ///< decoded, without the query
  std::map<std::string, std::string> params;  ///< of the query and of a form body, decoded
  std::string body;
  std::string host;
  std::string authorization;
  std::string content_type;

  /// Empty when absent.
  [[nodiscard]] std::string param(const std::string& name) const {
    const auto found = params.find(name);
    return found == params.end() ? std::string{} : found->second;
  }
};

struct HttpReply {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
  bool cut = false;  ///< send half of the body, then close the connection
};

using HttpHandler = std::function<HttpReply(const HttpRequest&)>;

/// Serves every request on 127.0.0.1 with one handler, called from several threads at once.
class HttpServer {
 public:
  /// Binds `port`, 0 for a free one. Throws std::runtime_error when it is taken.
  HttpServer(int port, HttpHandler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] int port() const { return port_; }

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  int port_ = 0;
  std::jthread thread_;
};

}  // namespace rithum_simulator
