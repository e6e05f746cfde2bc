#include "installation.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <signal.h>
#include <sys/wait.h>

#include <set>
#include <stdexcept>
#include <thread>

#include "support/child_process.hpp"

namespace product_sync {
namespace {

constexpr std::chrono::milliseconds kLook{20};  // between two looks at a condition of another process
constexpr const char* kSecret = "whole-system-secret";

/// The `http://…` address in a program's first line.
std::string address_in(const std::filesystem::path& log) {
  std::string address;
  await("the start of " + log.filename().string(), [&] {
    const auto text = read_file(log);
    const auto begin = text.find("http://");
    const auto end = text.find('\n', begin);
    if (begin == std::string::npos || end == std::string::npos) return false;
    address = text.substr(begin, end - begin);
    return true;
  });
  return address;
}

int wait_for_exit(pid_t process) {
  int status = 0;
  ::waitpid(process, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Json parse_reply(const std::string& address, const std::string& path, const httplib::Result& reply) {
  if (!reply) throw std::runtime_error(address + path + ": no reply");
  if (reply->status / 100 != 2) {
    throw std::runtime_error(fmt::format("{}{}: {} {}", address, path, reply->status, reply->body));
  }
  return reply->body.empty() ? Json() : Json::parse(reply->body);
}

httplib::Client client_of(const std::string& address) {
  httplib::Client client(address);
  client.set_read_timeout(std::chrono::seconds{60});
  return client;
}

std::string text_of(const Json& item, const char* field) {
  if (!item.contains(field) || !item[field].is_object() || !item[field].contains("value")) return {};
  const auto& value = item[field]["value"];
  if (value.is_null()) return {};
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

void await(const std::string& what, const std::function<bool()>& condition, std::chrono::seconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error(fmt::format("{} did not happen within {} s", what, limit.count()));
    }
    std::this_thread::sleep_for(kLook);
  }
}

Json HttpPeer::get(const std::string& path) const { return parse_reply(address_, path, client_of(address_).Get(path)); }

Json HttpPeer::post(const std::string& path, const Json& body) const {
  return parse_reply(address_, path, client_of(address_).Post(path, body.dump(), "application/json"));
}

Installation::Installation(Options options) : service_port_(free_port()) {
  service_ = std::make_unique<HttpPeer>(fmt::format("http://127.0.0.1:{}", service_port_));
  start_simulators(options);
  write_config(options);
}

Installation::~Installation() {
  kill_service();
  for (const pid_t process : simulators_) kill_tree(process);
}

void Installation::start_simulators(const Options& options) {
  std::vector<std::string> acumatica{ACUMATICA_SIMULATOR,
                                     "--port",
                                     "0",
                                     "--items",
                                     std::to_string(options.items),
                                     "--webhook",
                                     service_->address() + "/v1/sites/eu/notifications",
                                     "--webhook-header",
                                     "X-Product-Sync-Secret",
                                     "--webhook-secret",
                                     kSecret,
                                     "--push-retry-ms",
                                     "500"};
  acumatica.insert(acumatica.end(), options.acumatica.begin(), options.acumatica.end());
  simulators_.push_back(start_program(acumatica, home_ / "acumatica.log"));
  simulators_.push_back(
      start_program({RITHUM_SIMULATOR, "--port", "0", "--inbox", ssh_.files(), "--pickup-ms", "50", "--prefix",
                     "CAAll=AddUpdate", "--classification", "Electronics", "--classification", "Toys"},
                    home_ / "rithum.log"));
  acumatica_ = std::make_unique<HttpPeer>(address_in(home_ / "acumatica.log"));
  rithum_ = std::make_unique<HttpPeer>(address_in(home_ / "rithum.log"));
}

void Installation::write_config(const Options& options) {
  write_file(config(),
             fmt::format(R"(server:
  listen: 127.0.0.1:{port}
store:
  directory: {home}/state
sites:
  eu:
    acumatica:
      url: {acumatica}
      tenant: MyTenant
      oauth:
        client_id: product-sync@MyTenant
        client_secret: "client-secret"
        grant: password
        user: admin
        password: "secret"
      licence:
        requests_per_minute: 60000
        share_percent: 100
    notifications:
      secrets: ["{secret}"]
      debounce: {debounce}
      longest_wait: 5s
    mapping:
      classifications:
        ELEC: Electronics
        TOYS: Toys
      active_on_rithum: custom:ItemSettings.UsrActiveOnRithum
      columns:
        Auction Title: field:Description
        Buy It Now Price: field:DefaultPrice
        Description: field:Content
        UPC: cross_reference:Barcode
      attributes:
        Brand Name: attribute:BRAND.label
    feed:
      mode_prefix: CAAll
    destination:
      sftp:
        host: 127.0.0.1
        port: {ssh_port}
        user: {user}
        private_key: {key}
        host_keys: ["{fingerprint}"]
        directory: {files}
)",
                         fmt::arg("port", service_port_), fmt::arg("home", home_.path().string()),
                         fmt::arg("acumatica", acumatica_->address()), fmt::arg("secret", kSecret),
                         fmt::arg("debounce", options.debounce), fmt::arg("ssh_port", ssh_.port()),
                         fmt::arg("user", ssh_.user()), fmt::arg("key", ssh_.accepted_key().string()),
                         fmt::arg("fingerprint", ssh_.fingerprint()), fmt::arg("files", ssh_.files().string())));
}

void Installation::serve() {
  service_process_ = start_program({PRODUCT_SYNC, "--config", config(), "serve"}, home_ / "service.log");
  await("the start of product-sync", [&] {
    const auto reply = client_of(service_->address()).Get("/readyz");
    return reply && reply->status == 200;
  });
}

void Installation::kill_service() {
  if (service_process_ < 0) return;
  ::kill(service_process_, SIGKILL);
  wait_for_exit(service_process_);
  service_process_ = -1;
}

int Installation::stop_service() {
  ::kill(service_process_, SIGTERM);
  const int code = wait_for_exit(service_process_);
  service_process_ = -1;
  return code;
}

int Installation::run(const std::vector<std::string>& arguments) {
  std::filesystem::remove(home_ / "output.log");
  std::vector<std::string> command{PRODUCT_SYNC, "--config", config()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return wait_for_exit(start_program(command, home_ / "output.log"));
}

std::string Installation::output() const { return read_file(home_ / "output.log"); }

Json Installation::sync(const std::string& type) {
  const auto id = service_->post("/v1/sites/eu/syncs", {{"type", type}})["id"].get<std::string>();
  Json run;
  await("the end of the " + type + " sync", [&] {
    run = service_->get("/v1/syncs/" + id);
    return !run["finished"].is_null();
  });
  return run;
}

void Installation::settle() {
  await("the end of all work", [&] {
    if (service_->get("/v1/overview")["sites"][0]["notifications"]["pending"] != 0) return false;
    const auto files = service_->get("/v1/sites/eu/files?limit=1000")["files"];
    for (const auto& file : files) {
      if (file["state"] != "delivered") return false;
    }
    const auto rithum = rithum_->get("/control/stats");
    return rithum["files"] == files.size() && rithum["idle"] == true;
  });
}

std::map<std::string, Json> Installation::products() const {
  std::map<std::string, Json> products;
  std::int64_t after = 0;
  while (true) {
    const auto page = rithum_->get(fmt::format("/control/products?limit=1000&after={}", after));
    for (const auto& product : page["products"]) products[product["sku"].get<std::string>()] = product;
    if (page["next"].is_null()) return products;
    after = page["next"].get<std::int64_t>();
  }
}

std::string Installation::access_token() const {
  const auto reply = client_of(acumatica_->address())
                         .Post("/identity/connect/token", httplib::Params{{"grant_type", "password"},
                                                                          {"client_id", "product-sync@MyTenant"},
                                                                          {"client_secret", "client-secret"},
                                                                          {"username", "admin"},
                                                                          {"password", "secret"},
                                                                          {"scope", "api"}});
  return parse_reply(acumatica_->address(), "/identity/connect/token", reply)["access_token"].get<std::string>();
}

std::map<std::string, Json> Installation::exported_items() const {
  static const std::set<std::string> kClasses{"ELEC", "TOYS"};
  const auto reply = client_of(acumatica_->address())
                         .Get("/entity/Default/24.200.001/StockItem?$custom=ItemSettings.UsrActiveOnRithum",
                              {{"Authorization", "Bearer " + access_token()}});
  std::map<std::string, Json> exported;
  for (const auto& item : parse_reply(acumatica_->address(), "/StockItem", reply)) {
    const auto box = item.value("/custom/ItemSettings/UsrActiveOnRithum/value"_json_pointer, Json());
    auto item_class = text_of(item, "ItemClass");
    item_class.erase(item_class.find_last_not_of(' ') + 1);
    if (!kClasses.contains(item_class) || box != true) continue;
    if (text_of(item, "IsAKit") == "true" || !text_of(item, "TemplateItemID").empty()) continue;
    auto id = text_of(item, "InventoryID");
    id.erase(id.find_last_not_of(' ') + 1);
    exported[id] = item;
  }
  return exported;
}

}  // namespace product_sync
