#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

namespace product_sync {

/// The Acumatica simulator as a running program. Gone at the end of the scope.
class AcumaticaProcess {
 public:
  using Headers = std::multimap<std::string, std::string>;
  using Parameters = std::map<std::string, std::string>;

  struct Answer {
    int status = 0;  ///< 0 when the connection broke
    Headers headers;
    std::string body;

    [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(body); }
    /// The cookies it sets, as a Cookie header carries them.
    [[nodiscard]] std::string cookies() const;
  };

  /// Starts it and waits until it listens; throws when it does not. `options` are added to the command line.
  explicit AcumaticaProcess(const std::vector<std::string>& options = {});

  [[nodiscard]] std::string url(const std::string& path = {}) const { return url_ + path; }
  [[nodiscard]] ChildProcess& process() { return process_; }

  /// `target` is a path with its query.
  [[nodiscard]] Answer send(const std::string& method, const std::string& target, const std::string& body = {},
                            const Headers& headers = {}, const std::string& content_type = "application/json") const;

  /// Asks the token endpoint; the form's client_id, client_secret, username and password are filled in where they lack.
  [[nodiscard]] Answer token(Parameters form) const;
  [[nodiscard]] std::string access_token(const std::string& scope = "api offline_access") const;

  /// Requests to the endpoint Default/24.200.001 with an access token that is fetched once.
  [[nodiscard]] Answer list(const std::string& entity, const Parameters& parameters = {}) const;
  /// By key; the parts of a key joined by `/`.
  [[nodiscard]] Answer record(const std::string& entity, const std::string& key,
                              const Parameters& parameters = {}) const;
  [[nodiscard]] Answer put_record(const std::string& entity, const nlohmann::json& record,
                                  const Parameters& parameters = {}, Headers headers = {}) const;
  [[nodiscard]] Answer delete_record(const std::string& entity, const std::string& key) const;
  // Stock items.
  [[nodiscard]] Answer items(const Parameters& parameters = {}) const;
  [[nodiscard]] Answer item(const std::string& key, const Parameters& parameters = {}) const;
  [[nodiscard]] Answer put(const nlohmann::json& record, const Parameters& parameters = {}, Headers headers = {}) const;

  /// The control interface: GET without a body, else POST. Throws when it does not answer 200.
  nlohmann::json control(const std::string& path, const std::optional<nlohmann::json>& body = {}) const;

 private:
  [[nodiscard]] Headers authorization() const;

  TemporaryDirectory directory_;
  ChildProcess process_;
  std::string url_;
  mutable std::string token_;
};

/// A field of a record as the API writes it, {"value": ...}; null when it has none.
[[nodiscard]] nlohmann::json value_of(const nlohmann::json& record, const std::string& field);

/// `?a=b&c=d`, percent-encoded; empty without parameters.
[[nodiscard]] std::string query_string(const AcumaticaProcess::Parameters& parameters);
[[nodiscard]] std::string percent_encoded(const std::string& text);

}  // namespace product_sync
