// A client that is slow, or silent, or too many, costs a buffer: nobody waits behind it.

#include <fmt/format.h>

#include <algorithm>
#include <list>
#include <string>

#include "catch.hpp"
#include "served_listener.hpp"

using namespace product_sync::hostile;

namespace {

constexpr std::chrono::milliseconds kBetweenBytes{100};

using Clients = std::list<HostileClient>;

/// `count` connections, each from one of many addresses, that sent `bytes`.
Clients clients_that_sent(const ServedListener& listener, unsigned count, std::string_view bytes) {
  Clients clients;
  for (unsigned i = 0; i < count; ++i) clients.emplace_back(listener.connect(1 + i)).send(bytes);
  return clients;
}

/// Sends one more byte of each, again and again, until the listener has ended them all; a new client is answered all
/// the while. Whether that came before the bytes were at an end.
bool are_ended_while_they_trickle(const ServedListener& listener, Clients& clients, std::string_view bytes) {
  for (const char byte : bytes) {
    if (!listener.answers_a_new_notification()) return false;
    HostileClient* open = nullptr;
    for (auto& client : clients) {
      if (client.was_ended()) continue;
      open = &client;
      client.send(std::string_view(&byte, 1));
    }
    if (open == nullptr) return true;
    open->wait_for_the_end(kBetweenBytes);
  }
  return false;
}

int status_of_the_end(HostileClient& client) {
  const auto reply = client.reply();
  if (!reply) return 0;
  CHECK(client.rest().empty());
  return reply->status;
}

}  // namespace

TEST_CASE("slow heads, one byte at a time, hold up nobody and are ended") {
  const bool tls = GENERATE(false, true);
  const ServedListener listener({.tls = tls});
  auto slow = clients_that_sent(listener, 200, "GET /healthz HTTP/1.1\r\n");
  CHECK(are_ended_while_they_trickle(listener, slow, "X-Slow: " + std::string(1'200, 'x')));
  for (auto& client : slow) CHECK(status_of_the_end(client) == 408);
  CHECK(listener.peak_memory_mib() < kMostMemoryMib);
}

TEST_CASE("slow bodies, one byte at a time, hold up nobody and are ended") {
  const bool tls = GENERATE(false, true);
  const ServedListener listener({.tls = tls});
  auto slow = clients_that_sent(listener, 200, intake_head("Content-Length: 100000\r\n"));
  CHECK(are_ended_while_they_trickle(listener, slow, std::string(1'200, ' ')));
  for (auto& client : slow) CHECK(status_of_the_end(client) == 408);
  CHECK(listener.quarantined() == 0);
  CHECK(listener.peak_memory_mib() < kMostMemoryMib);
}

TEST_CASE("slow chunks hold up nobody and are ended") {
  const ServedListener listener;
  auto slow = clients_that_sent(listener, 200, intake_head("Transfer-Encoding: chunked\r\n"));
  std::string trickle;
  for (int i = 0; i < 200; ++i) trickle += "1\r\nx\r\n";
  CHECK(are_ended_while_they_trickle(listener, slow, trickle));
  for (auto& client : slow) CHECK(status_of_the_end(client) == 408);
  CHECK(listener.quarantined() == 0);
}

TEST_CASE("opened connections that send nothing hold up nobody and are ended") {
  const bool tls = GENERATE(false, true);
  const ServedListener listener({.tls = tls});
  auto silent = clients_that_sent(listener, 200, "");
  CHECK(listener.answers_a_new_notification());
  for (auto& client : silent) client.rest();
  CHECK(listener.answers_a_new_notification());
  CHECK(listener.peak_memory_mib() < kMostMemoryMib);
}

TEST_CASE("a sender that keeps its connection is served on it") {
  const bool tls = GENERATE(false, true);
  const ServedListener listener({.tls = tls});
  auto sender = listener.connect();
  for (int i = 0; i < 500; ++i) REQUIRE(sender.ask(notification_request()) == 200);
  CHECK(listener.stored() == 500);
}

TEST_CASE("with two thousand connections held open, every new notification is answered") {
  const ServedListener listener;
  constexpr unsigned kThird = 667;
  Clients held;
  for (unsigned i = 0; i < kThird; ++i) {
    auto& idle = held.emplace_back(listener.port(), HostileClient::Options{.from = loopback_address(3 * i)});
    REQUIRE(idle.ask(kHealthRequest) == 200);
    auto& head = held.emplace_back(listener.port(), HostileClient::Options{.from = loopback_address(3 * i + 1)});
    head.send("POST /v1/sites/eu/notifications HTTP/1.1\r\nHost: localh");
    auto& body = held.emplace_back(listener.port(), HostileClient::Options{.from = loopback_address(3 * i + 2)});
    body.send(intake_head("Content-Length: 1000\r\n") + "{");
  }
  for (int i = 0; i < 500; ++i) CHECK(listener.answers_a_new_notification());
  CHECK(listener.stored() == 500);
  CHECK(listener.peak_memory_mib() < kMostMemoryMib);
}

TEST_CASE("a client that does not read its answers is ended and holds up nobody") {
  const ServedListener listener;
  Clients deaf;
  // The style sheet is some kilobytes: enough of them fill what sockets hold.
  std::string many;
  for (int i = 0; i < 2'000; ++i) many += "GET /style.css HTTP/1.1\r\nHost: localhost\r\n\r\n";
  for (unsigned i = 0; i < 100; ++i) {
    auto& client = deaf.emplace_back(listener.port(), HostileClient::Options{.from = loopback_address(i)});
    std::string_view left = many;
    if (i == 0)
      (void)client.send_without_reading(left);
    else
      client.send(many.substr(0, 4'096));
  }
  for (int i = 0; i < 100; ++i) CHECK(listener.answers_a_new_notification());
  CHECK(listener.peak_memory_mib() < kMostMemoryMib);
}
