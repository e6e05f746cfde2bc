// Responses without a known end.

#include <memory>
#include <thread>

#include "catch.hpp"
#include "front/front_bench.hpp"

using namespace product_sync;
using namespace std::chrono_literals;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using front::FrontBench;

namespace {

constexpr std::string_view kAskForStream = "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n";

/// A client whose stream has begun.
std::unique_ptr<RawClient> begin_stream(FrontBench& bench, std::string_view request = kAskForStream) {
  auto client = std::make_unique<RawClient>(bench.port());
  client->send(request);
  const auto head = client->receive_until("\r\n\r\n");
  CHECK_THAT(head, StartsWith("HTTP/1.1 200 OK\r\n") && ContainsSubstring("Content-Type: text/event-stream\r\n") &&
                       ContainsSubstring("Connection: close\r\n"));
  return client;
}

void say(FrontBench& bench, std::string piece) {
  bench.service.script.say(std::move(piece));
  bench.front().streams_have_more();
}

}  // namespace

TEST_CASE("pieces of a stream arrive as they are made, and the end can be told from a cut") {
  FrontBench bench;
  const auto client = begin_stream(bench);
  say(bench, "one");
  CHECK(client->receive_until("one\r\n") == "3\r\none\r\n");
  say(bench, "and the second");
  CHECK(client->receive_until("second\r\n") == "e\r\nand the second\r\n");
  bench.front().stop();
  CHECK(client->receive_all() == "0\r\n\r\n");
  CHECK(bench.service.script.streams == 0);
}

TEST_CASE("in HTTP/1.0 a stream is not chunked") {
  FrontBench bench;
  const auto client = begin_stream(bench, "GET /stream HTTP/1.0\r\n\r\n");
  say(bench, "one");
  CHECK(client->receive_until("one") == "one");
  bench.front().stop();
  CHECK(client->receive_all().empty());
}

TEST_CASE("HEAD of a stream has no body and ends") {
  FrontBench bench;
  bench.service.script.say("one");
  RawClient client(bench.port());
  client.send("HEAD /stream HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK_THAT(client.receive_all(), StartsWith("HTTP/1.1 200 OK\r\n") && EndsWith("\r\n\r\n"));
  CHECK(bench.service.script.streams == 0);
}

TEST_CASE("what comes behind the request of a stream is never served") {
  FrontBench bench;
  const auto client = begin_stream(bench, std::string(kAskForStream) + "GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  client->send("GET /b HTTP/1.1\r\nHost: h\r\n\r\n");
  say(bench, "one");
  CHECK(client->receive_until("one\r\n") == "3\r\none\r\n");
  bench.front().stop();
  CHECK(client->receive_all() == "0\r\n\r\n");
  CHECK(bench.service.served == 1);
}

TEST_CASE("a stream ends when its client leaves") {
  FrontBench bench;
  auto leaving = begin_stream(bench);
  const auto staying = begin_stream(bench);
  leaving.reset();
  while (bench.service.script.streams > 1) std::this_thread::yield();
  say(bench, "one");
  CHECK(staying->receive_until("one\r\n") == "3\r\none\r\n");
}

TEST_CASE("a stream lives as long as its client takes it, whatever the deadlines of requests are") {
  FrontBench bench;
  const auto client = begin_stream(bench);
  for (int i = 0; i < 10; ++i) {
    bench.clock.advance(1h);
    const auto piece = "piece " + std::to_string(i);
    say(bench, piece);
    CHECK(client->receive_until(piece) == "7\r\n" + piece);
    CHECK(client->receive_until("\r\n") == "\r\n");
  }
}

TEST_CASE("a client that does not read is asked for nothing more, and given up in time") {
  FrontBench bench;
  bench.service.script.endless = true;
  bench.service.script.say(std::string(100'000, 'x'));
  const auto client = begin_stream(bench);
  CHECK_THAT(bench.exchange("GET /a HTTP/1.1\r\nHost: h\r\n\r\n"), EndsWith("/a"));  // nobody else is held up
  while (bench.service.script.streams > 0) bench.clock.advance(10'001ms);
  CHECK(bench.service.script.pieces < 1'000);  // what the sockets of both sides took
}

TEST_CASE("a stream is not closed to make room for a connection") {
  front::Options options;
  options.connections = 2;
  FrontBench bench(options);
  const auto client = begin_stream(bench);
  for (int i = 0; i < 5; ++i) CHECK_THAT(bench.exchange("GET /a HTTP/1.1\r\nHost: h\r\n\r\n"), EndsWith("/a"));
  say(bench, "one");
  CHECK(client->receive_until("one\r\n") == "3\r\none\r\n");
}
