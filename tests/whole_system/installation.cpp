#include "installation.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace product_sync {
namespace {

constexpr std::chrono::milliseconds kLook{20};  // between two looks at a condition of another process
constexpr const char* kSecret = "whole-system-secret";

std::string text_of(const Json& item, const char* field) {
  if (!item.contains(field) || !item[field].is_object() || !item[field].contains("value")) return {};
  const auto& value = item[field]["value"];
  if (value.is_null()) return {};
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string without_padding(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

/// The conditions of this installation's configuration hold, and the item is neither a kit nor a variation.
bool is_exported(const Json& item) {
  static const std::set<std::string> kClasses{"ELEC", "TOYS", "GADGET"};
  static const std::set<std::string> kStatuses{"Active", "No Purchases", "No Request"};
  const auto box = item.value("/custom/ItemSettings/UsrActiveOnRithum/value"_json_pointer, Json());
  return kClasses.contains(without_padding(text_of(item, "ItemClass"))) && box == true &&
         kStatuses.contains(text_of(item, "ItemStatus")) && text_of(item, "IsAKit") != "true" &&
         text_of(item, "TemplateItemID").empty();
}

}  // namespace

Json json_lines(const std::string& output) {
  Json lines = Json::array();
  std::istringstream stream(output);
  for (std::string line; std::getline(stream, line);) lines.push_back(Json::parse(line));
  return lines;
}

void await(const std::string& what, const std::function<bool()>& condition, std::chrono::seconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error(fmt::format("{} did not happen within {} s", what, limit.count()));
    }
    std::this_thread::sleep_for(kLook);
  }
}

Installation::Installation(Options options)
    : port_(free_port()),
      rithum_(rithum_options(options)),
      acumatica_(acumatica_options(options)) {
  using Protocol = FtpServerOptions::Protocol;
  tls_ = options.transfer == Transfer::ftps;
  if (options.transfer == Transfer::sftp) {
    ssh_.emplace();
  } else {
    ftp_.emplace(FtpServerOptions{.protocol = tls_ ? Protocol::ftp_with_tls : Protocol::ftp});
  }
  write_config(options);
}

std::vector<std::string> Installation::rithum_options(const Options& options) {
  std::vector<std::string> arguments{"--prefix", "CAAll=AddUpdate"};
  for (const auto& name : options.classifications) {
    arguments.emplace_back("--classification");
    arguments.push_back(name);
  }
  arguments.insert(arguments.end(), options.rithum.begin(), options.rithum.end());
  return arguments;
}

std::vector<std::string> Installation::acumatica_options(const Options& options) const {
  std::vector<std::string> arguments{"--items",          std::to_string(options.items),
                                     "--webhook",        url() + "/v1/sites/eu/notifications",
                                     "--webhook-header", "X-Product-Sync-Secret",
                                     "--webhook-secret", kSecret,
                                     "--push-retry-ms",  "3000"};
  arguments.insert(arguments.end(), options.acumatica.begin(), options.acumatica.end());
  return arguments;
}

std::string Installation::interface_config(const Options& options) const {
  return fmt::format(R"(    rithum:
      url: {}
      profile_id: "12345678"
      application_id: application
      shared_secret: "secret"
      refresh_token: "refresh"
      message_queue_threshold: {}
)",
                     rithum_.url(), options.message_queue_threshold);
}

std::string Installation::confirmation_config(const Options& options) const {
  auto config = options.confirmation;
  if (options.rithum_interface) {
    config += "      first_look: 0s\n      product_id_to: custom:ItemSettings.UsrRithumProductID\n";
  }
  if (options.response_files) {
    config += fmt::format("      response_files:\n        directory: {}\n        names: \"*_response*.txt\"\n",
                          rithum_.responses().string());
  }
  return config.empty() ? config : "    confirmation:\n      interval: 1s\n" + config;
}

std::string Installation::destination_config() {
  if (ssh_) {
    return fmt::format(R"(      sftp:
        host: 127.0.0.1
        port: {}
        user: {}
        private_key: {}
        host_keys: ["{}"]
        directory: {}
)",
                       ssh_->port(), ssh_->user(), ssh_->accepted_key().string(), ssh_->fingerprint(),
                       rithum_.inbox().string());
  }
  return fmt::format(R"(      ftp:
        host: 127.0.0.1
        port: {}
        user: {}
        password: {}
        tls: {}
        ca_file: {}
        directory: {}
)",
                     ftp_->port(), Json(ftp_->user()).dump(), Json(FtpServer::password()).dump(),
                     tls_ ? "explicit" : "none", ftp_->certificate().string(), rithum_.inbox().string());
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
      key_columns: [InventoryID, KitInventoryID]
      debounce: {debounce}
      longest_wait: 5s
    mapping:
      classifications:
        ELEC: Electronics
        TOYS: Toys
        GADGET: Gadgets
      active_on_rithum: custom:ItemSettings.UsrActiveOnRithum
      columns:
        Auction Title: field:Description
        Buy It Now Price: field:DefaultPrice
        Description: field:Content
        UPC: cross_reference:Barcode
{columns}      attributes:
        Brand Name: attribute:BRAND.label
{mapping}    feed:
      mode_prefix: CAAll
    destination:
{destination}{interface}{confirmation}{more})",
                         fmt::arg("port", port_), fmt::arg("home", home_.path().string()),
                         fmt::arg("acumatica", acumatica_.url()), fmt::arg("secret", kSecret),
                         fmt::arg("debounce", options.debounce), fmt::arg("destination", destination_config()),
                         fmt::arg("columns", options.columns), fmt::arg("more", options.more),
                         fmt::arg("mapping", options.mapping ? options.mapping(acumatica_) : ""),
                         fmt::arg("confirmation", confirmation_config(options)),
                         fmt::arg("interface", options.rithum_interface ? interface_config(options) : "")));
}

void Installation::serve() {
  service_.emplace(std::vector<std::string>{PRODUCT_SYNC, "--config", config(), "serve"}, home_.path());
  await("the start of product-sync", [&] {
    const auto reply = httplib::Client(url()).Get("/readyz");
    return reply && reply->status == 200;
  });
}

void Installation::kill_service() {
  service_->kill();
  service_->wait();
}

int Installation::stop_service() {
  service_->terminate();
  return service_->wait(std::chrono::seconds{60});
}

std::unique_ptr<ChildProcess> Installation::start(const std::vector<std::string>& arguments) const {
  std::vector<std::string> command{PRODUCT_SYNC, "--config", config()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return std::make_unique<ChildProcess>(command, home_.path());
}

int Installation::run(const std::vector<std::string>& arguments) {
  const auto process = start(arguments);
  const int code = process->wait(std::chrono::seconds{120});
  output_ = process->output();
  error_output_ = process->error_output();
  return code;
}

Json Installation::api(const std::string& path, const std::optional<Json>& body) const {
  httplib::Client client(url());
  client.set_read_timeout(std::chrono::seconds{60});
  const auto reply = body ? client.Post(path, body->dump(), "application/json") : client.Get(path);
  if (!reply) throw std::runtime_error(path + ": no reply");
  if (reply->status / 100 != 2) throw std::runtime_error(fmt::format("{}: {} {}", path, reply->status, reply->body));
  return Json::parse(reply->body);
}

RithumProcess::Answer Installation::get(const std::string& path) const {
  const auto reply = httplib::Client(url()).Get(path);
  if (!reply) throw std::runtime_error(path + ": no reply");
  return {reply->status, reply->get_header_value("Content-Type"), reply->body};
}

Json Installation::change(const Json& what) {
  auto changed = acumatica_.control("change", what);
  if (acumatica_.control("wait-pushes", Json{{"timeout_ms", 60'000}})["idle"] != true) {
    throw std::runtime_error("Acumatica's notifications were not delivered within a minute");
  }
  return changed;
}

Json Installation::sync(const std::string& type) {
  const auto id = api("/v1/sites/eu/syncs", Json{{"type", type}})["id"].get<std::string>();
  Json run;
  await("the end of the " + type + " sync", [&] {
    run = api("/v1/syncs/" + id);
    return !run["finished"].is_null();
  });
  return run;
}

void Installation::settle() {
  await("the end of all work", [&] {
    if (api("/v1/overview")["sites"][0]["notifications"]["pending"] != 0) return false;
    const auto files = api("/v1/sites/eu/files?limit=1000")["files"];
    for (const auto& file : files) {
      if (file["state"] != "delivered") return false;
    }
    const auto stats = rithum_.control("stats");
    return stats["files"] == files.size() && stats["idle"] == true;
  });
}

void Installation::await_files(std::size_t count) const {
  await("Rithum's taking of the files", [&] {
    const auto stats = rithum_.control("stats");
    return stats["files"] == count && stats["idle"] == true;
  });
}

std::map<std::string, Json> Installation::ledger() const {
  std::map<std::string, Json> products;
  std::string after;
  while (true) {
    const auto page = api("/v1/sites/eu/products?limit=1000&after=" + percent_encoded(after));
    for (const auto& product : page["products"]) products[product["sku"].get<std::string>()] = product;
    if (page["next"].is_null()) return products;
    after = page["next"].get<std::string>();
  }
}

std::map<std::string, Json> Installation::products() const {
  std::map<std::string, Json> products;
  std::int64_t after = 0;
  while (true) {
    const auto page = rithum_.control(fmt::format("products?limit=1000&after={}", after));
    for (const auto& product : page["products"]) products[product["sku"].get<std::string>()] = product;
    if (page["next"].is_null()) return products;
    after = page["next"].get<std::int64_t>();
  }
}

std::map<std::string, Json> Installation::exported_items() const {
  std::map<std::string, Json> exported;
  for (const auto& item : acumatica_.items({{"$custom", "ItemSettings.UsrActiveOnRithum"}}).json()) {
    if (is_exported(item)) exported[without_padding(text_of(item, "InventoryID"))] = item;
  }
  return exported;
}

}  // namespace product_sync
