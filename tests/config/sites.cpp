#include "config/sites.hpp"

#include <map>
#include <stdexcept>

namespace product_sync::config {

std::string small_configuration() {
  return R"(store:
  directory: /var/lib/product-sync
sites:
  eu:
    acumatica:
      url: https://erp.example.com/ERP
      tenant: Company
      oauth:
        client_id: id@Company
        client_secret: ${CLIENT_SECRET}
        user: sync
        password: ${PASSWORD}
    mapping:
      classifications:
        ELECTRONIC: Electronics
      active_on_rithum: attribute:RITHUM
      columns:
        Brand: attribute:BRAND
    feed:
      mode_prefix: Add
    destination:
      directory:
        path: /srv/outgoing
)";
}

std::string replaced(std::string text, std::string_view part, std::string_view replacement) {
  const auto at = text.find(part);
  if (at == std::string::npos || text.find(part, at + 1) != std::string::npos) {
    throw std::invalid_argument("not exactly once in the configuration: " + std::string(part));
  }
  return text.replace(at, part.size(), replacement);
}

std::optional<std::string> test_environment(const std::string& name) {
  static const std::map<std::string, std::string> kVariables{{"CLIENT_SECRET", "s3cret-of-the-client"},
                                                             {"PASSWORD", "passw0rd-of-the-user"},
                                                             {"EMPTY", ""},
                                                             {"PORT", "9090"},
                                                             {"TENANT", "From Environment"},
                                                             {"TWO_LINES", "one\ntwo"},
                                                             {"LATIN1", "caf\xE9"}};
  const auto found = kVariables.find(name);
  return found == kVariables.end() ? std::nullopt : std::optional(found->second);
}

tl::expected<Config, std::vector<Problem>> read(std::string_view text) {
  return parse(text, "config.yaml", test_environment);
}

std::string problems_of(std::string_view text) {
  std::string lines;
  const auto result = read(text);
  if (result) return lines;
  for (const auto& problem : result.error()) lines += problem.text() + "\n";
  return lines;
}

}  // namespace product_sync::config
