// More of something than anybody needs: answered at the limit, in little memory.

#include <fmt/format.h>

#include <algorithm>
#include <list>

#include "catch.hpp"
#include "served_listener.hpp"

using namespace product_sync::hostile;

namespace {

constexpr std::uint64_t kMebibyte = 1ULL << 20;
// What sockets of both ends may hold before the sender learns that nobody reads.
constexpr std::uint64_t kOnTheWay = 16 * kMebibyte;

/// Checks that the connection is refused with one of these answers and ended, and that the listener is as before.
void check_refused(const ServedListener& listener, HostileClient& client, std::initializer_list<int> answers) {
  const auto reply = client.reply();
  REQUIRE(reply);
  CAPTURE(reply->status, reply->body);
  CHECK(std::count(answers.begin(), answers.end(), reply->status) == 1);
  CHECK_THAT(client.rest(), !ContainsSubstring("HTTP/1.1"));
  CHECK(listener.answers_a_new_notification());
  CHECK(listener.stored() == 1);
  CHECK(listener.quarantined() == 0);
  CHECK(listener.peak_memory_mib() < kMostMemoryMib);
}

}  // namespace

TEST_CASE("a chunked body over the cap is refused at the cap") {
  const bool tls = GENERATE(false, true);
  const ServedListener listener({.notifications = {"longest_body: 1MiB"}, .tls = tls});
  auto client = listener.connect();
  client.send(intake_head("Transfer-Encoding: chunked\r\n"));
  const auto sent = client.flood(chunk(std::string(64 * 1024, 'x')), 64 * kMebibyte);
  check_refused(listener, client, {413});
  CHECK(sent < kOnTheWay);
}

TEST_CASE("a chunked body over the default cap is refused in bounded memory") {
  const ServedListener listener;
  auto client = listener.connect();
  client.send(intake_head("Transfer-Encoding: chunked\r\n"));
  client.flood(chunk(std::string(64 * 1024, 'x')), 64 * kMebibyte);
  check_refused(listener, client, {413});
}

TEST_CASE("a chunked body in chunks of one byte costs no more memory than its bytes") {
  const ServedListener listener({.notifications = {"longest_body: 1MiB"}});
  auto client = listener.connect();
  client.send(intake_head("Transfer-Encoding: chunked\r\n"));
  std::string chunks;
  for (int i = 0; i < 10'000; ++i) chunks += "1\r\nx\r\n";
  client.flood(chunks, 64 * kMebibyte);
  check_refused(listener, client, {413});
}

TEST_CASE("a body that is announced too large is refused unread") {
  const ServedListener listener;
  auto client = listener.connect();
  client.send(intake_head("Content-Length: 4000000000\r\n"));
  check_refused(listener, client, {413});
}

TEST_CASE("a compressed body is refused unread") {
  const ServedListener listener;
  auto client = listener.connect();
  // The head is enough: 200 kB of gzip could have been 200 MiB.
  client.send(intake_head("Content-Encoding: gzip\r\nContent-Length: 204000\r\n"));
  std::string compressed("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  compressed.resize(4'080, 'x');
  client.flood(compressed, 204'000);
  check_refused(listener, client, {415});
}

TEST_CASE("two hundred thousand headers are refused") {
  const bool tls = GENERATE(false, true);
  const ServedListener listener({.tls = tls});
  auto client = listener.connect();
  client.send(fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\n{}", kNotificationsTarget, kSecretHeader));
  for (int i = 0; i < 2'000 && !client.was_answered(); ++i) {
    std::string headers;
    for (int j = 0; j < 100; ++j) headers += fmt::format("X-{}-{}: y\r\n", i, j);
    if (!client.send(headers)) break;
  }
  check_refused(listener, client, {431});
}

TEST_CASE("more than a hundred header fields are refused, however short they are") {
  const ServedListener listener;
  auto client = listener.connect();
  std::string headers;
  for (int i = 0; i < 150; ++i) headers += fmt::format("A{}: b\r\n", i);
  client.send(fmt::format("GET /healthz HTTP/1.1\r\nHost: localhost\r\n{}\r\n", headers));
  check_refused(listener, client, {431});
}

TEST_CASE("a header line of a hundred megabytes is refused after its first kilobytes") {
  const bool tls = GENERATE(false, true);
  const ServedListener listener({.tls = tls});
  auto client = listener.connect();
  client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: ");
  const auto sent = client.flood(std::string(64 * 1024, 'x'), 100 * kMebibyte);
  check_refused(listener, client, {431});
  CHECK(sent < kOnTheWay);
}

TEST_CASE("a first line without an end is refused") {
  const ServedListener listener;
  auto client = listener.connect();
  client.send("GET /");
  client.flood(std::string(64 * 1024, 'a'), 100 * kMebibyte);
  check_refused(listener, client, {414, 431});
}

TEST_CASE("a path of 8,100 characters is answered like any other") {
  const ServedListener listener;
  auto client = listener.connect();
  client.send(fmt::format("GET /{} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", std::string(8'099, 'a')));
  check_refused(listener, client, {404, 414});
}

TEST_CASE("endless requests on one connection cost no memory while their answers are not read") {
  const ServedListener listener;
  auto client = listener.connect();
  std::string many;
  for (int i = 0; i < 1'000; ++i) many += kHealthRequest;
  // Never reads: the listener must stop to take requests once its answers are not taken.
  HostileClient reader(listener.port());
  std::string_view left = many;
  for (int i = 0; i < 200 && client.send_without_reading(left); ++i) left = many;
  CHECK(reader.ask(kHealthRequest) == 200);
  CHECK(listener.answers_a_new_notification());
  CHECK(listener.peak_memory_mib() < kMostMemoryMib);
}

TEST_CASE("many large bodies at once meet the limit of their memory, and leave it as they end") {
  const ServedListener listener({.server = {"limits: {body_memory: 32MiB}"}});
  {
    std::list<HostileClient> clients;
    for (unsigned i = 0; i < 16; ++i) {
      auto& client = clients.emplace_back(listener.port(), HostileClient::Options{.from = loopback_address(i)});
      client.send(intake_head("Content-Length: 31000000\r\n"));
      // Each sends a part and holds back the rest; whoever is one too many is told so.
      client.flood(std::string(64 * 1024, ' '), 8 * kMebibyte);
    }
    const auto refused = clients.back().reply();
    REQUIRE(refused);
    CHECK(refused->status == 503);
    CHECK(refused->headers.contains("retry-after"));
    CHECK(listener.connect().ask(kHealthRequest) == 200);
    for (int i = 0; i < 20; ++i) CHECK(listener.answers_a_new_notification());  // small ones have room of their own
  }
  // A large one is answered as soon as the ends of the others are noticed.
  const auto body = notification_body(new_id()) + std::string(100'000, ' ');
  const auto large = intake_head(fmt::format("Content-Length: {}\r\n", body.size())) + body;
  bool answered = false;
  for (int i = 0; i < 1'000 && !answered; ++i) answered = listener.connect().ask(large) == 200;
  CHECK(answered);
  CHECK(listener.peak_memory_mib() < kMostMemoryMib);
}
