#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/temporary_directory.hpp"

namespace product_sync {

/// The Rithum simulator as a running program, with an inbox and an archive of its own. Gone at the end of the scope.
class RithumProcess {
 public:
  struct Answer {
    int status = 0;  ///< 0 when the connection broke
    std::string content_type;
    std::string body;

    [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(body); }
  };
  using Headers = std::map<std::string, std::string>;

  /// Starts it and waits until it listens; throws when it does not. `options` are added to the command line.
  explicit RithumProcess(const std::vector<std::string>& options = {});
  ~RithumProcess();
  RithumProcess(const RithumProcess&) = delete;
  RithumProcess& operator=(const RithumProcess&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::filesystem::path inbox() const { return directory_ / "inbox"; }
  [[nodiscard]] std::filesystem::path transform_inbox() const { return directory_ / "transform"; }
  /// Where it answers what came into the inbox.
  [[nodiscard]] std::filesystem::path responses() const { return directory_ / "responses"; }
  [[nodiscard]] std::filesystem::path archive() const { return directory_ / "archive"; }

  /// `target` is a path with its query, or a whole URL of this simulator.
  [[nodiscard]] Answer get(const std::string& target, const Headers& headers = {}) const;
  [[nodiscard]] Answer post(const std::string& target, const std::string& body, const std::string& content_type,
                            const Headers& headers = {}) const;
  /// A GET of the REST interface with a fresh access token.
  [[nodiscard]] Answer rest(const std::string& target) const;
  /// Any request to the REST interface with a fresh access token.
  [[nodiscard]] Answer call(const std::string& method, const std::string& target, const std::string& body = {},
                            const std::string& content_type = "application/json") const;
  [[nodiscard]] std::string access_token() const;

  [[nodiscard]] nlohmann::json control(const std::string& path) const { return get("/control/" + path).json(); }
  void behave(const nlohmann::json& behaviour) const;
  /// POST /control/<path>; throws when it is refused.
  void tell(const std::string& path, const nlohmann::json& body) const;

  /// Puts a whole file into the inbox under a temporary name, renames it and waits until it was processed.
  /// Returns its record.
  nlohmann::json deliver(const std::string& name, const std::string& content) const;
  /// The record of a file once it was processed; throws when that takes longer than 20 s.
  [[nodiscard]] nlohmann::json wait_for_file(const std::string& name) const;

  /// Asks it to end with a signal and returns its exit code, -1 when a signal killed it.
  int stop(int signal);

 private:
  TemporaryDirectory directory_;
  pid_t process_ = 0;
  int port_ = 0;
};

/// Asks `holds` until it says yes; false when `limit` passes before.
bool wait_until(const std::function<bool()>& holds, std::chrono::seconds limit = std::chrono::seconds(20));

}  // namespace product_sync
