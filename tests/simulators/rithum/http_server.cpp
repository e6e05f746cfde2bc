#include "http_server.hpp"

#include <httplib.h>
#include <sys/socket.h>

#include <atomic>
#include <stdexcept>

namespace rithum_simulator {
namespace {

constexpr std::size_t kThreads = 32;
constexpr std::size_t kMaxBodyBytes = 256U << 20U;
constexpr int kBacklog = 1024;

HttpRequest to_request(const httplib::Request& source) {
  HttpRequest request{source.method,
                      source.path,
                      {},
                      source.body,
                      source.get_header_value("Host"),
                      source.get_header_value("Authorization"),
                      source.get_header_value("Content-Type")};
  for (const auto& [name, value] : source.params) request.params.emplace(name, value);
  return request;
}

void send(const HttpReply& reply, httplib::Response& response) {
  response.status = reply.status;
  for (const auto& [name, value] : reply.headers) response.set_header(name, value);
  if (!reply.cut) {
    response.set_content(reply.body, reply.content_type);
    return;
  }
  // A provider that gives up after half of the promised length makes the server close the connection.
  response.set_content_provider(reply.body.size() + 2, reply.content_type,
                                [half = reply.body.substr(0, reply.body.size() / 2)](
                                    std::size_t offset, std::size_t /*length*/, httplib::DataSink& sink) {
                                  if (offset == 0 && !half.empty()) return sink.write(half.data(), half.size());
                                  return false;
                                });
}

}  // namespace

struct HttpServer::Impl {
  httplib::Server server;
  HttpHandler handler;
  int socket = -1;
  std::atomic<bool> ended = false;
};

HttpServer::HttpServer(int port, HttpHandler handler) : impl_(std::make_unique<Impl>()) {
  impl_->handler = std::move(handler);
  auto& server = impl_->server;
  server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };  // owned by the server
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(100'000);
  server.set_keep_alive_timeout(2);
  server.set_payload_max_length(kMaxBodyBytes);
  // The library's default is SO_REUSEPORT, with which two simulators could share a port (libraries.md D.1.2).
  server.set_socket_options([impl = impl_.get()](auto socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    impl->socket = socket;
  });
  const auto handle = [impl = impl_.get()](const httplib::Request& request, httplib::Response& response) {
    send(impl->handler(to_request(request)), response);
  };
  constexpr const char* kEveryPath = ".*";
  server.Get(kEveryPath, handle);
  server.Post(kEveryPath, handle);
  server.Put(kEveryPath, handle);
  server.Patch(kEveryPath, handle);
  server.Delete(kEveryPath, handle);

  constexpr const char* kLoopback = "127.0.0.1";
  const bool any = port == 0;
  port_ = any ? server.bind_to_any_port(kLoopback) : (server.bind_to_port(kLoopback, port) ? port : -1);
  if (port_ <= 0) throw std::runtime_error("cannot listen on 127.0.0.1:" + std::to_string(port));
  ::listen(impl_->socket, kBacklog);  // the library's own backlog is 5
  thread_ = std::jthread([impl = impl_.get()] {
    impl->server.listen_after_bind();
    impl->ended = true;
  });
  // stop() does nothing to a server that is not running yet, so wait until it is (0.11 has no wait_until_ready).
  while (!server.is_running() && !impl_->ended) std::this_thread::yield();
}

HttpServer::~HttpServer() { impl_->server.stop(); }

}  // namespace rithum_simulator
