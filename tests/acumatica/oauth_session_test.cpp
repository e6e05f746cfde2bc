#include "acumatica/oauth_session.hpp"

#include <barrier>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "session_fixture.hpp"

using namespace product_sync;
using namespace product_sync::acumatica;
using namespace std::chrono_literals;

namespace {

/// Keeps the grant in memory and fails when told to.
class MemoryTokenStore final : public TokenStore {
 public:
  Result<std::unique_ptr<Lock>> lock(std::stop_token) override { return std::make_unique<Lock>(); }
  Result<std::optional<Grant>> load() override { return kept; }
  Result<void> save(const Grant& grant) override {
    if (failures_after-- == 0) {
      failures_after = 0;
      return fail("acumatica.token_store", "The disk is full.");
    }
    kept = grant;
    return {};
  }

  std::optional<Grant> kept;
  int failures_after = -1;  ///< so many saves succeed before all fail; negative: none fails
};

const std::string kTokenPath = "/identity/connect/token";

std::string token_reply(const std::string& access, const std::string& refresh, const std::string& expires_in = "3600") {
  return R"({"access_token":")" + access + R"(","expires_in":)" + expires_in +
         R"(,"token_type":"Bearer","scope":"api offline_access","refresh_token":")" + refresh + R"("})";
}

struct OAuthFixture : SessionFixture {
  MemoryTokenStore store;

  OAuthSession session(std::variant<PasswordGrant, RefreshTokenGrant> grant = refresh_grant("r0")) {
    return {{server.url(), "MyTenant", std::move(grant)}, client, store, clock, logger};
  }
  static RefreshTokenGrant refresh_grant(const std::string& token) { return {"app", Secret("s&cret"), Secret(token)}; }
  static PasswordGrant password_grant() { return {"app", Secret("s&cret"), "sync user", Secret("p+w")}; }

  void answer(int status, std::string body) { server.once("POST", kTokenPath, {status, std::move(body)}); }
  std::vector<std::string> token_requests() {
    std::vector<std::string> bodies;
    for (const auto& request : server.requests("POST", kTokenPath)) bodies.push_back(request.body);
    return bodies;
  }
};

}  // namespace

TEST_CASE("the password grant asks for one session with a refresh token, for the tenant") {
  OAuthFixture f;
  f.answer(200, token_reply("a1", "r1"));
  auto session = f.session(OAuthFixture::password_grant());
  CHECK(f.authorized(session, "Authorization") == "Bearer a1");
  CHECK(f.token_requests() ==
        std::vector<std::string>{
            "grant_type=password&client_id=app%40MyTenant&client_secret=s%26cret&username=sync%20user&"
            "password=p%2Bw&scope=api%20offline_access"});
  CHECK(f.store.kept->refresh_token.reveal() == "r1");
}

TEST_CASE("a token serves until a minute before its end, then its refresh token gets the next") {
  const std::string expires_in = GENERATE("3600", "\"3600\"");
  OAuthFixture f;
  f.answer(200, token_reply("a1", "r1", expires_in));
  f.answer(200, token_reply("a2", "r2", expires_in));
  auto session = f.session();
  CHECK(f.authorized(session, "Authorization") == "Bearer a1");
  f.clock.advance(3539s);
  CHECK(f.authorized(session, "Authorization") == "Bearer a1");
  f.clock.advance(1s);
  CHECK(f.authorized(session, "Authorization") == "Bearer a2");
  CHECK(f.token_requests() ==
        std::vector<std::string>{
            "grant_type=refresh_token&client_id=app%40MyTenant&client_secret=s%26cret&refresh_token=r0",
            "grant_type=refresh_token&client_id=app%40MyTenant&client_secret=s%26cret&refresh_token=r1"});
  CHECK(f.store.kept->refresh_token.reveal() == "r2");
}

TEST_CASE("twenty threads that need a token make one request") {
  OAuthFixture f;
  f.answer(200, token_reply("a1", "r1"));
  auto session = f.session();
  std::barrier start(20);
  std::vector<std::string> seen(20);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      threads.emplace_back([&, i] {
        start.arrive_and_wait();
        seen[i] = f.authorized(session, "Authorization");
      });
    }
  }
  CHECK(seen == std::vector<std::string>(20, "Bearer a1"));
  CHECK(f.token_requests().size() == 1);
}

TEST_CASE("twenty threads whose token is refused make one request for the next") {
  OAuthFixture f;
  f.answer(200, token_reply("a1", "r1"));
  f.answer(200, token_reply("a2", "r2"));
  auto session = f.session();
  net::HttpRequest first;
  const auto generation = session.authorize(first, {}).value();
  std::barrier start(20);
  std::vector<std::string> seen(20);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      threads.emplace_back([&, i] {
        start.arrive_and_wait();
        session.answered(generation, f.status(401));
        seen[i] = f.authorized(session, "Authorization");
      });
    }
  }
  CHECK(seen == std::vector<std::string>(20, "Bearer a2"));
  CHECK(f.token_requests().size() == 2);
}

TEST_CASE("a refresh token is not spent while the store cannot keep its successor") {
  OAuthFixture f;
  f.store.failures_after = 0;
  auto session = f.session();
  CHECK(f.authorized(session, "Authorization") == "acumatica.token_store");
  CHECK(f.token_requests().empty());
}

TEST_CASE("a new token is used only after the store has it, and is not asked for again") {
  OAuthFixture f;
  f.answer(200, token_reply("a1", "r1"));
  f.store.failures_after = 1;  // the proof that it is writable succeeds, then the disk fills
  auto session = f.session();
  CHECK(f.authorized(session, "Authorization") == "acumatica.token_store");
  CHECK(f.store.kept->refresh_token.reveal() == "r0");
  f.store.failures_after = -1;
  CHECK(f.authorized(session, "Authorization") == "Bearer a1");
  CHECK(f.store.kept->refresh_token.reveal() == "r1");
  CHECK(f.token_requests().size() == 1);
}

TEST_CASE("the next run goes on with the kept token, and refreshes it when it is over") {
  OAuthFixture f;
  f.answer(200, token_reply("a1", "r1"));
  {
    auto session = f.session();
    CHECK(f.authorized(session, "Authorization") == "Bearer a1");
  }
  auto next = f.session();
  CHECK(f.authorized(next, "Authorization") == "Bearer a1");
  f.answer(200, token_reply("a2", "r2"));
  f.clock.advance(1h);
  auto later = f.session();
  CHECK(f.authorized(later, "Authorization") == "Bearer a2");
  CHECK_THAT(f.token_requests().back(), ContainsSubstring("refresh_token=r1"));
}

TEST_CASE("another refresh token in the configuration replaces the kept grant") {
  OAuthFixture f;
  f.answer(200, token_reply("a1", "r1"));
  auto session = f.session();
  f.authorized(session, "Authorization");
  f.answer(200, token_reply("b1", "s1"));
  auto reauthorised = f.session(OAuthFixture::refresh_grant("s0"));
  CHECK(f.authorized(reauthorised, "Authorization") == "Bearer b1");
  CHECK_THAT(f.token_requests().back(), ContainsSubstring("refresh_token=s0"));
}

TEST_CASE("a refused refresh token stops with a remedy and is not tried again at once") {
  OAuthFixture f;
  f.answer(400, R"({"error":"invalid_grant"})");
  f.answer(200, token_reply("a1", "r1"));
  auto session = f.session();
  net::HttpRequest request;
  const auto lost = session.authorize(request, {});
  REQUIRE_FALSE(lost);
  CHECK(lost.error().code == "acumatica.authorization_lost");
  CHECK(lost.error().retry == Retry::never);
  CHECK_THAT(lost.error().message, ContainsSubstring("invalid_grant"));
  CHECK_THAT(lost.error().remedy, ContainsSubstring("SM303010"));
  CHECK(f.authorized(session, "Authorization") == "acumatica.authorization_lost");
  CHECK(f.token_requests().size() == 1);
  f.clock.advance(15min);
  CHECK(f.authorized(session, "Authorization") == "Bearer a1");
}

TEST_CASE("with the password grant a refused refresh token leads to the password") {
  OAuthFixture f;
  f.answer(200, token_reply("a1", "r1"));
  auto session = f.session(OAuthFixture::password_grant());
  f.authorized(session, "Authorization");
  f.clock.advance(1h);
  f.answer(400, R"({"error":"invalid_grant"})");
  f.answer(200, token_reply("a2", "r2"));
  CHECK(f.authorized(session, "Authorization") == "Bearer a2");
  CHECK_THAT(f.token_requests().back(), ContainsSubstring("grant_type=password"));
}

TEST_CASE("passing faults of the token endpoint are passing errors") {
  struct Row {
    int status;
    std::string body, code;
  };
  const auto row = GENERATE(Row{503, "", "acumatica.server_error"}, Row{500, "", "acumatica.server_error"},
                            Row{429, "", "acumatica.throttled"},
                            Row{400, R"({"error":"API Login Limit"})", "acumatica.seats_exhausted"});
  OAuthFixture f;
  f.answer(row.status, row.body);
  f.answer(200, token_reply("a1", "r1"));
  auto session = f.session();
  net::HttpRequest request;
  const auto outcome = session.authorize(request, {});
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == row.code);
  CHECK(outcome.error().retry == Retry::later);
  CHECK(f.authorized(session, "Authorization") == "Bearer a1");
}

TEST_CASE("a reply without a token is no token") {
  const std::string body =
      GENERATE("", "{}", "<html>", R"({"access_token":"","expires_in":3600})", R"({"access_token":"a"})",
               R"({"access_token":"a","expires_in":"soon"})", R"({"access_token":"a","expires_in":0})");
  OAuthFixture f;
  f.answer(200, body);
  auto session = f.session();
  CHECK(f.authorized(session, "Authorization") == "acumatica.unexpected_reply");
}
