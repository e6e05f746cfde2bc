#include "server/listener.hpp"

#include <arpa/inet.h>
#include <httplib.h>

#include <atomic>
#include <optional>

#include "catch.hpp"
#include "server/pages.hpp"

using namespace product_sync;
using server::Access;

namespace {

/// A listener on a free port with a few routes.
class ListenerBench {
 public:
  explicit ListenerBench(std::optional<Secret> operator_token = std::nullopt)
      : listener_({"127.0.0.1", 0, 4, std::move(operator_token)}, routes(), log_) {
    if (const auto started = listener_.start(); !started) throw std::runtime_error(started.error().text());
  }

  httplib::Client client() {
    httplib::Client client("127.0.0.1", listener_.port());
    client.set_read_timeout(std::chrono::seconds{10});
    return client;
  }

  /// Sends bytes as they are; all that comes back until the other side closes.
  std::string raw(const std::string& request) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(listener_.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("connect");
    ::send(socket, request.data(), request.size(), MSG_NOSIGNAL);
    std::string reply;
    char buffer[4096];
    for (ssize_t count = 0; (count = ::recv(socket, buffer, sizeof buffer, 0)) > 0;) {
      reply.append(buffer, static_cast<std::size_t>(count));
    }
    ::close(socket);
    return reply;
  }

  std::atomic<int> handled = 0;
  server::Listener& listener() { return listener_; }

 private:
  std::vector<server::Route> routes() {
    const auto echo = [this](const server::Request& request) {
      ++handled;
      return server::Response{200, "text/plain", request.body, {}};
    };
    auto table = server::page_routes([] { return Result<void>{}; });
    table.push_back({"POST", "/echo", Access::everyone, {}, 1'000, echo});
    table.push_back({"POST", "/large", Access::everyone, {}, 100'000, echo});
    table.push_back({"GET", "/private", Access::operators, {}, 0, echo});
    table.push_back({"GET", "/throws", Access::everyone, {}, 0, [](const server::Request&) -> server::Response {
                       throw std::runtime_error("the secret of the house");
                     }});
    return table;
  }

  Logger log_{LogFormat::text, LogLevel::error};
  server::Listener listener_;
};

}  // namespace

TEST_CASE("health, readiness and the status page answer everyone") {
  ListenerBench bench;
  auto client = bench.client();
  CHECK(client.Get("/healthz")->body == "ok\n");
  CHECK(client.Get("/readyz")->status == 200);
  const auto page = client.Get("/");
  CHECK(page->status == 200);
  CHECK_THAT(page->body, ContainsSubstring("<title>Product Sync</title>"));
  CHECK_THAT(page->get_header_value("Content-Security-Policy"), ContainsSubstring("default-src 'none'"));
  CHECK_THAT(client.Get("/status.js")->body, ContainsSubstring("/v1/overview"));
}

TEST_CASE("a body up to the route's limit is taken, one byte more is answered 413, chunked or not") {
  ListenerBench bench;
  CHECK(bench.client().Post("/echo", std::string(1'000, 'x'), "text/plain")->body.size() == 1'000);
  CHECK(bench.client().Post("/echo", std::string(1'001, 'x'), "text/plain")->status == 413);
  CHECK(bench.handled == 1);
  const auto chunked = bench.raw("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5dc\r\n" +
                                 std::string(1'500, 'x') + "\r\n0\r\n\r\n");
  CHECK_THAT(chunked, ContainsSubstring("413"));
  CHECK(bench.handled == 1);
  const auto taken = bench.raw(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
  CHECK_THAT(taken, ContainsSubstring("200") && ContainsSubstring("onetwo"));
}

TEST_CASE("a compressed body is answered 415") {
  ListenerBench bench;
  const auto reply = bench.client().Post("/echo", {{"Content-Encoding", "gzip"}}, "xxxx", "text/plain");
  REQUIRE(reply);
  CHECK(reply->status == 415);
  CHECK(bench.handled == 0);
}

TEST_CASE("the rest of a refused body is never taken for a second request") {
  ListenerBench bench;
  const std::string smuggled = "POST /large HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx";
  const auto reply =
      bench.raw("POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(smuggled.size()) +
                "\r\n\r\n" + smuggled);
  CHECK_THAT(reply, ContainsSubstring("404"));
  CHECK(bench.handled == 0);
}

TEST_CASE("unknown paths are 404, known ones with another method 405, both as problems") {
  ListenerBench bench;
  const auto unknown = bench.client().Get("/nowhere");
  CHECK(unknown->status == 404);
  CHECK(unknown->get_header_value("Content-Type") == "application/problem+json");
  CHECK(bench.client().Post("/healthz", "", "text/plain")->status == 405);
}

TEST_CASE("an exception is answered 500 without its text") {
  ListenerBench bench;
  const auto reply = bench.client().Get("/throws");
  CHECK(reply->status == 500);
  CHECK_THAT(reply->body, !ContainsSubstring("secret"));
  for (const auto& [name, value] : reply->headers) CHECK_THAT(value, !ContainsSubstring("secret"));
}

TEST_CASE("without an operator token, operators' routes answer local requests that nobody forged") {
  ListenerBench bench;
  CHECK(bench.client().Get("/private")->status == 200);
  CHECK(bench.client().Get("/private", {{"X-Forwarded-For", "203.0.113.9"}})->status == 403);
  CHECK(bench.client().Get("/private", {{"Origin", "https://evil.example"}})->status == 403);
  CHECK(bench.client().Get("/private", {{"Host", "rebound.example"}})->status == 403);
}

TEST_CASE("with an operator token, only its holder comes in") {
  ListenerBench bench(Secret("open sesame"));
  CHECK(bench.client().Get("/private")->status == 401);
  CHECK(bench.client().Get("/private", {{"Authorization", "Bearer wrong"}})->status == 401);
  CHECK(bench.client().Get("/private", {{"Authorization", "Bearer open sesame"}})->status == 200);
}

TEST_CASE("a port that is taken is an error that names it") {
  ListenerBench bench;
  Logger log(LogFormat::text, LogLevel::error);
  server::Listener second({"127.0.0.1", bench.listener().port(), 1, std::nullopt}, {}, log);
  const auto started = second.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().code == "listener.bind_failed");
  CHECK_THAT(started.error().message, ContainsSubstring(std::to_string(bench.listener().port())));
}

TEST_CASE("an idle connection does not hold up a stop") {
  ListenerBench bench;
  const int idle = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(bench.listener().port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(idle, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  bench.listener().stop();
  ::close(idle);
  CHECK_FALSE(bench.client().Get("/healthz"));
}
