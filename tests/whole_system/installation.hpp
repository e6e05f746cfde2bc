#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "simulators/acumatica_process.hpp"
#include "simulators/rithum_process.hpp"
#include "support/child_process.hpp"
#include "support/ftp_server.hpp"
#include "support/ssh_server.hpp"
#include "support/temporary_directory.hpp"

namespace product_sync {

using Json = nlohmann::json;

/// Calls `condition` until it holds; throws, naming `what`, when `limit` is over.
void await(const std::string& what, const std::function<bool()>& condition,
           std::chrono::seconds limit = std::chrono::seconds{60});

/// Output of `--json`, a value a line, as an array.
[[nodiscard]] Json json_lines(const std::string& output);

/// How files get to Rithum.
enum class Transfer { sftp, ftp, ftps };

/// The whole product as a merchant has it: simulated Acumatica and Rithum, a real SSH or FTP server between, and
/// product-sync as a process of its own that can be killed and started again.
class Installation {
 public:
  struct Options {
    int items = 200;
    Transfer transfer = Transfer::sftp;
    std::vector<std::string> acumatica = {};  ///< more arguments of the simulator
    std::string debounce = "300ms";
    bool rithum_interface = false;  ///< read back, fetch product IDs and write them to Acumatica
    bool response_files = false;    ///< fetch Rithum's answers to files
    std::string confirmation = {};  ///< more of the site's `confirmation`: lines that are indented by six blanks
    std::string more = {};          ///< more of the site: lines that are indented by four blanks
    std::vector<std::string> rithum = {};  ///< more arguments of the simulator
    int message_queue_threshold = 0;       ///< with the interface: 0 lets everything go by file
    std::vector<std::string> classifications = {"Electronics", "Toys"};  ///< of the account in Rithum
    std::string columns = {};  ///< more of the mapping's columns: lines that are indented by eight blanks
    /// More of the site, given Acumatica as it is: first of its `mapping`, lines that are indented by six blanks.
    std::function<std::string(const AcumaticaProcess&)> mapping = {};
  };
  explicit Installation(Options options);
  Installation(const Installation&) = delete;
  Installation& operator=(const Installation&) = delete;

  /// A directory of its own.
  [[nodiscard]] const std::filesystem::path& home() const { return home_.path(); }

  void serve();  ///< starts the service and waits until it is ready
  void kill_service();
  /// SIGTERM; returns the exit code.
  int stop_service();
  /// Runs `product-sync ARGUMENTS` to its end; returns the exit code.
  int run(const std::vector<std::string>& arguments);
  /// The same without waiting: for what must happen while it runs.
  [[nodiscard]] std::unique_ptr<ChildProcess> start(const std::vector<std::string>& arguments) const;
  /// What the last run() wrote to standard output, and to standard error.
  [[nodiscard]] const std::string& output() const { return output_; }
  [[nodiscard]] const std::string& error_output() const { return error_output_; }

  [[nodiscard]] const AcumaticaProcess& acumatica() const { return acumatica_; }
  [[nodiscard]] const RithumProcess& rithum() const { return rithum_; }
  [[nodiscard]] SshServer& ssh() { return ssh_.value(); }
  /// Where the program keeps its store.
  [[nodiscard]] std::filesystem::path state() const { return home_ / "state"; }
  /// The service's own API: GET, or POST with a body. Throws when the answer is not 2xx.
  [[nodiscard]] Json api(const std::string& path, const std::optional<Json>& body = {}) const;
  /// The answer to a GET as it is: status, content type and body.
  [[nodiscard]] RithumProcess::Answer get(const std::string& path) const;
  /// Changes items in Acumatica and waits until its notifications are out.
  Json change(const Json& what);

  /// A sync through the API, to its end; its record.
  Json sync(const std::string& type);
  /// Waits until nothing waits in the inbox or the outbox, and Rithum has taken every file.
  void settle();
  /// Waits until Rithum has taken so many files.
  void await_files(std::size_t count) const;

  /// All products of the ledger, as the service's API shows them, by SKU.
  [[nodiscard]] std::map<std::string, Json> ledger() const;
  /// Rithum's products by SKU.
  [[nodiscard]] std::map<std::string, Json> products() const;
  /// Acumatica's items that are to be exported by the configuration of this installation, by inventory ID: read from
  /// the simulator's API as a merchant's own tool would, judged here.
  [[nodiscard]] std::map<std::string, Json> exported_items() const;

 private:
  [[nodiscard]] std::filesystem::path config() const { return home_ / "config.yaml"; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] static std::vector<std::string> rithum_options(const Options& options);
  [[nodiscard]] std::vector<std::string> acumatica_options(const Options& options) const;
  [[nodiscard]] std::string confirmation_config(const Options& options) const;
  [[nodiscard]] std::string interface_config(const Options& options) const;
  [[nodiscard]] std::string destination_config();
  void write_config(const Options& options);

  TemporaryDirectory home_{"whole-system"};
  std::uint16_t port_;
  std::optional<SshServer> ssh_;  // the one or the other
  std::optional<FtpServer> ftp_;
  bool tls_ = false;
  RithumProcess rithum_;
  AcumaticaProcess acumatica_;
  std::optional<ChildProcess> service_;
  std::string output_;
  std::string error_output_;
};

}  // namespace product_sync
