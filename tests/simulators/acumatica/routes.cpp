#include "routes.hpp"

#include <array>

#include "refusal.hpp"

namespace acumatica_sim {
namespace {

std::vector<std::string> split_path(const std::string& path) {
  std::vector<std::string> parts;
  std::size_t at = 1;
  while (at <= path.size()) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    parts.push_back(path.substr(at, slash - at));
    at = slash + 1;
  }
  while (!parts.empty() && parts.back().empty()) parts.pop_back();
  return parts;
}

/// The name a request has in the counters.
std::string kind_of(const Request& request) {
  const auto& path = request.path;
  if (path.empty()) return "unknown";
  if (path.front() == "control") return "control";
  if (path.back() == "token" || path.back() == "login" || path.back() == "logout") return path.back();
  if (path.front() != "entity") return "unknown";
  if (path.size() == 1) return "probe";
  if (request.http.method == "PUT") return "put";
  if (path.back() == "$adHocSchema") return "schema";
  return path.size() <= 4 ? "list" : "by_key";
}

void answer(const Request& request, httplib::Response& response) {
  const std::string first = request.path.empty() ? "" : request.path.front();
  if (first == "control") return answer_control(request, response);
  if (first == "identity") return answer_sign_in(request, response);
  if (first == "entity" && request.path.size() > 1 && request.path[1] == "auth")
    return answer_sign_in(request, response);
  if (first == "entity") return answer_entity(request, response);
  throw Refusal(404, "No HTTP resource was found that matches the request URI.");
}

void serve(Site& site, const httplib::Request& http, httplib::Response& response) {
  const Request request{site, http, split_path(http.path)};
  const std::string kind = kind_of(request);
  try {
    answer(request, response);
  } catch (const Refusal& refusal) {
    set_json(response, refusal.status, error_body(refusal));
    if (refusal.status == 401) response.set_header("WWW-Authenticate", "Bearer");
  }
  if (kind != "control") site.counts.count(kind, response.status);
}

/// IIS asks a POST for its length (acumatica.md §2.2). This must be said before cpp-httplib waits for a body without
/// end.
bool lacks_length(const httplib::Request& request) {
  const bool has_body = request.method != "GET" && request.method != "HEAD" && request.method != "DELETE";
  return has_body && !request.has_header("Content-Length") && !request.has_header("Transfer-Encoding");
}

std::string cookie(const std::string& header, const std::string& name) {
  std::size_t at = 0;
  while (at < header.size()) {
    const std::size_t end = std::min(header.find(';', at), header.size());
    std::size_t begin = at;
    while (begin < end && header[begin] == ' ') ++begin;
    const std::size_t equals = header.find('=', begin);
    if (equals < end && header.compare(begin, equals - begin, name) == 0)
      return header.substr(equals + 1, end - equals - 1);
    at = end + 1;
  }
  return {};
}

}  // namespace

std::string Request::parameter(const std::string& name) const { return http.get_param_value(name.c_str()); }

std::string Request::rest(std::size_t first) const {
  std::string joined;
  for (std::size_t i = first; i < path.size(); ++i) joined += (i > first ? "/" : "") + path[i];
  return joined;
}

void set_json(httplib::Response& response, int status, std::string body) {
  response.status = status;
  response.set_content(std::move(body), "application/json; charset=utf-8");
}

Credentials credentials_of(const httplib::Request& request) {
  constexpr std::string_view kBearer = "Bearer ";
  Credentials credentials;
  const std::string authorization = request.get_header_value("Authorization");
  if (authorization.starts_with(kBearer)) credentials.bearer = authorization.substr(kBearer.size());
  const std::string cookies = request.get_header_value("Cookie");
  credentials.session_cookie = cookie(cookies, "ASP.NET_SessionId");
  credentials.auth_cookie = cookie(cookies, ".ASPXAUTH");
  return credentials;
}

void set_session_cookie(httplib::Response& response, const std::string& id) {
  if (!id.empty()) response.set_header("Set-Cookie", "ASP.NET_SessionId=" + id + "; path=/; HttpOnly");
}

void mount(httplib::Server& server, Site& site) {
  server.set_pre_routing_handler([&site](const httplib::Request& request, httplib::Response& response) {
    if (!lacks_length(request)) return httplib::Server::HandlerResponse::Unhandled;
    response.status = 411;
    response.set_header("Connection", "close");
    site.counts.count("no_length", response.status);
    return httplib::Server::HandlerResponse::Handled;
  });
  const auto handler = [&site](const httplib::Request& request, httplib::Response& response) {
    serve(site, request, response);
  };
  server.Get(".*", handler);
  server.Post(".*", handler);
  server.Put(".*", handler);
  server.Delete(".*", handler);
}

}  // namespace acumatica_sim
