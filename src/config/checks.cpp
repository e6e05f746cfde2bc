#include "config/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "config/scalars.hpp"

namespace product_sync::config {
namespace {

using Fault = std::optional<std::string>;

/// One rule about the options of a site. The fault is reported at the first path.
struct SiteRule {
  std::array<std::string_view, 3> paths;  ///< within the site; empty ones do not count
  Fault (*fault)(const SiteConfig&);
};

const OAuthConfig* oauth(const SiteConfig& site) { return std::get_if<OAuthConfig>(&site.acumatica.authentication); }
const SftpConfig* sftp(const SiteConfig& site) { return std::get_if<SftpConfig>(&site.destination.target); }
const FtpConfig* ftp(const SiteConfig& site) { return std::get_if<FtpConfig>(&site.destination.target); }

Fault plain_http(const SiteConfig& site) {
  const auto url = parse_url(site.acumatica.url);
  if (!url || url->tls || site.acumatica.allow_plain_http || is_loopback(url->host)) return std::nullopt;
  return "passwords and tokens would travel unencrypted; use https://, or set acumatica.allow_plain_http: true";
}

Fault password_grant(const SiteConfig& site) {
  const auto* sign_in = oauth(site);
  if (sign_in == nullptr || !sign_in->password_grant) return std::nullopt;
  if (!sign_in->user.empty() && !sign_in->password.empty()) return std::nullopt;
  return fmt::format("grant: password needs user and password; {} missing", !sign_in->user.empty()       ? "password is"
                                                                            : !sign_in->password.empty() ? "user is"
                                                                                                         : "both are");
}

Fault refresh_token_grant(const SiteConfig& site) {
  const auto* sign_in = oauth(site);
  if (sign_in == nullptr || sign_in->password_grant || !sign_in->refresh_token.empty()) return std::nullopt;
  return "grant: refresh_token needs refresh_token, which is missing";
}

Fault longest_wait(const SiteConfig& site) {
  if (site.notifications.longest_wait >= site.notifications.debounce) return std::nullopt;
  return fmt::format("must not be shorter than notifications.debounce: found {}, which is less than {}",
                     format_duration(site.notifications.longest_wait), format_duration(site.notifications.debounce));
}

Fault processing_method(const SiteConfig& site) {
  if (!site.feed.mode_prefix.empty() || site.feed.account_default_is_safe) return std::nullopt;
  return "set feed.mode_prefix, or confirm with feed.account_default_is_safe: true. Without a prefix Rithum uses the "
         "account's default processing method; if that is Detect Dropped Products, every product that a file does not "
         "name is set to quantity 0";
}

Fault sftp_login(const SiteConfig& site) {
  const auto* server = sftp(site);
  if (server == nullptr || server->password || !server->private_key.empty()) return std::nullopt;
  return "nothing to sign in with; give password, private_key or both";
}

Fault passphrase(const SiteConfig& site) {
  const auto* server = sftp(site);
  if (server == nullptr || server->passphrase.empty() || !server->private_key.empty()) return std::nullopt;
  return "a passphrase is given, but no private_key that it could belong to";
}

Fault plain_ftp(const SiteConfig& site) {
  const auto* server = ftp(site);
  if (server == nullptr || server->tls != FtpTls::none || server->allow_plain || is_loopback(server->host)) {
    return std::nullopt;
  }
  return "the password and all products would travel readable; use tls: explicit or sftp, or confirm with "
         "allow_plain: true";
}

Fault temporary_suffix(const SiteConfig& site) {
  if (site.feed.mode_prefix.empty() || !site.destination.upload_then_rename) return std::nullopt;
  if (site.destination.temporary_suffix != ".txt") return std::nullopt;
  return "Rithum reads .txt files, so that half a file could be taken; choose a suffix such as .part";
}

Fault revision_name(const SiteConfig& site) {
  const auto& bundles = site.mapping.bundles;
  if (!bundles || bundles->revision != catalog::RevisionRule::named || !bundles->revision_name.empty()) {
    return std::nullopt;
  }
  return "revision: named needs revision_name, which is missing";
}

Fault own_columns_without_template(const SiteConfig& site) {
  const bool has_own = std::ranges::any_of(site.mapping.values, [](const auto& value) { return value.own != nullptr; });
  if (!has_own || !site.feed.template_code.empty()) return std::nullopt;
  return "Rithum knows such headers by a template of the account alone; name it in feed.template_code";
}

Fault rithum_plain_http(const SiteConfig& site) {
  const auto url = parse_url(site.rithum.url);
  if (!url || url->tls || site.rithum.allow_plain_http || is_loopback(url->host)) return std::nullopt;
  return "tokens would travel unencrypted; use https://, or set rithum.allow_plain_http: true";
}

Fault rithum_credentials(const SiteConfig& site) {
  const auto& rithum = site.rithum;
  const std::pair<std::string_view, bool> parts[] = {{"profile_id", rithum.profile_id.empty()},
                                                     {"application_id", rithum.application_id.empty()},
                                                     {"shared_secret", rithum.shared_secret.empty()},
                                                     {"refresh_token", rithum.refresh_token.empty()}};
  std::vector<std::string_view> missing;
  for (const auto& [key, is_missing] : parts) {
    if (is_missing) missing.push_back(key);
  }
  if (missing.empty() || missing.size() == std::size(parts)) return std::nullopt;
  return fmt::format("to use Rithum's interface give all four of its credentials; missing: {}",
                     fmt::join(missing, ", "));
}

Fault upload_delimiter(const SiteConfig& site) {
  if (!site.rithum.is_used() || site.rithum.message_queue_threshold == 0 || site.feed.delimiter == '\t') {
    return std::nullopt;
  }
  return "Rithum's interface takes tabs, commas and no pipes; use delimiter: tab, or set "
         "rithum.message_queue_threshold: 0";
}

Fault confirmation_without_rithum(const SiteConfig& site) {
  if (site.rithum.is_used() || site.confirmation.product_id_to.empty()) return std::nullopt;
  return "product IDs come from Rithum's interface; give the credentials under rithum";
}

bool has_no_message(const ResponseFilesConfig& responses) {
  return responses.status_columns.empty() && responses.message_columns.empty();
}

Fault response_outcome(const SiteConfig& site) {
  if (!has_no_message(site.confirmation.response_files)) return std::nullopt;
  return "a response file tells nothing without status_columns and message_columns; name one of them";
}

/// In one directory, our own files would be taken for answers.
Fault response_names(const SiteConfig& site) {
  const auto& responses = site.confirmation.response_files;
  if (!responses.is_used() || responses.names != "*") return std::nullopt;
  const auto directory = std::visit(
      [](const auto& target) {
        if constexpr (requires { target.path; }) return target.path.string();
        else return target.directory;
      },
      site.destination.target);
  if (directory != responses.directory) return std::nullopt;
  return "feed files go into the same directory; give a pattern under response_files.names that fits the answers alone";
}

Fault blocked_without_column(const SiteConfig& site) {
  const auto& rules = site.mapping.withdrawal;
  if (!rules.steps.contains(catalog::WithdrawalStep::blocked) || !rules.blocked_column.empty()) return std::nullopt;
  return "Rithum does not document the column that blocks a product; name it in withdrawals.blocked_column";
}

/// Only what is told and can be compared can have drifted.
Fault drift_columns(const SiteConfig& site) {
  for (const auto& [name, policy] : site.reconciliation.columns) {
    const auto has_name = [&, &key = name](const catalog::ValueMapping& value) { return value.key() == key; };
    const auto value = std::ranges::find_if(site.mapping.values, has_name);
    if (value == site.mapping.values.end() && name != "Classification") {
      return fmt::format("the mapping tells Rithum of no column {}; an attribute is named attribute:NAME", name);
    }
    if (value != site.mapping.values.end() && value->column->type == catalog::ColumnType::html) {
      return fmt::format("{} holds HTML, which is not compared", name);
    }
  }
  return std::nullopt;
}

constexpr SiteRule kSiteRules[] = {
    {{"acumatica.url", "acumatica.allow_plain_http"}, plain_http},
    {{"acumatica.oauth", "acumatica.cookie"}, password_grant},
    {{"acumatica.oauth", "acumatica.cookie"}, refresh_token_grant},
    {{"notifications.longest_wait", "notifications.debounce"}, longest_wait},
    {{"feed", "feed.mode_prefix", "feed.account_default_is_safe"}, processing_method},
    {{"destination.sftp", "destination.ftp", "destination.directory"}, sftp_login},
    {{"destination.sftp.passphrase", "destination.sftp.private_key"}, passphrase},
    {{"destination.ftp", "destination.ftp.tls", "destination.ftp.allow_plain"}, plain_ftp},
    {{"destination.temporary_suffix"}, temporary_suffix},
    {{"mapping.bundles", "mapping.bundles.revision", "mapping.bundles.revision_name"}, revision_name},
    {{"mapping.own_columns", "feed.template_code"}, own_columns_without_template},
    {{"rithum.url", "rithum.allow_plain_http"}, rithum_plain_http},
    {{"rithum"}, rithum_credentials},
    {{"feed.delimiter", "rithum"}, upload_delimiter},
    {{"confirmation.product_id_to", "rithum"}, confirmation_without_rithum},
    {{"confirmation.response_files.status_columns", "confirmation.response_files"}, response_outcome},
    {{"confirmation.response_files.directory"}, response_names},
    {{"withdrawals.policy", "withdrawals.blocked_column"}, blocked_without_column},
    {{"reconciliation.columns", "mapping"}, drift_columns},
};

void check_server(const ServerConfig& server, Reading& reading) {
  static constexpr std::string_view kTls = "server.tls";
  static constexpr std::string_view kProxyProtocol = "server.proxy_protocol";
  const auto report = [&](std::string_view path, std::string message) {
    reading.problem(reading.position(std::string(path)), std::string(path), std::move(message));
  };
  if (server.tls.certificate.empty() != server.tls.private_key.empty() && reading.sound(std::string(kTls))) {
    report(kTls, "certificate and private_key belong together; one of them is missing");
  }
  for (const auto& user : server.users) {
    const auto path = join_path("server.users", user.name);
    if (user.password || user.token || !reading.sound(path)) continue;
    report(path, "nothing to sign in with; give password, token or both");
  }
  if (server.proxy_protocol && server.trusted_proxies.empty() && reading.sound("server.trusted_proxies")) {
    report(kProxyProtocol, "no proxy is trusted to send the header; name it in server.trusted_proxies");
  }
}

void check_site(const SiteConfig& site, Reading& reading) {
  const auto base = join_path("sites", site.id);
  const auto is_sound = [&](std::string_view path) { return path.empty() || reading.sound(join_path(base, path)); };
  std::vector<std::pair<std::string, std::string>> faults;
  for (const auto& rule : kSiteRules) {
    if (!std::ranges::all_of(rule.paths, is_sound)) continue;
    if (auto fault = rule.fault(site)) faults.emplace_back(join_path(base, rule.paths.front()), std::move(*fault));
  }
  if (is_sound("mapping")) {
    for (const auto& error : site.mapping.check())
      faults.emplace_back(join_path(base, "mapping"), in_one_sentence(error));
  }
  for (auto& [path, message] : faults) reading.problem(reading.position(path), path, std::move(message));
}

std::string without_slashes(std::string path) {
  while (path.ends_with('/')) path.pop_back();
  return path;
}

/// Equal for sites whose files could get into each other's way.
std::string place_of_files(const SiteConfig& site) {
  if (const auto* server = sftp(site)) {
    return fmt::format("sftp://{}@{}:{}/{}", server->user, to_lower_ascii(server->host), server->port,
                       without_slashes(server->directory));
  }
  if (const auto* server = ftp(site)) {
    return fmt::format("ftp://{}@{}:{}/{}", server->user, to_lower_ascii(server->host), server->port,
                       without_slashes(server->directory));
  }
  const auto& path = std::get<DirectoryConfig>(site.destination.target).path;
  return "file://" + without_slashes(path.lexically_normal().string());
}

void check_shared_places(const Config& config, Reading& reading) {
  std::map<std::string, const SiteConfig*> owners;
  for (const auto& site : config.sites) {
    const auto base = join_path("sites", site.id);
    if (!reading.sound(base + ".destination") || !reading.sound(base + ".feed.mode_prefix")) continue;
    const auto [owner, is_new] =
        owners.emplace(place_of_files(site) + "\n" + to_lower_ascii(site.feed.mode_prefix), &site);
    if (is_new) continue;
    const auto path = base + ".destination";
    reading.problem(reading.position(path), path,
                    fmt::format("site {} writes to the same directory with the same feed.mode_prefix; give each site a "
                                "directory or a prefix of its own",
                                owner->second->id));
  }
}

}  // namespace

void check_together(const Config& config, Reading& reading) {
  check_server(config.server, reading);
  check_shared_places(config, reading);
  for (const auto& site : config.sites) check_site(site, reading);
}

}  // namespace product_sync::config
