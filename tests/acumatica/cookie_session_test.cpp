#include "acumatica/cookie_session.hpp"

#include <barrier>
#include <optional>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "session_fixture.hpp"

using namespace product_sync;
using namespace product_sync::acumatica;

namespace {

const std::string kLogin = "/entity/auth/login";
const std::string kLogout = "/entity/auth/logout";

struct CookieFixture : SessionFixture {
  CookieFixture() { server.always("POST", kLogout, {204}); }

  CookieSession session() {
    return {{server.url(), "MyTenant", {"sync", Secret("p\"w"), "", "en-US"}}, client, clock, logger};
  }
  void let_in(const std::string& id) {
    server.once("POST", kLogin,
                {204,
                 "",
                 {{"Set-Cookie", "ASP.NET_SessionId=" + id + "; path=/; HttpOnly"},
                  {"Set-Cookie", ".ASPXAUTH=x" + id + "; secure"}}});
  }
};

}  // namespace

TEST_CASE("a sign-in sends name and tenant and keeps the cookies") {
  CookieFixture f;
  f.let_in("1");
  auto session = f.session();
  CHECK(f.authorized(session, "Cookie") == ".ASPXAUTH=x1; ASP.NET_SessionId=1");
  CHECK(f.authorized(session, "Cookie") == ".ASPXAUTH=x1; ASP.NET_SessionId=1");
  const auto logins = f.server.requests("POST", kLogin);
  REQUIRE(logins.size() == 1);
  CHECK(logins[0].body == R"({"name":"sync","password":"p\"w","tenant":"MyTenant","locale":"en-US"})");
}

TEST_CASE("cookies that answers change are kept up to date") {
  CookieFixture f;
  f.let_in("1");
  auto session = f.session();
  net::HttpRequest request;
  const auto generation = session.authorize(request, {}).value();
  auto answer = f.status(200);
  answer.headers = {{"set-cookie", ".ASPXAUTH=new; path=/"}, {"Set-Cookie", "Locale=Culture=en-US"}};
  session.answered(generation, answer);
  CHECK(f.authorized(session, "Cookie") == ".ASPXAUTH=new; ASP.NET_SessionId=1; Locale=Culture=en-US");
}

TEST_CASE("the seat is given back once, at close or in the end") {
  CookieFixture f;
  f.let_in("1");
  {
    auto session = f.session();
    f.authorized(session, "Cookie");
    if (GENERATE(true, false)) session.close();
  }
  const auto logouts = f.server.requests("POST", kLogout);
  REQUIRE(logouts.size() == 1);
  CHECK(logouts[0].header("Content-Length") == "0");
  CHECK(logouts[0].header("Cookie") == ".ASPXAUTH=x1; ASP.NET_SessionId=1");
}

TEST_CASE("a session that never signed in does not sign out") {
  CookieFixture f;
  {
    auto session = f.session();
    session.close();
  }
  CHECK(f.server.requests().empty());
}

TEST_CASE("after a 401 the session signs in again, once for all threads") {
  CookieFixture f;
  f.let_in("1");
  f.let_in("2");
  auto session = f.session();
  net::HttpRequest request;
  const auto generation = session.authorize(request, {}).value();
  std::barrier start(20);
  std::vector<std::string> seen(20);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      threads.emplace_back([&, i] {
        start.arrive_and_wait();
        session.answered(generation, f.status(401));
        seen[i] = f.authorized(session, "Cookie");
      });
    }
  }
  CHECK(seen == std::vector<std::string>(20, ".ASPXAUTH=x2; ASP.NET_SessionId=2"));
  CHECK(f.server.requests("POST", kLogin).size() == 2);
}

TEST_CASE("a refused sign-in says why and whether to try again") {
  struct Row {
    int status;
    std::string body, code;
    Retry retry;
  };
  const auto row = GENERATE(
      Row{500, R"({"exceptionMessage":"API Login Limit"})", "acumatica.seats_exhausted", Retry::later},
      Row{500, R"({"exceptionMessage":"Invalid credentials. Please try again."})", "acumatica.login_refused",
          Retry::never},
      Row{401, "", "acumatica.login_refused", Retry::never}, Row{400, "", "acumatica.login_refused", Retry::never},
      Row{429, "", "acumatica.throttled", Retry::later}, Row{503, "", "acumatica.server_error", Retry::later},
      Row{204, "", "acumatica.unexpected_reply", Retry::never});
  CookieFixture f;
  f.server.once("POST", kLogin, {row.status, row.body});
  auto session = f.session();
  net::HttpRequest request;
  const auto outcome = session.authorize(request, {});
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == row.code);
  CHECK(outcome.error().retry == row.retry);
  CHECK(f.server.requests("POST", kLogout).empty());
}
