#include "front/message.hpp"

#include "catch.hpp"

using namespace product_sync::front;

TEST_CASE("a response is written with its length, its type and what forbids guessing and caching") {
  const Response response{200, "text/plain", "hello", {{"X-More", "yes"}}};
  CHECK(serialize(response, "Sun, 06 Nov 1994 08:49:37 GMT", true, 1, false) ==
        "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
        "X-More: yes\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n\r\nhello");
}

TEST_CASE("a response says when the connection ends, and to HTTP/1.0 when it does not") {
  const Response response{404, "", "", {}};
  CHECK_THAT(serialize(response, "", false, 1, false), ContainsSubstring("\r\nConnection: close\r\n"));
  CHECK_THAT(serialize(response, "", true, 0, false), ContainsSubstring("\r\nConnection: keep-alive\r\n"));
  CHECK_THAT(serialize(response, "", true, 1, false), !ContainsSubstring("Connection:"));
}

TEST_CASE("a response to HEAD has the length of a body and none") {
  const auto bytes = serialize({200, "text/plain", "hello", {}}, "", true, 1, true);
  CHECK_THAT(bytes, ContainsSubstring("Content-Length: 5\r\n"));
  CHECK(bytes.ends_with("\r\n\r\n"));
}

TEST_CASE("a problem is JSON with status, code, title and remedy") {
  const auto response = problem(409, "run.conflict", "A \"full\" sync is running.", "Wait.");
  CHECK(response.status == 409);
  CHECK(response.content_type == "application/problem+json");
  CHECK(response.body ==
        "{\"status\":409,\"code\":\"run.conflict\",\"title\":\"A \\\"full\\\" sync is "
        "running.\",\"detail\":\"Wait.\"}\n");
}
