#include "server/sign_in_api.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "support/simulated_clock.hpp"

using namespace product_sync;
using namespace std::chrono_literals;
using nlohmann::json;
using server::Role;

namespace {

/// Cheap to compare, unlike what PasswordHash::of makes.
PasswordHash cheap_hash_of_password() {
  return PasswordHash::parse("$scrypt$ln=10,r=8,p=16$TmFDbE5hQ2xOYUNsTmFDbA$ruflYSr7JKwcyP4taFgPBJI7nqmwRVvjonthQb2MSCI").value();
}

const std::string kHost = "sync.example.com:8443";
const std::string kOwnPage = "https://" + kHost;

/// Sign-in for anna, an operator, and vic, a viewer, who both have the password "password"; and a token for Prometheus.
class SignInBench {
 public:
  server::Request request(const std::string& method, const std::string& path,
                          std::initializer_list<std::pair<std::string, std::string>> fields = {}) {
    server::Request made;
    made.method = method;
    made.path = path;
    made.headers.add("Host", kHost);
    for (const auto& [name, value] : fields) made.headers.add(name, value);
    made.peer.address = address;
    return made;
  }

  server::Response post(const json& body, const std::string& origin = kOwnPage) {
    auto made = request("POST", "/v1/session", {{"Origin", origin}});
    made.body = body.dump();
    return call(made);
  }
  server::Response call(const server::Request& made) {
    const auto matched = server::match(routes, made.method, made.path);
    REQUIRE(matched.route != nullptr);
    return matched.route->handle(made);
  }

  static std::string header(const server::Response& response, const std::string& name) {
    const auto found = std::ranges::find(response.headers, name, &std::pair<std::string, std::string>::first);
    return found == response.headers.end() ? "" : found->second;
  }
  /// What a browser sends back.
  static std::string cookie(const server::Response& response) {
    const auto set = header(response, "Set-Cookie");
    return set.substr(0, set.find(';'));
  }
  std::string signed_in(const std::string& user) {
    const auto response = post({{"user", user}, {"password", "password"}});
    REQUIRE(response.status == 200);
    return cookie(response);
  }

  SimulatedClock clock;
  Logger log{LogFormat::text, LogLevel::error};
  IpAddress address = IpAddress::parse("203.0.113.9").value();
  server::Sessions sessions{{.lifetime = 60min, .most = 3}, clock};
  server::AccessControl access{{{"anna", Role::operator_, cheap_hash_of_password(), {}},
                                {"vic", Role::viewer, cheap_hash_of_password(), {}},
                                {"prometheus", Role::viewer, {}, Secret("prometheus-token")}},
                               &sessions};
  server::SignInApi api{access, sessions, clock, log};
  std::vector<server::Route> routes = api.routes();
};

}  // namespace

TEST_CASE("whoever signs in with name and password has a session by a cookie that no script and no other site can use") {
  SignInBench bench;
  const auto response = bench.post({{"user", "anna"}, {"password", "password"}});
  CHECK(response.status == 200);
  CHECK(json::parse(response.body)["user"] == "anna");
  CHECK(json::parse(response.body)["role"] == "operator");
  const auto set = SignInBench::header(response, "Set-Cookie");
  for (const auto* part : {"; HttpOnly", "; SameSite=Strict", "; Secure", "; Path=/"}) CHECK_THAT(set, ContainsSubstring(part));

  const auto cookie = SignInBench::cookie(response);
  const auto shown = bench.call(bench.request("GET", "/v1/session", {{"Cookie", "other=1; " + cookie + "; more=2"}}));
  CHECK(shown.status == 200);
  CHECK(json::parse(shown.body)["by"] == "session");
  const auto start = bench.request("POST", "/v1/sites/eu/syncs", {{"Cookie", cookie}, {"Origin", kOwnPage}});
  CHECK(bench.access.admit(start, Role::operator_).value().user == "anna");
}

TEST_CASE("over plain HTTP the cookie is not marked as secure, or browsers would drop it") {
  SignInBench bench;
  const auto response = bench.post({{"user", "vic"}, {"password", "password"}}, "http://" + kHost);
  CHECK(response.status == 200);
  CHECK(SignInBench::header(response, "Set-Cookie").find("Secure") == std::string::npos);
}

TEST_CASE("a wrong password, a wrong user and a wrong token are refused alike, and a malformed sign-in is explained") {
  SignInBench bench;
  const auto wrong = bench.post({{"user", "anna"}, {"password", "Password"}});
  const auto unknown = bench.post({{"user", "nobody"}, {"password", "password"}});
  CHECK(wrong.status == 401);
  CHECK(unknown.status == 401);
  CHECK(wrong.body == unknown.body);
  CHECK(bench.post({{"user", "prometheus"}, {"password", "prometheus-token"}}).status == 401);
  CHECK(bench.post({{"token", "guess"}}).status == 401);
  CHECK(bench.post({{"token", "prometheus-token"}}).status == 200);
  for (const auto& body : {json::array(), json::object(), json{{"user", "anna"}}, json{{"user", 1}, {"password", "x"}},
                           json{{"user", "anna"}, {"password", "x"}, {"token", "y"}}, json{{"name", "anna"}}}) {
    INFO(body);
    CHECK(bench.post(body).status == 400);
  }
}

TEST_CASE("ten failed sign-ins from one address are answered 429, also with the right password, until some time has passed") {
  SignInBench bench;
  const json right = {{"user", "anna"}, {"password", "password"}};
  for (int i = 0; i < 10; ++i) CHECK(bench.post({{"user", "anna"}, {"password", "guess"}}).status == 401);
  const auto refused = bench.post(right);
  CHECK(refused.status == 429);
  CHECK(SignInBench::header(refused, "Retry-After") == "30");
  bench.address = IpAddress::parse("203.0.113.10").value();
  CHECK(bench.post(right).status == 200);
  bench.address = IpAddress::parse("203.0.113.9").value();
  bench.clock.advance(31s);
  CHECK(bench.post(right).status == 200);
  CHECK(bench.post(right).status == 200);  // those that succeed do not count
}

TEST_CASE("a viewer may look and not change, and is told which role it takes") {
  SignInBench bench;
  const auto cookie = bench.signed_in("vic");
  CHECK(bench.access.admit(bench.request("GET", "/v1/overview", {{"Cookie", cookie}}), Role::viewer));
  const auto start = bench.request("POST", "/v1/sites/eu/syncs", {{"Cookie", cookie}, {"Origin", kOwnPage}});
  const auto refused = bench.access.admit(start, Role::operator_);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().status == 403);
  CHECK(refused.error().content_type == "application/problem+json");
  CHECK(json::parse(refused.error().body)["code"] == "access.role");
  CHECK_THAT(refused.error().body, ContainsSubstring("the role operator") && ContainsSubstring("vic is a viewer"));
  const auto by_token = bench.request("POST", "/v1/sites/eu/syncs", {{"Authorization", "Bearer prometheus-token"}});
  CHECK(bench.access.admit(by_token, Role::operator_).error().status == 403);
  CHECK(bench.access.admit(by_token, Role::viewer).value().user == "prometheus");
}

TEST_CASE("a cookie changes nothing when the request does not come from a page of this very server") {
  SignInBench bench;
  const auto cookie = bench.signed_in("anna");
  const auto asked_by = [&](const std::string& method, const std::string& origin) {
    auto made = bench.request(method, "/v1/syncs/1/cancel", {{"Cookie", cookie}});
    if (!origin.empty()) made.headers.add("Origin", origin);
    const auto admitted = bench.access.admit(made, Role::operator_);
    return admitted ? 200 : admitted.error().status;
  };
  CHECK(asked_by("POST", kOwnPage) == 200);
  for (const auto* origin : {"", "null", "https://example.com:8443", "https://sync.example.com", "https://evil.sync.example.com:8443"}) {
    INFO(origin);
    for (const auto* method : {"POST", "PUT", "PATCH", "DELETE"}) CHECK(asked_by(method, origin) == 403);
  }
  CHECK(bench.post({{"user", "anna"}, {"password", "password"}}, "https://example.com").status == 403);
}

TEST_CASE("a session ends by signing out, by its age, and when newer ones need its place") {
  SignInBench bench;
  const auto status = [&](const std::string& cookie) {
    return bench.call(bench.request("GET", "/v1/session", {{"Cookie", cookie}})).status;
  };
  const auto first = bench.signed_in("anna");
  const auto out = bench.call(bench.request("DELETE", "/v1/session", {{"Cookie", first}}));
  CHECK(out.status == 204);
  CHECK_THAT(SignInBench::header(out, "Set-Cookie"), ContainsSubstring("Max-Age=0"));
  CHECK(status(first) == 401);

  const auto second = bench.signed_in("anna");
  bench.clock.advance(30min);
  const auto third = bench.signed_in("vic");
  CHECK(status(second) == 200);
  bench.clock.advance(30min);
  CHECK(status(second) == 401);
  CHECK(status(third) == 200);

  bench.clock.advance(1min);
  const std::vector<std::string> newer{bench.signed_in("anna"), bench.signed_in("anna"), bench.signed_in("anna")};
  CHECK(status(third) == 401);
  for (const auto& each : newer) CHECK(status(each) == 200);
  CHECK(status("product_sync_session=") == 401);
}

TEST_CASE("with users or a token nobody is let in for being at this machine, without them nobody else is") {
  SignInBench bench;
  auto local = bench.request("POST", "/v1/sites/eu/syncs");
  local.headers = {};
  local.headers.add("Host", "localhost:8080");
  local.peer.address = IpAddress::parse("127.0.0.1").value();
  CHECK(bench.access.admit(local, Role::viewer).error().status == 401);
  const server::AccessControl open;
  CHECK(open.admit(local, Role::operator_).value().user == "local");
  local.headers.add("Origin", "http://example.com");
  CHECK(open.admit(local, Role::operator_).error().status == 403);
}
