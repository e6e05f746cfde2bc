#include "served_listener.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace product_sync::hostile {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kLook{20};  // between two looks at the start of another process

std::string lines(const std::vector<std::string>& texts, std::string_view indent) {
  std::string joined;
  for (const auto& text : texts) joined += fmt::format("{}{}\n", indent, text);
  return joined;
}

}  // namespace

void Certificate::make(unsigned serial) const {
  const int code = run_program({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                                "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-set_serial", std::to_string(serial),
                                "-keyout", key.string(), "-out", certificate.string()});
  if (code != 0) throw std::runtime_error("openssl cannot make a certificate");
}

ServedListener::ServedListener(const Options& options) : port_(free_port()), tls_(options.tls) {
  raise_descriptor_limit();
  if (tls_) certificate().make(1);
  fs::create_directories(home_ / "feeds");
  const auto config = home_ / "config.yaml";
  write_file(config, configuration(options, "state"));
  again_ = configuration(options, "second-state");

  std::vector<std::string> command;
  if (options.descriptors) command = {"prlimit", fmt::format("--nofile={0}:{0}", *options.descriptors)};
  for (const auto& word : {std::string(PRODUCT_SYNC), std::string("--config"), config.string(), std::string("serve")})
    command.push_back(word);
  process_.emplace(command, home_.path());
  while (!port_is_open(port_)) {
    if (!process_->running()) throw std::runtime_error("product-sync did not start: " + log());
    std::this_thread::sleep_for(kLook);
  }
}

std::string ServedListener::configuration(const Options& options, std::string_view store) const {
  auto server = options.server;
  if (tls_) {
    server.push_back(fmt::format("tls: {{certificate: {}, private_key: {}}}", certificate().certificate.string(),
                                 certificate().key.string()));
  }
  return fmt::format(R"(server:
  listen: 127.0.0.1:{port}
{server}store: {{directory: {home}/{store}, disk_floor: 16MiB}}
log: {{level: info}}
sites:
  eu:
    acumatica:
      url: http://127.0.0.1:1
      tenant: MyTenant
      oauth: {{client_id: product-sync@MyTenant, client_secret: "client-secret", grant: password, user: admin, password: "secret"}}
    notifications:
      secrets: ["listener-secret"]
      debounce: 10m
      longest_wait: 1h
{notifications}    mapping:
      classifications: {{ELEC: Electronics}}
      active_on_rithum: custom:ItemSettings.UsrActiveOnRithum
      columns: {{Auction Title: field:Description}}
    feed: {{mode_prefix: CAAll}}
    destination: {{directory: {{path: {home}/feeds}}}}
)",
                     fmt::arg("port", port_), fmt::arg("server", lines(server, "  ")),
                     fmt::arg("home", home_.path().string()), fmt::arg("store", store),
                     fmt::arg("notifications", lines(options.notifications, "      ")));
}

HostileClient ServedListener::connect(unsigned from) const {
  return HostileClient(port_, {.from = from == 0 ? "127.0.0.1" : loopback_address(from),
                               .tls = tls_ ? std::optional(TlsOptions{}) : std::nullopt});
}

int ServedListener::serve_again_on_the_same_port() {
  const auto config = home_ / "second.yaml";
  write_file(config, again_);
  ChildProcess second({PRODUCT_SYNC, "--config", config, "serve"}, home_.path());
  return second.wait(std::chrono::seconds{60});
}

Json ServedListener::overview() const {
  auto client = connect();
  client.send("GET /v1/overview HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto reply = client.reply();
  if (!reply || reply->status != 200) throw std::runtime_error("no overview");
  return Json::parse(reply->body);
}

std::uint64_t ServedListener::stored() const {
  return overview()["sites"][0]["notifications"]["stored"].get<std::uint64_t>();
}

std::uint64_t ServedListener::quarantined() const {
  return overview()["sites"][0]["notifications"]["quarantined"].get<std::uint64_t>();
}

bool ServedListener::answers_a_new_notification() const {
  auto client = connect();
  return client.ask(notification_request()) == 200;
}

std::size_t ServedListener::ids_in_the_inbox(const std::set<std::string>& ids) const {
  sqlite3* opened = nullptr;
  const auto file = (home_.path() / "state" / "inbox.db").string();
  const int code = ::sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, decltype(&::sqlite3_close)> database(opened, &::sqlite3_close);
  sqlite3_stmt* prepared = nullptr;
  if (code != SQLITE_OK ||
      ::sqlite3_prepare_v2(opened, "SELECT id FROM notification", -1, &prepared, nullptr) != SQLITE_OK)
    throw std::runtime_error("cannot read " + file);
  const std::unique_ptr<sqlite3_stmt, decltype(&::sqlite3_finalize)> query(prepared, &::sqlite3_finalize);
  std::size_t found = 0;
  while (::sqlite3_step(query.get()) == SQLITE_ROW)
    found += ids.count(reinterpret_cast<const char*>(::sqlite3_column_text(query.get(), 0)));
  return found;
}

double ServedListener::status_mib(std::string_view field) const {
  std::ifstream in(fmt::format("/proc/{}/status", process_->pid()));
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(field)) continue;
    std::istringstream value(line.substr(field.size() + 1));
    double kibibytes = 0;
    value >> kibibytes;
    return kibibytes / 1024;
  }
  throw std::runtime_error("the process has no " + std::string(field));
}

double ServedListener::memory_mib() const { return status_mib("VmRSS"); }

double ServedListener::peak_memory_mib() const { return status_mib("VmHWM"); }

std::size_t ServedListener::descriptors() const {
  const fs::directory_iterator open(fmt::format("/proc/{}/fd", process_->pid()));
  return static_cast<std::size_t>(std::distance(fs::begin(open), fs::end(open)));
}

std::string new_id() {
  static std::atomic<std::uint64_t> last = 0;
  return fmt::format("00000000-0000-4000-8000-{:012x}", ++last);
}

std::string notification_body(std::string_view id) {
  return fmt::format(
      R"({{"Inserted":[{{"InventoryID":"AACOMPUT01"}}],"Deleted":[],"Query":"Items","CompanyId":"MyTenant","Id":"{}","TimeStamp":636295833829493672,"AdditionalInfo":{{}}}})",
      id);
}

std::string intake_head(std::string_view more) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\n{}{}\r\n", kNotificationsTarget, kSecretHeader, more);
}

std::string notification_request() {
  const auto body = notification_body(new_id());
  return intake_head(fmt::format("Content-Length: {}\r\n", body.size())) + body;
}

std::string chunk(std::string_view text) { return fmt::format("{:x}\r\n{}\r\n", text.size(), text); }

void raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace product_sync::hostile
