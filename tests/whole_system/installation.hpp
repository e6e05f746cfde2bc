#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/ssh_server.hpp"
#include "support/temporary_directory.hpp"

namespace product_sync {

using Json = nlohmann::json;

/// Calls `condition` until it holds; throws, naming `what`, when `limit` is over.
void await(const std::string& what, const std::function<bool()>& condition,
           std::chrono::seconds limit = std::chrono::seconds{60});

/// Another program, known by its address. Answers other than 2xx throw, but for `status()`.
class HttpPeer {
 public:
  explicit HttpPeer(std::string address) : address_(std::move(address)) {}
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] Json get(const std::string& path) const;
  Json post(const std::string& path, const Json& body) const;

 private:
  std::string address_;
};

/// The whole product as a merchant has it: simulated Acumatica and Rithum, a real SSH server between, and product-sync
/// as a process of its own that can be killed and started again.
class Installation {
 public:
  struct Options {
    int items = 200;
    std::vector<std::string> acumatica;  ///< more arguments of the simulator
    std::string debounce = "300ms";
  };
  explicit Installation(Options options);
  ~Installation();
  Installation(const Installation&) = delete;
  Installation& operator=(const Installation&) = delete;

  void serve();  ///< starts the service and waits until it is ready
  void kill_service();
  /// SIGTERM; returns the exit code.
  int stop_service();
  /// Runs `product-sync ARGUMENTS` to its end; returns the exit code. Its output is in output().
  int run(const std::vector<std::string>& arguments);
  [[nodiscard]] std::string output() const;

  [[nodiscard]] const HttpPeer& acumatica() const { return *acumatica_; }
  [[nodiscard]] const HttpPeer& rithum() const { return *rithum_; }
  [[nodiscard]] const HttpPeer& service() const { return *service_; }

  /// A sync through the API, to its end; its record.
  Json sync(const std::string& type);
  /// Waits until nothing waits in the inbox or the outbox, and Rithum has taken every file.
  void settle();

  /// Rithum's products by SKU.
  [[nodiscard]] std::map<std::string, Json> products() const;
  /// Acumatica's items that are to be exported by the configuration of this installation, by inventory ID: read from
  /// the simulator's API as a merchant's own tool would, judged here.
  [[nodiscard]] std::map<std::string, Json> exported_items() const;

 private:
  [[nodiscard]] std::filesystem::path config() const { return home_ / "config.yaml"; }
  void start_simulators(const Options& options);
  void write_config(const Options& options);
  [[nodiscard]] std::string access_token() const;

  TemporaryDirectory home_{"whole-system"};
  SshServer ssh_;
  std::vector<pid_t> simulators_;
  pid_t service_process_ = -1;
  std::uint16_t service_port_ = 0;
  std::unique_ptr<HttpPeer> acumatica_;
  std::unique_ptr<HttpPeer> rithum_;
  std::unique_ptr<HttpPeer> service_;
};

}  // namespace product_sync
