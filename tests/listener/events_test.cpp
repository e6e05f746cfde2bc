// Streams of events beside everything else that the listener does.

#include <fmt/format.h>

#include <list>

#include "catch.hpp"
#include "served_listener.hpp"

using namespace product_sync::hostile;
using Catch::Matchers::EndsWith;

namespace {

std::string events_request(std::string_view more = {}) {
  return fmt::format("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n{}\r\n", more);
}

/// Reads on until that was heard; returns where it begins.
std::size_t hear(HostileClient& client, std::string& heard, std::string_view text) {
  while (heard.find(text) == std::string::npos) {
    const auto more = client.more();
    if (more.empty()) throw std::runtime_error("the stream ended behind: " + heard);
    heard += more;
  }
  return heard.find(text);
}

std::list<HostileClient> open_streams(const ServedListener& listener, unsigned count) {
  std::list<HostileClient> streams;
  for (unsigned i = 0; i < count; ++i) {
    auto& stream = streams.emplace_back(listener.connect(i % 50 + 1));
    stream.send(events_request());
    const auto head = stream.reply();
    REQUIRE(head);
    REQUIRE(head->status == 200);
    CHECK(head->headers.at("content-type") == "text/event-stream");
  }
  return streams;
}

}  // namespace

TEST_CASE("hundreds of open streams take nothing from notifications and the control API") {
  const bool tls = GENERATE(false, true);
  // One thread: a stream that held it would be the only one.
  const ServedListener listener({.server = {"threads: 1", "limits: {event_streams: 300}"}, .tls = tls});
  auto streams = open_streams(listener, 300);
  for (int i = 0; i < 50; ++i) {
    CHECK(listener.answers_a_new_notification());
    CHECK(listener.overview()["sites"].size() == 1);
  }
  for (auto& stream : streams) {
    std::string heard;
    hear(stream, heard, "event: queue\ndata: {\"site\":\"eu\",\"new_notifications\":");
  }
  HostileClient refused = listener.connect();
  CHECK(refused.ask(events_request()) == 503);
  CHECK(listener.peak_memory_mib() < kMostMemoryMib);
}

TEST_CASE("a sync is heard from its start to its end, and again by who comes back") {
  const ServedListener listener;
  auto streams = open_streams(listener, 1);
  auto client = listener.connect();
  const std::string_view sync = R"({"type":"delta"})";
  client.send(fmt::format("POST /v1/sites/eu/syncs HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{}", sync.size(), sync));
  const auto started = client.reply();
  REQUIRE(started);
  REQUIRE(started->status == 202);
  const auto id = Json::parse(started->body)["id"].get<std::string>();
  std::string heard;
  const auto start = hear(streams.front(), heard, "event: run.started\n");
  const auto id_line = heard.substr(heard.rfind("id: ", start) + 4);
  client.ask(fmt::format("POST /v1/syncs/{}/cancel HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", id));
  hear(streams.front(), heard, "event: run.ended\n");
  CHECK_THAT(heard, ContainsSubstring(id));

  auto again = listener.connect();
  again.send(events_request(fmt::format("Last-Event-ID: {}\r\n", id_line.substr(0, id_line.find('\n')))));
  REQUIRE(again.reply());
  std::string heard_again;
  hear(again, heard_again, "event: run.ended\n");
  CHECK_THAT(heard_again, !ContainsSubstring("run.started") && !ContainsSubstring("missed"));
}

TEST_CASE("streams whose clients left make room for others") {
  const ServedListener listener({.server = {"limits: {event_streams: 10}"}});
  for (int round = 0; round < 5; ++round) {
    auto streams = open_streams(listener, 1);
    std::list<HostileClient> others;
    while (true) {  // the last ones of the round before may still be there
      auto& stream = others.emplace_back(listener.connect(static_cast<unsigned>(others.size() + 2)));
      if (stream.ask(events_request()) != 200) others.pop_back();
      if (others.size() == 9) break;
    }
    for (auto& stream : others) stream.reset();
  }
  CHECK(listener.answers_a_new_notification());
}

TEST_CASE("a stop does not wait for streams, and tells them that it is no cut") {
  const bool tls = GENERATE(false, true);
  ServedListener listener({.server = {"grace: 10s"}, .tls = tls});
  auto streams = open_streams(listener, 50);
  listener.process().terminate();
  CHECK(listener.process().wait(std::chrono::seconds{60}) == 0);
  for (auto& stream : streams) CHECK_THAT(stream.rest(), EndsWith("0\r\n\r\n"));
}
