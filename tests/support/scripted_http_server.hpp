#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace product_sync {

/// An HTTP server on a free loopback port that answers what a test tells it to, and keeps what it was asked.
/// Thread-safe. Stops, hanging replies included, when it goes.
class ScriptedHttpServer {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  struct Request {
    std::string method;
    std::string path;    ///< decoded, without the query
    std::string target;  ///< as sent
    std::string body;
    Headers headers;
    int port = 0;  ///< of the client: the same on one kept connection

    [[nodiscard]] std::string header(const std::string& name) const;
  };

  struct Reply {
    int status = 200;
    std::string body = {};
    Headers headers = {};
    bool hang = false;  ///< never answers, until the server stops
    bool cut = false;   ///< closes the connection in the middle of the body
    std::string content_type = "application/json";
  };
  using Answer = std::function<Reply(const Request&)>;

  ScriptedHttpServer();
  ~ScriptedHttpServer();

  /// `http://127.0.0.1:port` and `path`.
  [[nodiscard]] std::string url(const std::string& path = {}) const;

  /// The next answer to `method path` that no earlier one has been used up for.
  void once(const std::string& method, const std::string& path, Reply reply);
  /// The answer when the ones given to once() are used up. Without any: 404.
  void always(const std::string& method, const std::string& path, Reply reply);
  void always(const std::string& method, const std::string& path, Answer answer);

  [[nodiscard]] std::vector<Request> requests() const;
  [[nodiscard]] std::vector<Request> requests(const std::string& method, const std::string& path) const;
  /// Blocks until that many requests for `method path` have arrived; false after ten seconds.
  [[nodiscard]] bool await(const std::string& method, const std::string& path, std::size_t count) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace product_sync
