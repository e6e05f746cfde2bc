#include "rithum/authorization.hpp"

#include <barrier>
#include <thread>

#include "account_fixture.hpp"
#include "catch.hpp"
#include "rithum/reply.hpp"

using namespace product_sync;
using namespace product_sync::rithum;
using namespace std::chrono_literals;

namespace {

const std::string kDenied = R"({"Message":"Authorization has been denied for this request."})";

net::HttpRequest products() {
  net::HttpRequest request;
  request.url = "v1/Products";
  return request;
}

/// The status that a call ends with, or the code of its error.
std::string call(AccountFixture& fixture) {
  const auto outcome = fixture.account.call(
      products(), Account::Kind::plain, {}, [&](const net::HttpResponse& response) -> Result<std::string> {
        if (response.status != 200) return tl::unexpected(fixture.account.failure("Reading products", response));
        return std::to_string(response.status);
      });
  return outcome ? *outcome : outcome.error().code;
}

}  // namespace

TEST_CASE("the refresh token is exchanged as a form, with the application's name and secret in the header") {
  AccountFixture fixture;
  fixture.server.always("GET", "/v1/Products", {200, "{}"});
  CHECK(call(fixture) == "200");
  CHECK(call(fixture) == "200");

  const auto tokens = fixture.server.requests("POST", "/oauth2/token");
  REQUIRE(tokens.size() == 1);
  CHECK(tokens[0].body == "grant_type=refresh_token&refresh_token=re%2Bfresh%2F%3D");
  CHECK(tokens[0].header("Content-Type") == "application/x-www-form-urlencoded");
  CHECK(tokens[0].header("Authorization") == "Basic YXBwOnM6Y3JldA==");
  const auto reads = fixture.server.requests("GET", "/v1/Products");
  CHECK(reads.at(1).header("Authorization") == "Bearer t1");
  CHECK(reads.at(1).target == "/v1/Products");
}

TEST_CASE("a token is renewed before it expires") {
  AccountFixture fixture;
  fixture.server.always("GET", "/v1/Products", {200, "{}"});
  CHECK(call(fixture) == "200");
  fixture.clock.advance(58min);
  CHECK(call(fixture) == "200");
  CHECK(fixture.token_requests() == 1);
  fixture.clock.advance(1min);
  CHECK(call(fixture) == "200");
  CHECK(fixture.token_requests() == 2);
}

TEST_CASE("a refused token is renewed once, whether the refusal comes as 401 or inside a 200") {
  const int status = GENERATE(401, 200);
  AccountFixture fixture;
  fixture.server.once("POST", "/oauth2/token", {200, AccountFixture::token_reply("old")});
  fixture.server.once("GET", "/v1/Products", {status, kDenied});
  fixture.server.once("GET", "/v1/Products", {200, "{}"});
  CHECK(call(fixture) == "200");
  CHECK(fixture.server.requests("GET", "/v1/Products").at(1).header("Authorization") == "Bearer t1");

  fixture.server.always("GET", "/v1/Products", {status, kDenied});
  CHECK(call(fixture) == "rithum.unauthorized");
  CHECK(fixture.token_requests() == 3);
}

TEST_CASE("a product that speaks of denied authorisation is no refusal") {
  net::HttpResponse response;
  response.status = 200;
  response.body = R"({"value":[{"ID":1,"Title":"Authorization has been denied for this request."}]})";
  CHECK_FALSE(says_denied(response));
  response.body = "Authorization has been denied for this request.";
  CHECK(says_denied(response));
}

TEST_CASE("a revoked refresh token, refused in plain text, ends the attempts and says what to do") {
  AccountFixture fixture;
  fixture.server.always("POST", "/oauth2/token", {400, "Bad Request", {}, false, false, "text/plain"});
  CHECK(call(fixture) == "rithum.authorization_lost");
  CHECK(call(fixture) == "rithum.authorization_lost");
  CHECK(fixture.token_requests() == 1);

  fixture.clock.advance(15min);
  CHECK(call(fixture) == "rithum.authorization_lost");
  CHECK(fixture.token_requests() == 2);
}

TEST_CASE("a passing fault at the token address is tried again") {
  AccountFixture fixture;
  fixture.server.once("POST", "/oauth2/token", {503, "<html>maintenance</html>"});
  fixture.server.always("GET", "/v1/Products", {200, "{}"});
  CHECK(call(fixture) == "200");
  CHECK(fixture.token_requests() == 2);
}

TEST_CASE("many threads that need a token make one request for it") {
  AccountFixture fixture;
  Authorization authorization(fixture.server.url(), {"app", Secret("secret"), Secret("refresh")}, fixture.client,
                              fixture.clock, fixture.logger);
  constexpr int kThreads = 8;
  std::barrier start(kThreads);
  std::vector<std::string> outcomes(kThreads);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        start.arrive_and_wait();
        net::HttpRequest request;
        const auto generation = authorization.authorize(request, {});
        outcomes[static_cast<std::size_t>(i)] = generation ? request.headers.at(0).value : generation.error().code;
      });
    }
  }
  CHECK(outcomes == std::vector<std::string>(kThreads, "Bearer t1"));
  CHECK(fixture.token_requests() == 1);
}

TEST_CASE("an idle account uses its refresh token weekly, so that it does not lapse") {
  AccountFixture fixture;
  REQUIRE(fixture.account.keep_alive({}));
  CHECK(fixture.token_requests() == 1);
  fixture.clock.advance(6 * 24h);
  REQUIRE(fixture.account.keep_alive({}));
  CHECK(fixture.token_requests() == 1);
  fixture.clock.advance(24h);
  REQUIRE(fixture.account.keep_alive({}));
  CHECK(fixture.token_requests() == 2);
}

TEST_CASE("a throttled request waits longer each time, and its body need not be JSON") {
  AccountFixture fixture;
  for (int i = 0; i < 3; ++i) fixture.server.once("GET", "/v1/Products", {429, "<html>Too Many Requests</html>"});
  fixture.server.always("GET", "/v1/Products", {200, "{}"});
  CHECK(call(fixture) == "200");
  auto waits = fixture.clock.waits();
  std::erase_if(waits, [](auto wait) { return wait < 1s; });  // of the limiter, which goes slowly after a refusal
  REQUIRE(waits.size() == 3);
  CHECK(waits[1] > waits[0]);
  CHECK(waits[2] > waits[1]);
}
