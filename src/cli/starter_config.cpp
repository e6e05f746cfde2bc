#include "cli/starter_config.hpp"

#include <fmt/format.h>

#include <optional>

#include "base/bytes.hpp"
#include "config/config.hpp"

namespace product_sync::cli {
namespace {

/// In quotes, with what would be taken for a variable escaped.
std::string yaml_text(std::string text) {
  for (auto at = text.find("${"); at != std::string::npos; at = text.find("${", at + 3)) text.insert(at, "$");
  return json_quote(text);
}

struct Server {
  std::string user;
  std::string host;
  std::string port;
  std::string directory;
};

/// `user@host:port/directory`; users of Rithum's FTP have an @ in them.
Server parse_server(std::string_view text) {
  Server server;
  const auto at = text.rfind('@');
  if (at != std::string_view::npos) server.user = text.substr(0, at);
  auto place = at == std::string_view::npos ? text : text.substr(at + 1);
  const auto slash = place.find('/');
  if (slash != std::string_view::npos) server.directory = place.substr(slash);
  place = place.substr(0, slash);
  const auto colon = place.rfind(':');
  if (colon != std::string_view::npos) server.port = place.substr(colon + 1);
  server.host = place.substr(0, colon);
  return server;
}

std::string server_keys(const Server& server) {
  auto keys = fmt::format("        host: {}\n", yaml_text(server.host));
  if (!server.port.empty()) keys += fmt::format("        port: {}\n", server.port);
  keys += fmt::format("        user: {}\n", yaml_text(server.user));
  keys += "        password: ${RITHUM_TRANSFER_PASSWORD}\n";
  return keys + fmt::format("        directory: {}\n", yaml_text(server.directory));
}

std::string destination_keys(std::string_view destination) {
  constexpr std::string_view kSftp = "sftp://";
  constexpr std::string_view kFtps = "ftps://";
  if (destination.starts_with(kSftp)) {
    auto keys = "      sftp:\n" + server_keys(parse_server(destination.substr(kSftp.size())));
    return keys + "        host_keys: []           # \"product-sync check\" shows the server's fingerprint: put it here\n";
  }
  if (destination.starts_with(kFtps)) return "      ftp:\n" + server_keys(parse_server(destination.substr(kFtps.size())));
  return fmt::format("      directory:\n        path: {}\n", yaml_text(std::string(destination)));
}

std::string written(const StarterAnswers& answers) {
  std::string text = R"(# Product Sync. Every key: docs/configuration.md; an example with all of them: config.yaml.example.
# Secrets come from the environment; a file can hold one too (file:/run/secrets/name).
# Next: fill in what is marked "yours", then "product-sync check".

server:
  listen: 127.0.0.1:8080        # where Acumatica's notifications arrive; 0.0.0.0:8443 with tls from elsewhere

store:
  directory: data               # on a local disk that survives restarts

)";
  text += fmt::format("sites:\n  {}:\n    acumatica:\n      url: {}\n      tenant: {}\n", answers.site,
                      yaml_text(answers.acumatica_url), yaml_text(answers.tenant));
  text += R"(      oauth:                    # a connected application (form SM303010)
        client_id: ${ACUMATICA_CLIENT_ID}
        client_secret: ${ACUMATICA_CLIENT_SECRET}
        user: product-sync      # yours
        password: ${ACUMATICA_PASSWORD}
    notifications:
      secrets: ["${PUSH_SECRET}"]  # the Header Value of the push destination (form SM302000)

    mapping:                    # docs/mapping.md
      classifications:          # yours: each item class to export, and its classification in Rithum
        ITEMCLASS: Classification
      active_on_rithum: custom:ItemSettings.UsrActiveOnRithum  # yours: the box that has to be ticked
      columns:
        Auction Title: field:Description
        Description: {from: "field:Content", clearable: true}
        Buy It Now Price: field:DefaultPrice

    feed:
      mode_prefix: ProductSync  # yours: names the processing method in Rithum's import settings
    destination:
)";
  text += destination_keys(answers.destination);
  text += fmt::format("\n    time_zone: {}\n    schedules:                  # docs/schedules.md; \"product-sync schedules on NAME\" "
                      "does without the file\n",
                      answers.time_zone);
  const auto schedule = [&](std::string_view name, std::string_view cron, std::string_view remark) {
    text += fmt::format("      {}: {{active: {}, cron: \"{}\", jitter: 10m}}  # {}\n", name, answers.schedules, cron, remark);
  };
  schedule("full", "0 2 * * *", "finds what notifications missed");
  schedule("delta", "0 6-22 * * *", "for when notifications fail");
  schedule("clean_up", "0 4 * * *", "removes what is kept longer than it has to be");
  return text;
}

}  // namespace

Result<std::string> starter_config(const StarterAnswers& answers) {
  auto text = written(answers);
  const auto any_value = [](const std::string&) { return std::optional<std::string>("a value of the environment"); };
  const auto config = config::parse(text, "config.yaml", any_value);
  if (config) return text;
  std::string problems;
  for (const auto& problem : config.error()) {
    problems += fmt::format("{}{}: {}", problems.empty() ? "" : "\n", problem.path, problem.message);
  }
  return fail("init.bad_answer", std::move(problems), "Answer again; nothing was written.");
}

}  // namespace product_sync::cli
