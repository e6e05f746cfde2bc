#include "server/listener.hpp"

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <optional>

#include "catch.hpp"
#include "server/pages.hpp"
#include "support/raw_client.hpp"

using namespace product_sync;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using server::Access;

namespace {

server::ListenerOptions options_at(std::uint16_t port) {
  server::ListenerOptions options;
  options.front.endpoints.push_back({"127.0.0.1", port});
  options.threads = 4;
  return options;
}

/// A listener on a free port with a few routes.
class ListenerBench {
 public:
  explicit ListenerBench(std::optional<Secret> operator_token = std::nullopt)
      : ListenerBench([&] {
          auto options = options_at(0);
          if (operator_token) options.access = server::AccessControl({{"op", server::Role::operator_, {}, operator_token}});
          return options;
        }()) {}
  explicit ListenerBench(const server::ListenerOptions& options) : listener_(options, routes(), clock_, metrics, log_) {
    if (const auto started = listener_.start(); !started) throw std::runtime_error(started.error().text());
  }

  httplib::Client client(std::size_t endpoint = 0) {
    httplib::Client client("127.0.0.1", listener_.port(endpoint));
    client.set_read_timeout(std::chrono::seconds{10});
    return client;
  }

  std::string raw(const std::string& request) { return exchange(listener_.port(), request); }

  void open_gate() { gate_.set_value(); }

  std::atomic<int> handled = 0;
  std::atomic<int> at_gate = 0;
  Metrics metrics;
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
    table.push_back({"POST",
                     "/intake",
                     Access::everyone,
                     {},
                     100'000,
                     {},
                     server::Pool::intake,
                     [](server::Request request, server::Reply reply) {
                       reply.send(server::Response{200, "text/plain", request.body, {}});
                     }});
    table.push_back({"GET", "/gate", Access::everyone, {}, 0, [this](const server::Request& request) {
                       ++at_gate;
                       gate_.get_future().wait();
                       return server::Response{200, "text/plain", request.body, {}};
                     }});
    table.push_back(server::metrics_route(metrics));
    table.push_back({"GET", "/private", Access::operators, {}, 0, echo});
    table.push_back({"POST", "/private", Access::operators, {}, 0, echo});
    table.push_back({"GET", "/throws", Access::everyone, {}, 0, [](const server::Request&) -> server::Response {
                       throw std::runtime_error("the secret of the house");
                     }});
    return table;
  }

  std::promise<void> gate_;
  SystemClock clock_;
  Logger log_{LogFormat::text, LogLevel::error};
  server::Listener listener_;
};

}  // namespace

TEST_CASE("health, readiness and the dashboard answer everyone") {
  ListenerBench bench;
  auto client = bench.client();
  CHECK(client.Get("/healthz")->body == "ok\n");
  CHECK(client.Get("/readyz")->status == 200);
  const auto page = client.Get("/");
  CHECK(page->status == 200);
  CHECK_THAT(page->body, ContainsSubstring("<title>Product Sync</title>"));
  CHECK_THAT(page->get_header_value("Content-Security-Policy"), ContainsSubstring("default-src 'none'"));
  const auto module = client.Get("/overview.js");
  CHECK_THAT(module->body, ContainsSubstring("/v1/overview"));
  CHECK_THAT(module->get_header_value("Content-Type"), StartsWith("text/javascript"));
  CHECK(client.Get("/style.css")->get_header_value("Content-Type") == "text/css; charset=utf-8");
}

TEST_CASE("a viewer may look, and is told that changing takes an operator") {
  auto options = options_at(0);
  options.access = server::AccessControl({{"vic", server::Role::viewer, {}, Secret("viewer-token")},
                                          {"anna", server::Role::operator_, {}, Secret("operator-token")}});
  ListenerBench bench(options);
  auto client = bench.client();
  const auto with = [](const char* token) { return httplib::Headers{{"Authorization", std::string("Bearer ").append(token)}}; };
  CHECK(client.Get("/private", with("viewer-token"))->status == 200);
  const auto refused = client.Post("/private", with("viewer-token"), "", "text/plain");
  CHECK(refused->status == 403);
  CHECK(refused->get_header_value("Content-Type") == "application/problem+json");
  CHECK_THAT(refused->body, ContainsSubstring("access.role"));
  CHECK(client.Post("/private", with("operator-token"), "", "text/plain")->status == 200);
  CHECK(client.Get("/private", with("guess"))->status == 401);
  CHECK(client.Get("/private")->status == 401);
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
  SystemClock clock;
  Logger log(LogFormat::text, LogLevel::error);
  server::Listener second(options_at(bench.listener().port()), {}, clock, bench.metrics, log);
  const auto started = second.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().code == "listener.bind_failed");
  CHECK_THAT(started.error().message, ContainsSubstring(std::to_string(bench.listener().port())));
}

TEST_CASE("an idle connection does not hold up a stop") {
  ListenerBench bench;
  RawClient idle(bench.listener().port());
  bench.listener().stop();
  CHECK_FALSE(bench.client().Get("/healthz"));
}

TEST_CASE("with a private address, the public one serves notifications alone") {
  auto options = options_at(0);
  options.front.endpoints.push_back({"127.0.0.1", 0, true});
  ListenerBench bench(options);
  CHECK(bench.client().Post("/intake", "x", "text/plain")->status == 200);
  CHECK(bench.client().Get("/healthz")->status == 404);
  CHECK(bench.client().Post("/healthz", "", "text/plain")->status == 404);
  CHECK(bench.client(1).Get("/healthz")->status == 200);
  CHECK(bench.client(1).Post("/intake", "x", "text/plain")->status == 200);
}

TEST_CASE("a notification without a length is answered 411") {
  ListenerBench bench;
  CHECK_THAT(bench.raw("POST /intake HTTP/1.1\r\nHost: h\r\n\r\n"), StartsWith("HTTP/1.1 411"));
  CHECK_THAT(bench.raw("POST /echo HTTP/1.1\r\nHost: h\r\n\r\n"), StartsWith("HTTP/1.1 200"));
}

TEST_CASE("a known address with another method says which methods it takes") {
  ListenerBench bench;
  CHECK(bench.client().Delete("/echo")->get_header_value("Allow") == "POST");
}

TEST_CASE("HEAD is answered like GET, without the body") {
  ListenerBench bench;
  CHECK_THAT(bench.raw("HEAD /healthz HTTP/1.1\r\nHost: h\r\n\r\n"),
             StartsWith("HTTP/1.1 200") && ContainsSubstring("Content-Length: 3") && EndsWith("\r\n\r\n"));
}

TEST_CASE("requests of all pools are served on one connection") {
  ListenerBench bench;
  auto client = bench.client();
  client.set_keep_alive(true);
  for (int i = 0; i < 3; ++i) {
    CHECK(client.Get("/healthz")->status == 200);
    CHECK(client.Post("/intake", "x", "text/plain")->body == "x");
    CHECK(client.Get("/nowhere")->status == 404);
  }
}

TEST_CASE("requests that find the queue of their pool full are answered 503, with a time to come back") {
  auto options = options_at(0);
  options.threads = 1;
  options.longest_queue = 1;
  ListenerBench bench(options);
  RawClient running(bench.listener().port());
  RawClient waiting(bench.listener().port());
  running.send("GET /gate HTTP/1.1\r\nHost: h\r\n\r\n");
  while (bench.at_gate == 0) std::this_thread::yield();
  waiting.send("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
  // One of these two waits in the queue, the other finds it full.
  RawClient other(bench.listener().port());
  other.send("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto large = bench.client().Post("/intake", std::string(70'000, 'x'), "text/plain");
  CHECK(large->status == 200);  // another pool is not concerned
  bench.open_gate();
  CHECK_THAT(running.receive_response(), StartsWith("HTTP/1.1 200"));
  std::vector<std::string> answers{waiting.receive_response(), other.receive_response()};
  std::ranges::sort(answers);
  CHECK_THAT(answers[0], StartsWith("HTTP/1.1 200"));
  CHECK_THAT(answers[1], StartsWith("HTTP/1.1 503") && ContainsSubstring("Retry-After: "));
}

TEST_CASE("/metrics tells operators of requests by route and status, and of the queues") {
  ListenerBench bench;
  CHECK(bench.client().Get("/nowhere")->status == 404);
  CHECK(bench.client().Get("/healthz")->status == 200);
  const auto metrics = bench.client().Get("/metrics");
  REQUIRE(metrics->status == 200);
  CHECK_THAT(metrics->body, ContainsSubstring("product_sync_http_requests_total{route=\"/healthz\",status=\"200\"} 1"));
  CHECK_THAT(metrics->body, ContainsSubstring("product_sync_http_refused_total{reason=\"request.path\"} 1"));
  CHECK_THAT(metrics->body, ContainsSubstring("product_sync_http_queue{pool=\"control\"} 0"));
  CHECK(bench.client().Get("/metrics", {{"X-Forwarded-For", "203.0.113.9"}})->status == 403);
}
