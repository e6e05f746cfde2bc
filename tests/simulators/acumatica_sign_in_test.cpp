#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <thread>

#include "catch.hpp"
#include "simulators/acumatica_process.hpp"

using namespace product_sync;
using nlohmann::json;

namespace {

constexpr const char* kItems = "/entity/Default/24.200.001/StockItem?$top=1&$select=InventoryID";

AcumaticaProcess::Answer login(const AcumaticaProcess& acumatica, const json& body) {
  return acumatica.send("POST", "/entity/auth/login", body.dump());
}

json credentials() { return {{"name", "admin"}, {"password", "secret"}, {"tenant", "MyTenant"}}; }

int list_with(const AcumaticaProcess& acumatica, const AcumaticaProcess::Headers& headers) {
  return acumatica.send("GET", kItems, "", headers).status;
}

int list_with_token(const AcumaticaProcess& acumatica, const std::string& token) {
  return list_with(acumatica, {{"Authorization", "Bearer " + token}});
}

json refresh(const AcumaticaProcess& acumatica, const json& token, int wanted_status = 200) {
  const auto answer = acumatica.token(
      {{"grant_type", "refresh_token"}, {"refresh_token", token.at("refresh_token").get<std::string>()}});
  CHECK(answer.status == wanted_status);
  return answer.json();
}

json offline_token(const AcumaticaProcess& acumatica) {
  return acumatica.token({{"grant_type", "password"}, {"scope", "api offline_access"}}).json();
}

json seats(const AcumaticaProcess& acumatica) { return acumatica.control("stats").at("sessions").at("seats_in_use"); }

/// Sends these bytes to the simulator and returns the first line of its answer.
std::string status_line(const AcumaticaProcess& acumatica, const std::string& request) {
  const std::string url = acumatica.url();
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer(4'096, ' ');
  REQUIRE(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::send(socket, request.data(), request.size(), 0) == static_cast<ssize_t>(request.size()));
  const ssize_t received = ::recv(socket, answer.data(), answer.size(), 0);
  ::close(socket);
  return answer.substr(0, std::min(answer.find("\r\n"), static_cast<std::size_t>(std::max<ssize_t>(received, 0))));
}

}  // namespace

TEST_CASE("without a sign-in the instance answers 401, and only the list of endpoints is open") {
  const AcumaticaProcess acumatica;
  CHECK(list_with(acumatica, {}) == 401);
  CHECK(list_with_token(acumatica, "made up") == 401);
  const json probe = acumatica.send("GET", "/entity").json();
  CHECK(probe.at("version").at("acumaticaBuildVersion") == "24.200.001");
  CHECK(probe.at("endpoints").at(2) ==
        json{{"name", "Default"}, {"version", "24.200.001"}, {"href", "/entity/Default/24.200.001"}});
}

TEST_CASE("an older instance lists its endpoints in a bare array") {
  const AcumaticaProcess acumatica({"--probe-as-array", "--endpoints", "20.200.001,22.200.001"});
  const json probe = acumatica.send("GET", "/entity").json();
  REQUIRE(probe.is_array());
  CHECK(probe.at(1).at("version") == "22.200.001");
  const auto token = acumatica.access_token();
  CHECK(list_with_token(acumatica, token) == 404);  // 24.200.001 is not there
}

TEST_CASE("a bearer token opens the endpoint until it expires") {
  const AcumaticaProcess acumatica({"--token-ms", "300", "--expires-in-as-text"});
  const auto answer = acumatica.token({{"grant_type", "password"}, {"scope", "api"}});
  REQUIRE(answer.status == 200);
  CHECK(answer.json().at("token_type") == "Bearer");
  CHECK(answer.json().at("expires_in") == "1");
  CHECK_FALSE(answer.json().contains("refresh_token"));
  const std::string token = answer.json().at("access_token");
  CHECK(list_with_token(acumatica, token) == 200);
  CHECK(seats(acumatica) == 1);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (list_with_token(acumatica, token) == 200 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  CHECK(list_with_token(acumatica, token) == 401);
  CHECK(seats(acumatica) == 0);  // `api` alone: the session closes with its token
}

TEST_CASE("the token endpoint refuses in OAuth's words") {
  const AcumaticaProcess acumatica;
  const auto [form, error] = GENERATE(table<AcumaticaProcess::Parameters, std::string>({
      {{{"grant_type", "password"}, {"scope", "api"}, {"client_secret", "x"}}, "invalid_client"},
      {{{"grant_type", "password"}, {"scope", "api"}, {"client_id", "product-sync"}}, "invalid_client"},
      {{{"grant_type", "password"}, {"scope", "api"}, {"password", "x"}}, "invalid_grant"},
      {{{"grant_type", "password"}, {"scope", "everything"}}, "invalid_scope"},
      {{{"grant_type", "refresh_token"}, {"refresh_token", "x"}}, "invalid_grant"},
      {{{"grant_type", "client_credentials"}, {"scope", "api"}}, "unsupported_grant_type"},
  }));
  const auto answer = acumatica.token(form);
  CHECK(answer.status == 400);
  CHECK(answer.json().at("error") == error);
}

TEST_CASE("refresh tokens rotate, and the chain holds one seat") {
  const AcumaticaProcess acumatica;
  const json first = offline_token(acumatica);
  CHECK(first.at("expires_in") == 3600);
  const json second = refresh(acumatica, first);
  CHECK(second.at("refresh_token") != first.at("refresh_token"));
  CHECK(list_with_token(acumatica, second.at("access_token")) == 200);
  const json third = refresh(acumatica, second);
  CHECK(list_with_token(acumatica, third.at("access_token")) == 200);
  CHECK(seats(acumatica) == 1);
}

TEST_CASE("using a refresh token a second time kills the grant") {
  const AcumaticaProcess acumatica;
  const json first = offline_token(acumatica);
  const json second = refresh(acumatica, first);
  CHECK(refresh(acumatica, first, 400).at("error") == "invalid_grant");
  CHECK(refresh(acumatica, second, 400).at("error") == "invalid_grant");
  CHECK(list_with_token(acumatica, second.at("access_token")) == 401);
  CHECK(seats(acumatica) == 0);
}

TEST_CASE("a token endpoint that fails for a while costs no refresh token") {
  const AcumaticaProcess acumatica;
  const json first = offline_token(acumatica);
  acumatica.control("behaviour", json{{"fail_tokens_next", 1}, {"fail_status", 503}});
  (void)refresh(acumatica, first, 503);
  CHECK(refresh(acumatica, first).contains("access_token"));
}

TEST_CASE("a cookie login holds its seat until it signs out") {
  const AcumaticaProcess acumatica({"--seats", "1"});
  const auto answer = login(acumatica, credentials());
  REQUIRE(answer.status == 204);
  const AcumaticaProcess::Headers cookies{{"Cookie", answer.cookies()}};
  CHECK(list_with(acumatica, cookies) == 200);
  const auto refused = login(acumatica, credentials());
  CHECK(refused.status == 429);
  CHECK_THAT(refused.body, ContainsSubstring("API Login Limit"));
  const auto token = acumatica.token({{"grant_type", "password"}, {"scope", "api"}});
  CHECK(token.status == 400);
  CHECK_THAT(token.body, ContainsSubstring("API Login Limit"));

  AcumaticaProcess::Headers out = cookies;
  out.emplace("Content-Length", "0");
  CHECK(acumatica.send("POST", "/entity/auth/logout", "", out).status == 204);
  CHECK(list_with(acumatica, cookies) == 401);
  CHECK(login(acumatica, credentials()).status == 204);
}

TEST_CASE("a logout without Content-Length is answered 411") {
  const AcumaticaProcess acumatica;
  CHECK_THAT(status_line(acumatica, "POST /entity/auth/logout HTTP/1.1\r\nHost: a\r\n\r\n"),
             ContainsSubstring(" 411 "));
  CHECK_THAT(status_line(acumatica, "POST /entity/auth/logout HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"),
             ContainsSubstring(" 204 "));
}

TEST_CASE("a bearer may sign out, which frees its seat") {
  const AcumaticaProcess acumatica;
  const std::string token = acumatica.access_token("api");
  CHECK(seats(acumatica) == 1);
  const auto answer = acumatica.send("POST", "/entity/auth/logout", "",
                                     {{"Authorization", "Bearer " + token}, {"Content-Length", "0"}});
  CHECK(answer.status == 204);
  CHECK(seats(acumatica) == 0);
  CHECK(list_with_token(acumatica, token) == 401);
}

TEST_CASE("with concurrent access every request without the session's cookie takes a seat") {
  const AcumaticaProcess acumatica({"--seats", "2"});
  const std::string token = acumatica.access_token("api:concurrent_access");
  CHECK(seats(acumatica) == 0);
  const AcumaticaProcess::Headers bearer{{"Authorization", "Bearer " + token}};
  const auto first = acumatica.send("GET", kItems, "", bearer);
  CHECK(first.status == 200);
  AcumaticaProcess::Headers replayed = bearer;
  replayed.emplace("Cookie", first.cookies());
  CHECK(list_with(acumatica, replayed) == 200);
  CHECK(seats(acumatica) == 1);
  CHECK(list_with(acumatica, bearer) == 200);
  CHECK(list_with(acumatica, bearer) == 429);
  replayed.emplace("Content-Length", "0");
  CHECK(acumatica.send("POST", "/entity/auth/logout", "", replayed).status == 204);
  CHECK(list_with(acumatica, bearer) == 200);
}

TEST_CASE("the tenant of a login must exist, may be left out, and is any where there is only one") {
  json unknown = credentials();
  unknown["tenant"] = "Other";
  json none = credentials();
  none.erase("tenant");
  const AcumaticaProcess many;
  CHECK(login(many, unknown).status == 500);
  CHECK(login(many, none).status == 204);
  CHECK(login(many, json{{"name", "admin"}}).status == 400);
  const AcumaticaProcess one({"--any-tenant"});
  CHECK(login(one, unknown).status == 204);
}

TEST_CASE("told to forget its tokens, the instance answers 401 and the refresh token still serves") {
  const AcumaticaProcess acumatica;
  const json token = offline_token(acumatica);
  acumatica.control("expire", json::object());
  CHECK(list_with_token(acumatica, token.at("access_token")) == 401);
  CHECK(list_with_token(acumatica, refresh(acumatica, token).at("access_token")) == 200);
  acumatica.control("expire", json{{"all", true}});
  CHECK(refresh(acumatica, token, 400).at("error") == "invalid_grant");
}

TEST_CASE("the licence's limits hold over HTTP: one at a time, the rest waits") {
  const AcumaticaProcess acumatica({"--concurrency", "1"});
  const std::string token = acumatica.access_token();
  std::vector<std::future<int>> requests;
  for (int i = 0; i < 10; ++i) {
    requests.push_back(std::async(std::launch::async, [&] { return list_with_token(acumatica, token); }));
  }
  for (auto& each : requests) CHECK(each.get() == 200);
  const json stats = acumatica.control("stats");
  CHECK(stats.at("licence").at("processed") == 10);
  CHECK(stats.at("licence").at("most_active") == 1);
  CHECK(stats.at("requests").at("max_concurrent") == 1);
}
