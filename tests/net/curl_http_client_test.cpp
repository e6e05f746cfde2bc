#include "net/curl_http_client.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <mutex>
#include <thread>

#include "catch.hpp"
#include "support/scripted_http_server.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;
using namespace product_sync::net;
using namespace std::chrono_literals;

namespace {

struct Client {
  explicit Client(CurlOptions options = {})
      : http(std::move(options), clock, [this](const Exchange& exchange) {
          const std::lock_guard lock(mutex);
          exchanges.push_back(exchange);
        }) {}
  CurlRuntime runtime;
  SystemClock clock;
  std::mutex mutex;
  std::vector<Exchange> exchanges;
  CurlHttpClient http;
};

HttpRequest get(const std::string& url) {
  HttpRequest request;
  request.url = url;
  request.total_timeout = 20s;
  return request;
}

std::string error_code(const Result<HttpResponse>& outcome) { return outcome ? "none" : outcome.error().code; }

}  // namespace

TEST_CASE("a request arrives as it was built and its response comes back whole") {
  ScriptedHttpServer server;
  server.always("PUT", "/a", {422, "reason", {{"X-Answer", "yes"}}});
  Client client;
  HttpRequest request = get(server.url("/a?x=1"));
  request.method = "PUT";
  request.body = std::string("{\0}", 3);
  request.headers = {{"Content-Type", "application/json"}, {"X-Ask", "please"}};
  const auto response = client.http.send(request, {});
  REQUIRE(response);
  CHECK(response->status == 422);
  CHECK(response->body == "reason");
  CHECK(response->header("x-answer") == "yes");

  const auto seen = server.requests("PUT", "/a");
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].body == request.body);
  CHECK(seen[0].target == "/a?x=1");
  CHECK(seen[0].header("X-Ask") == "please");
  CHECK(seen[0].header("Content-Type") == "application/json");
  CHECK(seen[0].header("User-Agent").starts_with("product-sync/"));
}

TEST_CASE("a body is sent from a file and an answer lands in one") {
  ScriptedHttpServer server;
  const std::string sent = random_bytes(300'000);
  const std::string answered = random_bytes(200'000, 2);
  server.once("POST", "/upload", {200, answered});
  server.once("POST", "/upload", {404, "no such thing"});
  server.once("POST", "/upload", {200, ""});
  Client client;
  const TemporaryDirectory directory("http-file");
  write_file(directory / "sent", sent);
  HttpRequest request = get(server.url("/upload"));
  request.method = "POST";
  request.body_file = directory / "sent";
  request.response_file = directory / "answer";
  request.headers = {{"Content-Type", "application/octet-stream"}};

  const auto response = client.http.send(request, {});
  REQUIRE(response);
  CHECK(response->body.empty());
  CHECK(read_file(directory / "answer") == answered);
  CHECK(server.requests("POST", "/upload").at(0).body == sent);
  CHECK(client.exchanges.at(0).bytes_sent == sent.size());

  const auto refused = client.http.send(request, {});
  REQUIRE(refused);
  CHECK(refused->body == "no such thing");
  CHECK(read_file(directory / "answer") == answered);

  REQUIRE(client.http.send(request, {}));
  CHECK(read_file(directory / "answer").empty());
}

TEST_CASE("files that cannot be read or written, and answers over the limit, are errors") {
  ScriptedHttpServer server;
  server.always("GET", "/large", {200, std::string(100'000, 'x')});
  Client client;
  const TemporaryDirectory directory("http-file");
  HttpRequest request = get(server.url("/large"));
  request.body_file = directory / "missing";
  CHECK(error_code(client.http.send(request, {})) == "http.file");
  request.body_file.clear();
  request.response_file = directory / "no such folder" / "answer";
  CHECK(error_code(client.http.send(request, {})) == "http.file");
  request.response_file = directory / "answer";
  request.longest_response = 99'999;
  CHECK(error_code(client.http.send(request, {})) == "http.too_large");
}

TEST_CASE("a POST without a body says so with Content-Length 0") {
  ScriptedHttpServer server;
  server.always("POST", "/logout", {204});
  Client client;
  HttpRequest request = get(server.url("/logout"));
  request.method = "POST";
  REQUIRE(client.http.send(request, {}));
  CHECK(server.requests()[0].header("Content-Length") == "0");
  CHECK(server.requests()[0].header("Content-Type").empty());
}

TEST_CASE("connections are kept, also for the next thread") {
  ScriptedHttpServer server;
  server.always("GET", "/a", {200, "x"});
  Client client;
  REQUIRE(client.http.send(get(server.url("/a")), {}));
  std::jthread([&] { static_cast<void>(client.http.send(get(server.url("/a")), {})); }).join();
  const auto seen = server.requests();
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].port == seen[1].port);
}

TEST_CASE("redirects are not followed") {
  ScriptedHttpServer server;
  server.always("GET", "/a", {302, "", {{"Location", "/b"}}});
  Client client;
  const auto response = client.http.send(get(server.url("/a")), {});
  REQUIRE(response);
  CHECK(response->status == 302);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("a body over the limit is refused, whether or not it is compressed") {
  // The server compresses JSON for a client that accepts gzip.
  const std::string type = GENERATE("application/json", "application/octet-stream");
  ScriptedHttpServer server;
  ScriptedHttpServer::Reply reply{200, std::string(2U << 20U, 'a')};
  reply.content_type = type;
  server.always("GET", "/a", reply);
  Client client;
  HttpRequest request = get(server.url("/a"));
  request.longest_response = 1U << 20U;
  CHECK(error_code(client.http.send(request, {})) == "http.too_large");
  request.longest_response = 4U << 20U;
  const auto whole = client.http.send(request, {});
  REQUIRE(whole);
  CHECK(whole->body == std::string(2U << 20U, 'a'));
  CHECK(whole->header("Content-Encoding") == (type == "application/json" ? "gzip" : ""));
}

TEST_CASE("a server that never answers costs the total time-out") {
  ScriptedHttpServer server;
  server.always("GET", "/a", {200, "", {}, true});
  Client client;
  HttpRequest request = get(server.url("/a"));
  request.total_timeout = 200ms;
  const auto outcome = client.http.send(request, {});
  CHECK(error_code(outcome) == "http.timeout");
  CHECK(outcome.error().retry == Retry::later);
}

TEST_CASE("a response that stops arriving is given up after the stall window") {
  // Sends a head and one byte, then nothing.
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(listener, 1) == 0);
  socklen_t size = sizeof address;
  REQUIRE(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  std::jthread server([&] {
    const int peer = ::accept(listener, nullptr, nullptr);
    std::array<char, 4096> buffer{};
    static_cast<void>(::recv(peer, buffer.data(), buffer.size(), 0));
    constexpr std::string_view kReply = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx";
    static_cast<void>(::send(peer, kReply.data(), kReply.size(), 0));
    static_cast<void>(::recv(peer, buffer.data(), buffer.size(), 0));  // until the client goes
    ::close(peer);
  });
  CurlOptions options;
  options.stall_window = 300ms;
  Client client(options);
  const auto outcome = client.http.send(get("http://127.0.0.1:" + std::to_string(ntohs(address.sin_port))), {});
  CHECK(error_code(outcome) == "http.timeout");
  server.join();
  ::close(listener);
}

TEST_CASE("a stop request ends a transfer that waits") {
  ScriptedHttpServer server;
  server.always("GET", "/a", {200, "", {}, true});
  Client client;
  std::string code;
  Retry retry = Retry::never;
  {
    std::jthread caller([&](std::stop_token stop) {
      const auto outcome = client.http.send(get(server.url("/a")), stop);
      code = error_code(outcome);
      retry = outcome ? Retry::never : outcome.error().retry;
    });
    REQUIRE(server.await("GET", "/a", 1));
  }
  CHECK(code == "cancelled");
  CHECK(retry == Retry::cancelled);
}

TEST_CASE("each fault has its code and says whether to try again") {
  ScriptedHttpServer server;
  server.always("GET", "/cut", {200, "half", {}, false, true});
  Client client;
  SECTION("a connection cut in the body") {
    const auto outcome = client.http.send(get(server.url("/cut")), {});
    CHECK(error_code(outcome) == "http.broken");
    CHECK(outcome.error().retry == Retry::later);
  }
  SECTION("nobody listens") {
    const auto outcome = client.http.send(get("http://127.0.0.1:1/"), {});
    CHECK(error_code(outcome) == "http.connect_failed");
    CHECK(outcome.error().retry == Retry::later);
  }
  SECTION("TLS to a server that does not speak it") {
    std::string url = server.url("/cut");
    url.replace(0, 4, "https");
    CHECK(error_code(client.http.send(get(url), {})) == "http.tls");
  }
  SECTION("a protocol that is not HTTP") {
    CHECK(error_code(client.http.send(get("file:///etc/passwd"), {})) == "http.bad_request");
  }
  SECTION("a header with a line break") {
    HttpRequest request = get(server.url("/cut"));
    request.headers = {{"X-A", "1\r\nX-B: 2"}};
    CHECK(error_code(client.http.send(request, {})) == "http.bad_request");
    CHECK(server.requests().empty());
  }
}

TEST_CASE("the observer sees every exchange and no secret") {
  ScriptedHttpServer server;
  server.always("GET", "/a", {200, "hello"});
  Client client;
  REQUIRE(client.http.send(get(server.url("/a?token=hush&x=1")), {}));
  const auto refused = client.http.send(get("http://127.0.0.1:1/a?password=hush"), {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("hush") == std::string::npos);
  REQUIRE(client.exchanges.size() == 2);
  CHECK(client.exchanges[0].target == server.url("/a?token=***&x=1"));
  CHECK(client.exchanges[0].status == 200);
  CHECK(client.exchanges[0].bytes_received >= 5);
  CHECK_FALSE(client.exchanges[0].failed());
  CHECK(client.exchanges[1].failed());
  CHECK(client.exchanges[1].error_code == "http.connect_failed");
  CHECK(client.exchanges[1].status == 0);
  CHECK(client.exchanges[1].error.find("hush") == std::string::npos);
  CHECK_FALSE(client.exchanges[1].error.empty());
}
