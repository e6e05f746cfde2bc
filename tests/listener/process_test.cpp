// The listener as a guest of its machine: ports, descriptors, signals, bursts.

#include <sys/resource.h>

#include <csignal>
#include <list>

#include "catch.hpp"
#include "served_listener.hpp"

using namespace product_sync::hostile;

namespace {

using Clients = std::list<HostileClient>;

Clients connections(const ServedListener& listener, unsigned count) {
  Clients clients;
  for (unsigned i = 0; i < count; ++i)
    clients.emplace_back(listener.port(), HostileClient::Options{.from = loopback_address(i)});
  return clients;
}

}  // namespace

TEST_CASE("a stop does not wait for idle, slow or silent connections") {
  const bool tls = GENERATE(false, true);
  // Had it waited for any of them, the grace would be over and the exit code another.
  ServedListener listener({.server = {"grace: 10s"}, .tls = tls});
  Clients held;
  for (unsigned i = 0; i < 20; ++i) {
    held.push_back(listener.connect(i + 1));
    REQUIRE(held.back().ask(kHealthRequest) == 200);
    held.push_back(listener.connect(i + 1));
    held.back().send("GET /heal");
    held.push_back(listener.connect(i + 1));
    held.back().send(intake_head("Content-Length: 1000\r\n") + "{");
    held.push_back(listener.connect(i + 1));
  }
  listener.process().terminate();
  CHECK(listener.process().wait(std::chrono::seconds{60}) == 0);
  for (auto& client : held) client.rest();
}

TEST_CASE("a notification on its way when the stop comes is answered or can be sent again") {
  ServedListener listener;
  Clients senders = connections(listener, 50);
  for (auto& sender : senders) sender.send(notification_request());
  listener.process().terminate();
  std::set<std::string> acknowledged;
  for (auto& sender : senders) {
    const auto reply = sender.reply();
    if (reply && reply->status == 200) acknowledged.insert(Json::parse(reply->body)["id"].get<std::string>());
    sender.rest();
  }
  CHECK(listener.process().wait(std::chrono::seconds{60}) == 0);
  CHECK(listener.ids_in_the_inbox(acknowledged) == acknowledged.size());
}

TEST_CASE("a second process on the same port is refused") {
  ServedListener listener;
  CHECK(listener.serve_again_on_the_same_port() == 1);
  CHECK(listener.answers_a_new_notification());
}

TEST_CASE("a burst of connections is queued by the kernel until it is accepted") {
  ServedListener listener;
  listener.process().signal(SIGSTOP);
  auto burst = connections(listener, 500);  // each would fail or hang if the backlog was short
  for (auto& client : burst) client.send(notification_request());
  listener.process().signal(SIGCONT);
  for (auto& client : burst) {
    const auto reply = client.reply();
    REQUIRE(reply);
    CHECK(reply->status == 200);
  }
  CHECK(listener.stored() == 500);
}

TEST_CASE("connections that break off before they are accepted do no harm") {
  ServedListener listener;
  listener.process().signal(SIGSTOP);
  {
    auto broken = connections(listener, 200);
    for (auto& client : broken) client.reset();
  }
  listener.process().signal(SIGCONT);
  CHECK(listener.answers_a_new_notification());
}

TEST_CASE("connections whose descriptors have large numbers are served") {
  const ServedListener listener({.server = {"limits: {head_deadline: 2m}"}});  // one after the other takes a while
  auto held = connections(listener, 1'500);
  for (auto& client : held) REQUIRE(client.ask(notification_request()) == 200);
  CHECK(listener.descriptors() > 1'024);
}

TEST_CASE("when descriptors run out, connections are refused or wait, and later ones are served") {
  ServedListener listener({.descriptors = 100});
  {
    Clients held = connections(listener, 300);
    for (auto& client : held) client.send("GET /heal");
    CHECK(listener.answers_a_new_notification());  // as soon as a slow one was given up
  }
  for (int i = 0; i < 20; ++i) CHECK(listener.answers_a_new_notification());
  CHECK(listener.process().running());
}

// UndefinedBehaviorSanitizer itself needs descriptors: it looks at memory through pipes, and ends a process without any.
#if !defined(__SANITIZE_ADDRESS__)
TEST_CASE("a process that really has no descriptor left closes the oldest connection, and goes on") {
  ServedListener listener;  // it believes in thousands
  REQUIRE(listener.answers_a_new_notification());
  const auto few = listener.descriptors() + 20;
  const rlimit limit{few, few};
  REQUIRE(::prlimit(listener.process().pid(), RLIMIT_NOFILE, &limit, nullptr) == 0);
  Clients held = connections(listener, 100);
  for (auto& client : held) client.send("GET /heal");
  for (int i = 0; i < 20; ++i) CHECK(listener.answers_a_new_notification());
  CHECK_THAT(listener.log(), ContainsSubstring("front.no_resources"));
  held.clear();
  int in_a_row = 0;  // as soon as the ends of the others are noticed
  for (int i = 0; i < 1'000 && in_a_row < 20; ++i) in_a_row = listener.answers_a_new_notification() ? in_a_row + 1 : 0;
  CHECK(in_a_row == 20);
}
#endif

TEST_CASE("clients that end early, in any way, leave nothing behind") {
  const ServedListener listener;
  REQUIRE(listener.answers_a_new_notification());
  const auto before = listener.descriptors();
  const auto request = notification_request();
  for (std::size_t cut = 0; cut < request.size(); cut += 3) {
    auto half = listener.connect();
    half.send(request.substr(0, cut));
    half.end_sending();
    half.rest();
    auto broken = listener.connect();
    broken.send(request.substr(0, cut));
    broken.reset();
  }
  CHECK(listener.stored() == 1);
  CHECK(listener.quarantined() == 0);
  CHECK(listener.answers_a_new_notification());
  // The last ones may be under way.
  bool back = false;
  for (int i = 0; i < 1'000 && !back; ++i)
    back = listener.answers_a_new_notification() && listener.descriptors() <= before + 2;
  CHECK(back);
}
