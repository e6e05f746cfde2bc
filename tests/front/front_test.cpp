#include "front/front_bench.hpp"

#include <memory>
#include <thread>

#include "catch.hpp"

using namespace product_sync;
using namespace std::chrono_literals;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using front::FrontBench;
using front::Response;

namespace {

std::string get(const std::string& path, const std::string& fields = {}) {
  return "GET " + path + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}
std::string post(const std::string& path, const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("requests of one connection are answered one after the other") {
  FrontBench bench;
  RawClient client(bench.port());
  for (int i = 0; i < 3; ++i) {
    client.send(post("/n", std::to_string(i)));
    CHECK_THAT(client.receive_response(), StartsWith("HTTP/1.1 200 OK") && EndsWith("/n" + std::to_string(i)));
  }
}

TEST_CASE("pipelined requests are answered in their order, also when the first takes longest") {
  FrontBench bench;
  RawClient client(bench.port());
  client.send(get("/later") + get("/b") + get("/refused") + post("/c", "!"));
  auto reply = bench.service.wait_for_reply();
  CHECK(bench.service.admitted == 1);
  reply.send(Response{200, "text/plain", "first", {}});
  CHECK_THAT(client.receive_response(), EndsWith("first"));
  CHECK_THAT(client.receive_response(), EndsWith("/b"));
  CHECK_THAT(client.receive_response(), StartsWith("HTTP/1.1 401"));
  CHECK_THAT(client.receive_response(), EndsWith("/c!"));
}

TEST_CASE("a refused body is not read, and nothing in it is ever taken for a request") {
  FrontBench bench;
  const auto smuggled = get("/smuggled");
  const auto answers = bench.exchange(post("/refused", smuggled) + smuggled);
  CHECK(count(answers, "HTTP/1.1 ") == 1);
  CHECK_THAT(answers, StartsWith("HTTP/1.1 401") && ContainsSubstring("Connection: close"));
  CHECK(bench.service.served == 0);
}

TEST_CASE("behind a refused request that says nothing of its body, nothing is taken for a request") {
  FrontBench bench;
  const auto answers = bench.exchange("POST /refused HTTP/1.1\r\nHost: h\r\n\r\n" + get("/smuggled"));
  CHECK(count(answers, "HTTP/1.1 ") == 1);
  CHECK(bench.service.served == 0);
}

TEST_CASE("a malformed request is refused, and nothing behind it is served") {
  FrontBench bench;
  const auto answers = bench.exchange("GET / HTTP/1.1\nHost: h\r\n\r\n" + get("/"));
  CHECK(count(answers, "HTTP/1.1 ") == 1);
  CHECK_THAT(answers, StartsWith("HTTP/1.1 400") && ContainsSubstring("request.bare_line_feed"));
  CHECK(bench.service.admitted == 0);
}

TEST_CASE("the answer to a large refused body arrives although the client goes on sending") {
  FrontBench bench;
  RawClient client(bench.port());
  client.send(post("/refused", std::string(3'000'000, 'x')));
  CHECK_THAT(client.receive_all(), StartsWith("HTTP/1.1 401"));
}

TEST_CASE("100-continue is answered once the head was admitted, and not when it was refused") {
  FrontBench bench;
  RawClient client(bench.port());
  client.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.receive_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ok");
  CHECK_THAT(client.receive_response(), EndsWith("/xok"));
  CHECK_THAT(bench.exchange("POST /refused HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"),
             StartsWith("HTTP/1.1 401"));
}

TEST_CASE("a request that nobody answers is answered 500") {
  FrontBench bench;
  CHECK_THAT(bench.exchange(get("/dropped")), StartsWith("HTTP/1.1 500"));
}

TEST_CASE("a client that closes its side gets its answer before the connection ends") {
  FrontBench bench;
  CHECK_THAT(bench.exchange(get("/a")), EndsWith("/a"));
  CHECK_THAT(bench.exchange(post("/a", "12345").substr(0, 50)), StartsWith("HTTP/1.1 400"));
}

TEST_CASE("HTTP/1.0 is answered and closed, unless it asks to go on") {
  FrontBench bench;
  RawClient once(bench.port());
  once.send("GET /a HTTP/1.0\r\n\r\n");
  CHECK_THAT(once.receive_all(), EndsWith("/a"));
  RawClient more(bench.port());
  more.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK_THAT(more.receive_response(), ContainsSubstring("Connection: keep-alive"));
  more.send("GET /b HTTP/1.0\r\n\r\n");
  CHECK_THAT(more.receive_all(), EndsWith("/b"));
}

TEST_CASE("an answer larger than the socket's buffer arrives whole") {
  FrontBench bench;
  RawClient client(bench.port());
  const std::string body(900'000, 'x');
  client.send(post("/", body) + post("/", body));
  CHECK(client.receive_response().size() > body.size());
  CHECK(client.receive_response().size() > body.size());
}

TEST_CASE("a head that does not arrive in time is answered 408, a silent connection is closed") {
  FrontBench bench;
  RawClient silent(bench.port());
  RawClient slow(bench.port());
  RawClient served(bench.port());
  served.send(get("/a"));
  served.receive_response();
  slow.send("GET / HT");
  RawClient(bench.port()).send(get("/"));  // its answer shows that what was sent before has been read
  bench.exchange(get("/a"));
  bench.clock.advance(5'001ms);
  CHECK_THAT(slow.receive_all(), StartsWith("HTTP/1.1 408"));
  CHECK(silent.receive_all().empty());
  served.send(get("/b"));  // between requests there is more time
  CHECK_THAT(served.receive_response(), EndsWith("/b"));
  bench.clock.advance(60'001ms);
  CHECK(served.receive_all().empty());
}

TEST_CASE("a body that comes too slowly is answered 408, one that keeps the pace is taken") {
  front::Options options;
  options.deadlines.bytes_per_second = 1'000;
  FrontBench bench(options);
  const auto request = post("/", std::string(10'000, 'x'));
  RawClient slow(bench.port());
  RawClient steady(bench.port());
  slow.send(request.substr(0, 100));
  steady.send(request.substr(0, 9'000));
  while (bench.service.admitted < 2) std::this_thread::yield();
  bench.exchange(get("/a"));
  bench.clock.advance(5'500ms);
  CHECK_THAT(slow.receive_all(), StartsWith("HTTP/1.1 408"));
  steady.send(request.substr(9'000));
  CHECK_THAT(steady.receive_response(), StartsWith("HTTP/1.1 200"));
}

TEST_CASE("at the limit of connections the oldest idle one is closed for a new one") {
  front::Options options;
  options.connections = 2;
  FrontBench bench(options);
  RawClient oldest(bench.port());
  oldest.send(get("/a"));
  oldest.receive_response();
  RawClient busy(bench.port());
  busy.send(get("/later"));
  auto reply = bench.service.wait_for_reply();
  RawClient fresh(bench.port());
  CHECK(oldest.receive_all().empty());
  fresh.send(get("/b"));
  CHECK_THAT(fresh.receive_response(), EndsWith("/b"));
  reply.send(Response{200, "text/plain", "served", {}});
  CHECK_THAT(busy.receive_response(), EndsWith("served"));
}

TEST_CASE("bodies above the memory for them are answered 503 with a time to come back") {
  front::Options options;
  options.body_memory = 10'000;
  FrontBench bench(options);
  RawClient holder(bench.port());
  holder.send(post("/", std::string(9'000, 'x')).substr(0, 8'000));
  while (bench.service.admitted < 1) std::this_thread::yield();
  bench.exchange(get("/a"));
  const auto refused = bench.exchange(post("/", std::string(5'000, 'x')));
  CHECK_THAT(refused, StartsWith("HTTP/1.1 503") && ContainsSubstring("Retry-After: "));
}

TEST_CASE("large bodies that are half sent do not keep small ones out") {
  front::Options options;
  options.body_memory = 800'000;
  FrontBench bench(options);
  std::vector<std::unique_ptr<RawClient>> holders;
  for (int i = 0; i < 7; ++i) {
    auto& holder = holders.emplace_back(std::make_unique<RawClient>(bench.port()));
    holder->send(post("/", std::string(200'000, 'x')).substr(0, 100'000));
  }
  const auto large = post("/", std::string(200'000, 'x'));
  while (!bench.exchange(large).starts_with("HTTP/1.1 503")) std::this_thread::yield();  // once all is received
  const auto small = post("/", std::string(60'000, 'y'));
  for (int i = 0; i < 10; ++i) CHECK_THAT(bench.exchange(small), EndsWith("y"));
}

TEST_CASE("a stop closes idle connections at once and lets requests under way end") {
  FrontBench bench;
  RawClient idle(bench.port());
  idle.send(get("/a"));
  idle.receive_response();
  RawClient busy(bench.port());
  busy.send(get("/later"));
  auto reply = bench.service.wait_for_reply();
  std::jthread stopping([&] { bench.front().stop(); });
  CHECK(idle.receive_all().empty());
  reply.send(Response{200, "text/plain", "served", {}});
  const auto last = busy.receive_all();
  CHECK_THAT(last, ContainsSubstring("Connection: close") && EndsWith("served"));
  stopping.join();
  CHECK_THROWS(RawClient(bench.port()));
}

TEST_CASE("a stop ends what does not end by itself when the drain is over") {
  FrontBench bench;
  RawClient slow(bench.port());
  slow.send("GET / HT");
  RawClient busy(bench.port());
  busy.send(get("/later"));
  const auto reply = bench.service.wait_for_reply();
  std::jthread stopping([&] { bench.front().stop(); });
  while (true) {  // the drain begins on the front's thread: move the time until it has ended
    bench.clock.advance(1s);
    try {
      RawClient another(bench.port());
    } catch (const std::runtime_error&) {
      break;
    }
  }
  bench.clock.advance(10'001ms);
  CHECK_THAT(slow.receive_all(), !ContainsSubstring("200"));
  CHECK(busy.receive_all().empty());
  stopping.join();
}

TEST_CASE("X-Forwarded-For and PROXY headers count from trusted proxies alone") {
  const auto asked_from = [](std::vector<IpRange> trusted, bool proxy_protocol, const std::string& before,
                             const std::string& fields) {
    front::Options options;
    options.trusted_proxies = std::move(trusted);
    options.proxy_protocol = proxy_protocol;
    FrontBench bench(options);
    return bench.exchange(before + get("/peer", fields));
  };
  const std::vector<IpRange> here{*IpRange::parse("127.0.0.1")};
  const std::string forwarded = "X-Forwarded-For: 203.0.113.9\r\n";
  const std::string header = "PROXY TCP4 198.51.100.7 10.0.0.1 4711 443\r\n";
  CHECK_THAT(asked_from({}, false, "", forwarded), EndsWith("127.0.0.1"));
  CHECK_THAT(asked_from(here, false, "", forwarded), EndsWith("203.0.113.9"));
  CHECK_THAT(asked_from(here, true, header, ""), EndsWith("198.51.100.7"));
  CHECK_THAT(asked_from(here, true, header, forwarded), EndsWith("198.51.100.7"));
  CHECK_THAT(asked_from({}, true, header, ""), StartsWith("HTTP/1.1 400"));  // from others it is no request
  CHECK(asked_from(here, true, "", "").empty());                             // a proxy must send it
}

TEST_CASE("behind a PROXY header the limit of connections is the client's, not the proxy's") {
  front::Options options;
  options.trusted_proxies = {*IpRange::parse("127.0.0.1")};
  options.proxy_protocol = true;
  options.connections_per_address = 1;
  FrontBench bench(options);
  const auto from = [](const std::string& client) {
    return "PROXY TCP4 " + client + " 10.0.0.1 1 2\r\n" + get("/peer");
  };
  RawClient first(bench.port());
  RawClient other(bench.port());
  RawClient again(bench.port());
  first.send(from("203.0.113.1"));
  CHECK_THAT(first.receive_response(), EndsWith("203.0.113.1"));
  other.send(from("203.0.113.2"));
  CHECK_THAT(other.receive_response(), EndsWith("203.0.113.2"));
  again.send(from("203.0.113.1"));
  CHECK_THAT(again.receive_response(), EndsWith("203.0.113.1"));
  CHECK(first.receive_all().empty());  // it made room
  other.send(get("/peer"));
  CHECK_THAT(other.receive_response(), EndsWith("203.0.113.2"));
}

TEST_CASE("answers are counted by route and status, refusals by reason, connections by what they do") {
  FrontBench bench;
  bench.exchange(get("/a") + get("/refused") + "nonsense\r\n");
  const auto text = bench.metrics.text();
  CHECK_THAT(text, ContainsSubstring("product_sync_http_requests_total{route=\"/echo\",status=\"200\"} 1\n"));
  CHECK_THAT(text, ContainsSubstring("product_sync_http_requests_total{route=\"/refused\",status=\"401\"} 1\n"));
  CHECK_THAT(text, ContainsSubstring("product_sync_http_requests_total{route=\"none\",status=\"400\"} 1\n"));
  CHECK_THAT(text, ContainsSubstring("product_sync_http_refused_total{reason=\"request.line\"} 1\n"));
  CHECK_THAT(text, ContainsSubstring("product_sync_http_refused_total{reason=\"no\"} 1\n"));
  CHECK_THAT(text, ContainsSubstring("product_sync_http_request_seconds_count{route=\"/echo\"} 1\n"));
  CHECK_THAT(text, ContainsSubstring("product_sync_http_connections_accepted_total 1\n"));
  CHECK_THAT(text, ContainsSubstring("# TYPE product_sync_http_connections gauge\n"));
}

TEST_CASE("two fronts on one port: the second is told that the port is taken") {
  FrontBench bench;
  front::Options options;
  options.endpoints.push_back({"127.0.0.1", bench.port()});
  Logger log(LogFormat::text, LogLevel::error);
  front::Front second(options, bench.service, bench.clock, bench.metrics, log);
  const auto started = second.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().code == "listener.bind_failed");
  CHECK_THAT(started.error().message, ContainsSubstring(std::to_string(bench.port())));
}
