// Bytes that only resemble a request are refused in one voice: a correct answer, the end of the connection, nothing
// done.

#include <list>

#include "catch.hpp"
#include "framing_cases.hpp"
#include "served_listener.hpp"

using namespace product_sync::hostile;

TEST_CASE(
    "bytes that readers could disagree about are answered with the right error, and nothing of them is executed") {
  const bool tls = GENERATE(false, true);
  const ServedListener listener({.tls = tls});
  for (const auto& wrong : refused_framings()) {
    INFO(wrong.name);
    auto client = listener.connect();
    client.send(wrong.bytes);
    client.end_sending();  // whoever waits for more bytes than came must see that none will
    const auto reply = client.reply();
    CHECK((reply ? wrong.answers.count(reply->status) : 0) == 1);
    if (reply && !wrong.answers.contains(reply->status)) UNSCOPED_INFO(reply->status << reply->body);
    CHECK_THAT(client.rest(), !ContainsSubstring("HTTP/1.1 200"));
  }
  CHECK(listener.stored() == 0);
  CHECK(listener.quarantined() == 0);
  CHECK(listener.peak_memory_mib() < kMostMemoryMib);
}

TEST_CASE("a refused request ends its connection even if the client keeps it open") {
  const ServedListener listener;
  const auto cases = refused_framings();
  std::list<HostileClient> clients;  // all at once: the listener gives each a moment to stop sending
  for (const auto& wrong : cases) clients.emplace_back(listener.connect()).send(wrong.bytes);
  auto client = clients.begin();
  for (const auto& wrong : cases) {
    INFO(wrong.name);
    CHECK(client->reply());
    CHECK_NOTHROW(client->rest());
    ++client;
  }
}

TEST_CASE("unusual but correct requests are taken") {
  const ServedListener listener;
  std::uint64_t stored = 0;
  for (const auto& right : accepted_framings()) {
    INFO(right.name);
    CHECK(right.answers.contains(listener.connect().ask(right.bytes)));
    CHECK(listener.stored() == ++stored);
    stored = listener.stored();
  }
}

TEST_CASE("a request is the same however its bytes are sliced") {
  const ServedListener listener;
  const auto whole = accepted_framings()[1].bytes;
  for (std::size_t cut = 1; cut < whole.size(); cut += 7) {
    auto client = listener.connect();
    client.send(whole.substr(0, cut));
    CHECK(client.ask(whole.substr(cut)) == 200);
  }
  CHECK(listener.stored() == 1);  // the same notification each time
}
