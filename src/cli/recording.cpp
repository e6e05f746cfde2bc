#include "cli/recording.hpp"

#include <utility>

namespace product_sync::cli {
namespace {

void add_sign_in(const config::AcumaticaConfig& acumatica, std::vector<Secret>& secrets) {
  if (const auto* oauth = std::get_if<config::OAuthConfig>(&acumatica.authentication)) {
    secrets.insert(secrets.end(), {oauth->client_secret, oauth->password, oauth->refresh_token});
  } else if (const auto* cookie = std::get_if<config::CookieConfig>(&acumatica.authentication)) {
    secrets.push_back(cookie->password);
  }
}

void add_login(const config::DestinationConfig& destination, std::vector<Secret>& secrets) {
  if (const auto* sftp = std::get_if<config::SftpConfig>(&destination.target)) {
    secrets.insert(secrets.end(), {sftp->password.value_or(Secret{}), sftp->passphrase});
  } else if (const auto* ftp = std::get_if<config::FtpConfig>(&destination.target)) {
    secrets.push_back(ftp->password);
  }
}

}  // namespace

sync::ExchangeRecorder::Options recorder_options(const config::RequestLogConfig& config) {
  return {.body_bytes = config.body_bytes};
}

sync::RecordedSite recorded_site(const config::SiteConfig& site) {
  sync::RecordedSite recorded{site.id, site.request_log, site.notifications.secrets};
  add_sign_in(site.acumatica, recorded.secrets);
  add_login(site.destination, recorded.secrets);
  recorded.secrets.insert(recorded.secrets.end(), {site.rithum.shared_secret, site.rithum.refresh_token});
  std::erase_if(recorded.secrets, [](const Secret& secret) { return secret.empty(); });
  return recorded;
}

}  // namespace product_sync::cli
