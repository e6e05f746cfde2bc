#include "simulators/acumatica_process.hpp"

#include <httplib.h>

#include <stdexcept>

namespace product_sync {
namespace {

const std::string kEndpoint = "/entity/Default/24.200.001/";
constexpr const char* kForm = "application/x-www-form-urlencoded";

std::vector<std::string> command(const std::vector<std::string>& options) {
  std::vector<std::string> words{ACUMATICA_SIMULATOR};
  words.insert(words.end(), options.begin(), options.end());
  return words;
}

}  // namespace

std::string percent_encoded(const std::string& text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || c == '-' || c == '.' || c == '_' || c == '~') {
      encoded += c;
    } else {
      encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return encoded;
}

std::string query_string(const AcumaticaProcess::Parameters& parameters) {
  std::string query;
  for (const auto& [name, value] : parameters) {
    query += (query.empty() ? '?' : '&') + percent_encoded(name) + '=' + percent_encoded(value);
  }
  return query;
}

std::string AcumaticaProcess::Answer::cookies() const {
  std::string all;
  const auto [first, last] = headers.equal_range("Set-Cookie");
  for (auto each = first; each != last; ++each) {
    all += (all.empty() ? "" : "; ") + each->second.substr(0, each->second.find(';'));
  }
  return all;
}

AcumaticaProcess::AcumaticaProcess(const std::vector<std::string>& options)
    : directory_("acumatica"), process_(command(options), directory_.path()) {
  const std::string line = process_.wait_for_line("listening on http://");
  url_ = line.substr(line.find("http://"));
}

AcumaticaProcess::Answer AcumaticaProcess::send(const std::string& method, const std::string& target,
                                                const std::string& body, const Headers& headers,
                                                const std::string& content_type) const {
  httplib::Client client(url_);
  client.set_read_timeout(60);
  httplib::Request request;
  request.method = method;
  request.path = target;
  request.body = body;
  request.headers.insert(headers.begin(), headers.end());
  if (!body.empty()) request.set_header("Content-Type", content_type);
  const auto result = client.send(request);
  if (!result) return {};
  return {result->status, {result->headers.begin(), result->headers.end()}, result->body};
}

AcumaticaProcess::Answer AcumaticaProcess::token(Parameters form) const {
  for (const auto& [name, value] : Parameters{{"client_id", "product-sync@MyTenant"},
                                              {"client_secret", "client-secret"},
                                              {"username", "admin"},
                                              {"password", "secret"}}) {
    form.emplace(name, value);
  }
  return send("POST", "/identity/connect/token", query_string(form).substr(1), {}, kForm);
}

std::string AcumaticaProcess::access_token(const std::string& scope) const {
  return token({{"grant_type", "password"}, {"scope", scope}}).json().at("access_token");
}

AcumaticaProcess::Headers AcumaticaProcess::authorization() const {
  if (token_.empty()) token_ = access_token();
  return {{"Authorization", "Bearer " + token_}};
}

AcumaticaProcess::Answer AcumaticaProcess::list(const std::string& entity, const Parameters& parameters) const {
  return send("GET", kEndpoint + entity + query_string(parameters), {}, authorization());
}

AcumaticaProcess::Answer AcumaticaProcess::record(const std::string& entity, const std::string& key,
                                                  const Parameters& parameters) const {
  return send("GET", kEndpoint + entity + "/" + percent_encoded(key) + query_string(parameters), {}, authorization());
}

AcumaticaProcess::Answer AcumaticaProcess::put_record(const std::string& entity, const nlohmann::json& record,
                                                      const Parameters& parameters, Headers headers) const {
  headers.merge(authorization());
  return send("PUT", kEndpoint + entity + query_string(parameters), record.dump(), headers);
}

AcumaticaProcess::Answer AcumaticaProcess::delete_record(const std::string& entity, const std::string& key) const {
  return send("DELETE", kEndpoint + entity + "/" + percent_encoded(key), {}, authorization());
}

AcumaticaProcess::Answer AcumaticaProcess::items(const Parameters& parameters) const {
  return list("StockItem", parameters);
}

AcumaticaProcess::Answer AcumaticaProcess::item(const std::string& key, const Parameters& parameters) const {
  return record("StockItem", key, parameters);
}

AcumaticaProcess::Answer AcumaticaProcess::put(const nlohmann::json& record, const Parameters& parameters,
                                               Headers headers) const {
  return put_record("StockItem", record, parameters, std::move(headers));
}

nlohmann::json AcumaticaProcess::control(const std::string& path, const std::optional<nlohmann::json>& body) const {
  const Answer answer = send(body ? "POST" : "GET", "/control/" + path, body ? body->dump() : "");
  if (answer.status != 200) throw std::runtime_error("/control/" + path + ": " + answer.body);
  return answer.json();
}

nlohmann::json value_of(const nlohmann::json& record, const std::string& field) {
  return record.value(field, nlohmann::json::object()).value("value", nlohmann::json());
}

}  // namespace product_sync
