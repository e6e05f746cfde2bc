#include "cli/alerting.hpp"

#include <utility>

#include "alert/mail_channel.hpp"
#include "alert/webhook_channel.hpp"

namespace product_sync::cli {
namespace {

alert::Watch::Options watch_options(const config::Config& config) {
  const auto& from = config.alerts;
  alert::Watch::Options options;
  options.limits = {from.freshness, from.run_failed,       from.withdrawals_held, from.rejected,
                    from.silence,   from.schedule_skipped, from.grant_unused,     from.disk};
  options.repeat = from.repeat;
  options.remember = config.store.keep_history;
  options.directory = config.store.directory;
  return options;
}

std::vector<alert::WatchedSite> watched_sites(const config::Config& config, Installation& installation) {
  std::vector<alert::WatchedSite> sites;
  for (const auto& parts : installation.sites()) {
    const auto& site = parts->config();
    alert::WatchedSite watched{site.id, !site.notifications.secrets.empty(), {}, {}};
    for (const auto& schedule : site.schedules) watched.schedules.push_back(schedule.name);
    const auto* oauth = std::get_if<config::OAuthConfig>(&site.acumatica.authentication);
    if (oauth != nullptr && !oauth->password_grant) {
      watched.grant = config.store.directory / "tokens" / (site.id + ".json");
    }
    sites.push_back(std::move(watched));
  }
  return sites;
}

std::vector<std::unique_ptr<alert::Channel>> channels(const config::AlertsConfig& config, Clock& clock,
                                                      net::HttpClient& http) {
  std::vector<std::unique_ptr<alert::Channel>> channels;
  if (const auto& webhook = config.webhook) {
    const auto form =
        webhook->form == config::WebhookForm::slack ? alert::WebhookForm::slack : alert::WebhookForm::json;
    channels.push_back(std::make_unique<alert::WebhookChannel>(webhook->url, form, http));
  }
  if (const auto& mail = config.mail) {
    channels.push_back(std::make_unique<alert::MailChannel>(
        net::MailServer{mail->server, mail->allow_plain, mail->user, mail->password, mail->ca_file}, mail->from, mail->to,
        clock));
  }
  return channels;
}

}  // namespace

std::unique_ptr<alert::Watch> make_watch(const config::Config& config, Installation& installation,
                                         net::HttpClient& http) {
  return std::make_unique<alert::Watch>(watch_options(config), watched_sites(config, installation),
                                        channels(config.alerts, installation.clock(), http), installation.store(),
                                        installation.clock(), installation.log());
}

}  // namespace product_sync::cli
