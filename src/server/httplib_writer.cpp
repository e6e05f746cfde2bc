#include "server/httplib_writer.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <string_view>
#include <utility>

namespace product_sync::server {
namespace {

// What of a request decides how a response is written. Everything else stays with us.
constexpr std::array<std::string_view, 2> kFields{"host", "accept-encoding"};

std::string clean_head(const front::RequestHead& head, const front::Fields& fields) {
  auto text = fmt::format("{} {} HTTP/1.{}\r\n", head.method, head.target, head.minor_version);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto [name, value] = fields[i];
    if (std::ranges::find(kFields, name) == kFields.end()) continue;
    fmt::format_to(std::back_inserter(text), "{}: {}\r\n", name, value);
  }
  return text + "\r\n";
}

/// Reads from one text, writes into another.
class TextStream final : public httplib::Stream {
 public:
  explicit TextStream(std::string input) : input_(std::move(input)) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, std::size_t size) override {
    const auto count = std::min(size, input_.size() - taken_);
    std::memcpy(to, input_.data() + taken_, count);
    taken_ += count;
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* from, std::size_t size) override {
    output.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override { nowhere(ip, port); }
  void get_local_ip_and_port(std::string& ip, int& port) const override { nowhere(ip, port); }
  socket_t socket() const override { return INVALID_SOCKET; }

  std::string output;

 private:
  static void nowhere(std::string& ip, int& port) {
    ip.clear();
    port = 0;
  }

  std::string input_;
  std::size_t taken_ = 0;
};

void fill(httplib::Response& to, Response response) {
  to.status = response.status;
  for (const auto& [name, value] : response.headers) to.set_header(name, value);
  to.set_content(std::move(response.body), response.content_type.c_str());
}

/// Serves one request. A server of its own for each costs microseconds and lets its handler know what it answers.
class OneRequest : public httplib::Server {
 public:
  OneRequest(bool says_keep_alive, const std::function<Response()>& handle) {
    set_pre_routing_handler([says_keep_alive, &handle](const httplib::Request&, httplib::Response& response) {
      fill(response, handle());
      if (says_keep_alive) response.set_header("Connection", "keep-alive");
      return HandlerResponse::Handled;
    });
  }

  void serve(TextStream& stream, bool keep_alive) {
    bool closed = false;
    serve(*this, stream, !keep_alive, closed);
  }

 private:
  // Debian 13's cpp-httplib wants the addresses too.
  template <class Self>
  static void serve(Self& self, TextStream& stream, bool close, bool& closed) {
    if constexpr (requires { self.process_request(stream, close, closed, nullptr); }) {
      self.process_request(stream, close, closed, nullptr);
    } else {
      self.process_request(stream, "", 0, "", 0, close, closed, nullptr);
    }
  }
};

}  // namespace

std::string write_with_httplib(const front::RequestHead& head, const front::Fields& fields, bool keep_alive,
                               const std::function<Response()>& handle) {
  TextStream stream(clean_head(head, fields));
  const bool says_keep_alive = keep_alive && head.minor_version == 0;  // in HTTP/1.1 it is understood
  OneRequest(says_keep_alive, handle).serve(stream, keep_alive);
  return std::move(stream.output);
}

}  // namespace product_sync::server
