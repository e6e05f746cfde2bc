#include "simulated_instance.hpp"

#include <stdexcept>
#include <utility>

namespace product_sync::acumatica {
namespace {

std::vector<std::string> command(std::vector<std::string> options) {
  options.insert(options.begin(), ACUMATICA_SIMULATOR);
  return options;
}

}  // namespace

SimulatedInstance::SimulatedInstance(std::vector<std::string> options)
    : process_(command(std::move(options)), directory_.path()) {
  const std::string line = process_.wait_for_line("listening on ");
  url_ = line.substr(line.find("http://"));
}

nlohmann::json SimulatedInstance::control(const std::string& path, const nlohmann::json& body) {
  return exchange("POST", "/control/" + path, body.dump(), {{"Content-Type", "application/json"}});
}

nlohmann::json SimulatedInstance::stats() { return exchange("GET", "/control/stats", {}, {}); }

nlohmann::json SimulatedInstance::all_records(const std::string& query) {
  net::Headers answered;
  exchange("POST", "/entity/auth/login", R"({"name":"admin","password":"secret","tenant":"MyTenant"})",
           {{"Content-Type", "application/json"}}, &answered);
  std::string cookies;
  for (const auto& header : answered) {
    if (header.name == "Set-Cookie") cookies += header.value.substr(0, header.value.find(';')) + "; ";
  }
  const net::Headers session{{"Cookie", cookies}};
  auto records = exchange("GET", "/entity/Default/24.200.001/StockItem?" + query, {}, session);
  exchange("POST", "/entity/auth/logout", {}, session);
  return records;
}

nlohmann::json SimulatedInstance::exchange(const std::string& method, const std::string& path, const std::string& body,
                                           const net::Headers& headers, net::Headers* answered) {
  net::HttpRequest request;
  request.method = method;
  request.url = url_ + path;
  request.body = body;
  request.headers = headers;
  request.longest_response = 1ULL << 30U;
  auto response = client_.send(request, {});
  if (!response) throw std::runtime_error(response.error().message);
  if (response->status >= 400)
    throw std::runtime_error(path + ": " + std::to_string(response->status) + response->body);
  if (answered != nullptr) *answered = response->headers;
  return response->body.empty() ? nlohmann::json() : nlohmann::json::parse(response->body);
}

}  // namespace product_sync::acumatica
