#include "server/event_streams.hpp"

#include <memory>
#include <thread>

#include "catch.hpp"
#include "server/listener.hpp"
#include "support/raw_client.hpp"
#include "support/simulated_clock.hpp"

using namespace product_sync;
using namespace std::chrono_literals;
using Catch::Matchers::StartsWith;

namespace {

/// A listener whose only route is that of events, with one thread.
class EventBench {
 public:
  explicit EventBench(server::EventStreamLimits limits = {}) : streams_({"eu", "us"}, history_, limits, metrics) {
    server::ListenerOptions options;
    options.front.endpoints.push_back({"127.0.0.1", 0});
    options.threads = 1;
    std::vector<server::Route> routes{streams_.route()};
    listener.emplace(std::move(options), std::move(routes), clock, metrics, log_);
    if (const auto started = listener->start(); !started) throw std::runtime_error(started.error().text());
  }

  void add(std::string site, std::uint64_t arrived) {
    history_.add(sync::QueueEvent{std::move(site), arrived, 0, 0});
    listener->streams_have_more();
  }

  std::unique_ptr<RawClient> ask(const std::string& query = {}, const std::string& fields = {}) {
    auto client = std::make_unique<RawClient>(listener->port());
    client->send("GET /v1/events" + query + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
    return client;
  }
  /// A client whose stream has begun.
  std::unique_ptr<RawClient> listen(const std::string& query = {}, const std::string& fields = {}) {
    auto client = ask(query, fields);
    CHECK_THAT(client->receive_until("retry: 2000\n"), StartsWith("HTTP/1.1 200 OK"));
    return client;
  }
  int status(const std::string& query = {}) {
    return std::stoi(ask(query)->receive_until("\r\n").substr(9, 3));
  }

  SimulatedClock clock;
  Metrics metrics;

 private:
  server::EventHistory history_{10};
  server::EventStreams streams_;
  Logger log_{LogFormat::text, LogLevel::error};

 public:
  std::optional<server::Listener> listener;
};

std::string arrived(std::uint64_t count) { return "\"new_notifications\":" + std::to_string(count) + ","; }

/// The id of the event that ends with `end`.
std::string id_before(const std::string& text) {
  const auto at = text.rfind("id: ") + 4;
  return text.substr(at, text.find('\n', at) - at);
}

}  // namespace

TEST_CASE("every client hears what happens from now on, or of the site it asks for") {
  EventBench bench;
  bench.add("eu", 1);
  const auto all = bench.listen();
  const auto us = bench.listen("?site=us");
  bench.add("eu", 2);
  bench.add("us", 3);
  const auto heard = all->receive_until(arrived(3));
  CHECK_THAT(heard, ContainsSubstring(arrived(2)) && !ContainsSubstring(arrived(1)));
  CHECK_THAT(us->receive_until(arrived(3)), !ContainsSubstring(arrived(2)));
}

TEST_CASE("a client that comes back with the last id misses nothing") {
  EventBench bench;
  auto client = bench.listen();
  bench.add("eu", 1);
  const auto id = id_before(client->receive_until(arrived(1)));
  client.reset();
  bench.add("eu", 2);
  bench.add("eu", 3);
  const auto rest = bench.listen("", "Last-Event-ID: " + id + "\r\n")->receive_until(arrived(3));
  CHECK_THAT(rest, ContainsSubstring(arrived(2)) && !ContainsSubstring(arrived(1)) && !ContainsSubstring("missed"));
}

TEST_CASE("a client that was cut off before its first event misses nothing either") {
  EventBench bench;
  auto client = bench.listen();
  const auto id = id_before(client->receive_until("\n\n"));
  client.reset();
  bench.add("eu", 1);
  CHECK_THAT(bench.listen("", "Last-Event-ID: " + id + "\r\n")->receive_until(arrived(1)), !ContainsSubstring("missed"));
}

TEST_CASE("a client that comes back too late, or to another process, is told that it missed something") {
  EventBench bench;
  const auto id = id_before(bench.listen()->receive_until("\n\n"));
  for (std::uint64_t i = 1; i <= 20; ++i) bench.add("eu", i);
  const auto late = bench.listen("", "Last-Event-ID: " + id + "\r\n")->receive_until(arrived(20));
  CHECK_THAT(late, ContainsSubstring("event: missed\n") && ContainsSubstring(arrived(11)) && !ContainsSubstring(arrived(10)));
  const auto other = bench.listen("", "Last-Event-ID: 0123456789ab-7\r\n");
  bench.add("eu", 21);
  CHECK_THAT(other->receive_until(arrived(21)), ContainsSubstring("event: missed\n") && !ContainsSubstring(arrived(20)));
}

TEST_CASE("a silent stream has a heartbeat") {
  EventBench bench;
  const auto client = bench.listen();
  static_cast<void>(client->receive_until("\n\n"));
  for (int i = 0; i < 3; ++i) {
    bench.clock.advance(15s);
    CHECK_THAT(client->receive_until(": still here\n\n"), !ContainsSubstring("event:"));
  }
}

TEST_CASE("streams have a limit in total, and their places come back") {
  EventBench bench({.streams = 3});
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 3; ++i) clients.push_back(bench.listen());
  const auto refused = bench.ask()->receive_response();
  CHECK_THAT(refused, StartsWith("HTTP/1.1 503") && ContainsSubstring("Retry-After: ") && ContainsSubstring("events.too_many"));
  CHECK_THAT(bench.metrics.text(), ContainsSubstring("product_sync_event_streams 3\n"));
  clients.pop_back();
  while (bench.status() != 200) std::this_thread::yield();
}

TEST_CASE("streams of one address have a limit of their own") {
  EventBench bench({.per_address = 2});
  const auto first = bench.listen();
  const auto second = bench.listen();
  CHECK(bench.status() == 503);
  RawClient elsewhere(bench.listener->port(), "127.0.0.2");
  elsewhere.send("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK_THAT(elsewhere.receive_until("\r\n"), StartsWith("HTTP/1.1 200"));
}

TEST_CASE("a site that does not exist has no events, and strangers hear nothing") {
  EventBench bench;
  CHECK(bench.status("?site=nowhere") == 404);
  CHECK_THAT(bench.ask("", "X-Forwarded-For: 203.0.113.9\r\n")->receive_response(), StartsWith("HTTP/1.1 403"));
}

TEST_CASE("a stop ends streams in a way that clients can tell from a cut") {
  EventBench bench;
  const auto client = bench.listen();
  static_cast<void>(client->receive_until("\n\n\r\n"));
  bench.listener->stop();
  CHECK(client->receive_all() == "0\r\n\r\n");
}
