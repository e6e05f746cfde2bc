// What one request leaves behind is never taken for another one.

#include <fmt/format.h>

#include "catch.hpp"
#include "served_listener.hpp"

using namespace product_sync::hostile;

namespace {
std::string with_length(std::string_view first_line, std::string_view headers, std::string_view body) {
  return fmt::format("{} HTTP/1.1\r\nHost: localhost\r\n{}Content-Length: {}\r\n\r\n{}", first_line, headers,
                     body.size(), body);
}
}  // namespace

TEST_CASE("a request inside a body that is refused before its end is not executed") {
  const bool tls = GENERATE(false, true);
  const ServedListener listener({.tls = tls});
  const auto embedded = notification_request();

  SECTION("because of a wrong secret") {
    auto client = listener.connect();
    CHECK(client.ask(with_length("POST /v1/sites/eu/notifications", "X-Product-Sync-Secret: guess\r\n", embedded)) ==
          401);
    CHECK_THAT(client.rest(), !ContainsSubstring("HTTP/1.1"));
  }
  SECTION("because of an unknown site") {
    auto client = listener.connect();
    CHECK(client.ask(with_length("POST /v1/sites/mars/notifications", kSecretHeader, embedded)) == 404);
    CHECK_THAT(client.rest(), !ContainsSubstring("HTTP/1.1 200"));
  }
  SECTION("because of an unknown address") {
    auto client = listener.connect();
    CHECK(client.ask(with_length("POST /nowhere", "", embedded)) == 404);
    CHECK_THAT(client.rest(), !ContainsSubstring("HTTP/1.1 200"));
  }
  SECTION("because of its size") {
    auto client = listener.connect();
    const auto body = std::string(64 * 1024, 'x') + embedded;
    client.send(
        fmt::format("POST /v1/sites/eu/syncs HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", 2ULL << 20));
    client.send(body);
    const auto reply = client.reply();
    REQUIRE(reply);
    CHECK(reply->status == 413);
    CHECK_THAT(client.rest(), !ContainsSubstring("HTTP/1.1"));
  }
  CHECK(listener.stored() == 0);
}

TEST_CASE("the body of a GET is a body, however late it comes") {
  const ServedListener listener;
  auto client = listener.connect();
  const auto embedded = notification_request();
  client.send(fmt::format("GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", embedded.size()));
  CHECK(listener.answers_a_new_notification());  // the head was there long before the body
  client.send(embedded);
  client.end_sending();
  const auto first = client.reply();
  REQUIRE(first);
  CHECK((first->status == 200 || first->status == 400 || first->status == 413));
  CHECK_THAT(client.rest(), !ContainsSubstring("HTTP/1.1 200"));
  CHECK(listener.stored() == 1);
}

TEST_CASE("two requests in one packet are both answered, in their order") {
  const ServedListener listener;
  auto client = listener.connect();
  client.send(std::string(kHealthRequest) + notification_request() + std::string(kHealthRequest));
  const auto first = client.reply();
  const auto second = client.reply();
  const auto third = client.reply();
  REQUIRE((first && second && third));
  CHECK(first->body == "ok\n");
  CHECK(Json::parse(second->body)["repeated"] == false);
  CHECK(third->body == "ok\n");
  CHECK(listener.stored() == 1);
}

TEST_CASE("garbage behind a request is refused, and the request before it counts") {
  const ServedListener listener;
  auto client = listener.connect();
  client.send(notification_request() + "\x01garbage\r\n\r\n" + notification_request());
  client.end_sending();
  const auto first = client.reply();
  const auto second = client.reply();
  REQUIRE((first && second));
  CHECK(first->status == 200);
  CHECK(second->status == 400);
  CHECK(client.rest().empty());
  CHECK(listener.stored() == 1);
}

TEST_CASE("nobody tells the listener who he is") {
  const auto claim = GENERATE(as<std::string>{}, "REMOTE_ADDR: 127.9.9.9", "X-Forwarded-For: 127.9.9.9",
                              "Forwarded: for=127.9.9.9", "X-Real-IP: 127.9.9.9");
  ServedListener listener({.notifications = {"allow_from: [127.9.9.9]"}});
  const auto body = notification_body(new_id());
  auto stranger = listener.connect();
  CHECK(stranger.ask(intake_head(fmt::format("{}\r\nContent-Length: {}\r\n", claim, body.size())) + body) == 403);
  CHECK(listener.stored() == 0);

  HostileClient known(listener.port(), {.from = "127.9.9.9"});
  CHECK(known.ask(notification_request()) == 200);
  CHECK(listener.stored() == 1);
}

TEST_CASE("a body is asked for only when it is wanted") {
  const ServedListener listener;
  const auto body = notification_body(new_id());
  const auto framing = fmt::format("Expect: 100-continue\r\nContent-Length: {}\r\n", body.size());

  auto honest = listener.connect();
  CHECK(honest.ask(intake_head(framing)) == 100);
  CHECK(honest.ask(body) == 200);

  auto stranger = listener.connect();
  CHECK(stranger.ask(fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", kNotificationsTarget, framing)) ==
        401);
  CHECK(stranger.rest().empty());

  auto glutton = listener.connect();
  CHECK(glutton.ask(intake_head("Expect: 100-continue\r\nContent-Length: 999999999\r\n")) == 413);
  CHECK(glutton.rest().empty());
}
