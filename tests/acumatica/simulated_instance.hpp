#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "net/curl_http_client.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

namespace product_sync::acumatica {

/// The Acumatica simulator as a program of its own, for as long as this lives.
class SimulatedInstance {
 public:
  /// Starts it and waits until it listens. `options` are added to the command line.
  explicit SimulatedInstance(std::vector<std::string> options);

  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] int pid() const { return process_.pid(); }

  /// POSTs to its control interface, which is no part of Acumatica.
  nlohmann::json control(const std::string& path, const nlohmann::json& body = nlohmann::json::object());
  void behave(const nlohmann::json& behaviour) { control("behaviour", behaviour); }
  [[nodiscard]] nlohmann::json stats();

  /// Every record there is, as one list gives it, by a sign-in of our own.
  [[nodiscard]] nlohmann::json all_records(const std::string& query = "$select=InventoryID");

 private:
  nlohmann::json exchange(const std::string& method, const std::string& path, const std::string& body,
                          const net::Headers& headers, net::Headers* answered = nullptr);

  TemporaryDirectory directory_{"acumatica"};
  ChildProcess process_;
  std::string url_;
  SystemClock clock_;
  net::CurlHttpClient client_{{}, clock_};
};

}  // namespace product_sync::acumatica
