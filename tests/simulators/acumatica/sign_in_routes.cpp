#include <array>

#include "refusal.hpp"
#include "routes.hpp"

namespace acumatica_sim {
namespace {

void token(const Request& request, httplib::Response& response) {
  if (const auto status = request.site.behaviour.next_token_refusal()) {
    throw Refusal(static_cast<int>(*status), "The simulator was told to answer so.");
  }
  if (!request.http.get_header_value("Content-Type").starts_with("application/x-www-form-urlencoded")) {
    set_json(response, 400, R"({"error":"invalid_request"})");
    return;
  }
  const SignInReply reply = request.site.sessions.token(request.http.params);
  set_json(response, reply.status, reply.body);
  response.set_header("Cache-Control", "no-store, no-cache, max-age=0");
}

void login(const Request& request, httplib::Response& response) {
  const auto body = nlohmann::json::parse(request.http.body, nullptr, false);
  if (!body.is_object() || !body.value("name", nlohmann::json()).is_string() ||
      !body.value("password", nlohmann::json()).is_string()) {
    throw Refusal(400, "The request is invalid: name and password are expected.");
  }
  std::optional<std::string> tenant;
  if (const auto written = body.find("tenant"); written != body.end() && written->is_string()) tenant = *written;
  const SignInReply reply = request.site.sessions.login(body["name"], body["password"], tenant);
  if (reply.status != 204) {
    set_json(response, reply.status, reply.body);
    return;
  }
  response.status = 204;
  set_session_cookie(response, reply.session_cookie);
  response.set_header("Set-Cookie", ".ASPXAUTH=" + reply.auth_cookie + "; path=/; HttpOnly");
  response.set_header("Set-Cookie", "Locale=TimeZone=GMTE0000U&Culture=en-US; path=/; HttpOnly");
}

void logout(const Request& request, httplib::Response& response) {
  request.site.sessions.logout(credentials_of(request.http));
  response.status = 204;
}

}  // namespace

void answer_sign_in(const Request& request, httplib::Response& response) {
  struct Route {
    std::string_view path;
    void (*answer)(const Request&, httplib::Response&);
  };
  constexpr std::array<Route, 3> kRoutes{{
      {"identity/connect/token", token},
      {"entity/auth/login", login},
      {"entity/auth/logout", logout},
  }};
  const std::string path = request.rest(0);
  for (const Route& route : kRoutes) {
    if (route.path != path) continue;
    if (request.http.method != "POST") throw Refusal(405, "The requested resource does not support this http method.");
    return route.answer(request, response);
  }
  throw Refusal(404, "No HTTP resource was found that matches the request URI.");
}

}  // namespace acumatica_sim
