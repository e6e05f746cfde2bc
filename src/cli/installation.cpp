#include "cli/installation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <system_error>
#include <utility>

#include "acumatica/token_store.hpp"
#include "cli/version.hpp"
#include "transfer/directory_destination.hpp"
#include "transfer/ftp_destination.hpp"
#include "transfer/observed_destination.hpp"
#include "transfer/sftp_destination.hpp"

namespace product_sync::cli {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

acumatica::Credentials credentials(const config::AcumaticaConfig& config) {
  return std::visit(
      Overloaded{
          [](const config::OAuthConfig& oauth) -> acumatica::Credentials {
            if (oauth.password_grant) {
              return acumatica::PasswordGrant{oauth.client_id, oauth.client_secret, oauth.user, oauth.password};
            }
            return acumatica::RefreshTokenGrant{oauth.client_id, oauth.client_secret, oauth.refresh_token};
          },
          [](const config::CookieConfig& cookie) -> acumatica::Credentials {
            return acumatica::CookieLogin{cookie.user, cookie.password, cookie.branch, {}};
          }},
      config.authentication);
}

acumatica::RestItemSourceOptions source_options(const config::AcumaticaConfig& config) {
  acumatica::RestItemSourceOptions options;
  options.base_url = config.url;
  options.tenant = config.tenant;
  options.credentials = credentials(config);
  options.endpoint_version = config.endpoint_version;
  options.licence_requests_per_minute = config.requests_per_minute;
  options.licence_share = config.licence_share / 100.0;
  options.concurrent_requests = config.concurrency;
  options.page_size = config.page_size;
  options.zone_offset = config.utc_offset;
  options.total_timeout = config.read_timeout;
  return options;
}

transfer::FtpSecurity security_of(config::FtpTls tls) {
  switch (tls) {
    case config::FtpTls::none:
      return transfer::FtpSecurity::plain;
    case config::FtpTls::explicit_tls:
      return transfer::FtpSecurity::explicit_tls;
    case config::FtpTls::implicit_tls:
      return transfer::FtpSecurity::implicit_tls;
  }
  return transfer::FtpSecurity::explicit_tls;
}

std::unique_ptr<transfer::Destination> make_destination(const config::DestinationConfig& config, Clock& clock, Logger& log) {
  return std::visit(
      Overloaded{[&](const config::SftpConfig& sftp) {
                   return transfer::make_sftp({.host = sftp.host,
                                               .port = sftp.port,
                                               .user = sftp.user,
                                               .password = sftp.password.value_or(Secret{}),
                                               .private_key = sftp.private_key,
                                               .passphrase = sftp.passphrase,
                                               .host_key_fingerprints = sftp.host_keys,
                                               .known_hosts = sftp.known_hosts,
                                               .directory = sftp.directory,
                                               .connect_timeout = sftp.connect_timeout,
                                               .operation_timeout = sftp.operation_timeout,
                                               .buffer_bytes = sftp.buffer_bytes},
                                              clock, log);
                 },
                 [&](const config::FtpConfig& ftp) {
                   return transfer::make_ftp({.host = ftp.host,
                                              .port = ftp.port,
                                              .user = ftp.user,
                                              .password = ftp.password,
                                              .security = security_of(ftp.tls),
                                              .ca_file = ftp.ca_file,
                                              .passive = ftp.passive,
                                              .extended = ftp.extended,
                                              .directory = ftp.directory,
                                              .connect_timeout = ftp.connect_timeout,
                                              .operation_timeout = ftp.operation_timeout},
                                             clock, log);
                 },
                 [](const config::DirectoryConfig& directory) { return transfer::make_directory({directory.path}); }},
      config.target);
}

/// The destination's server, in another directory; null where no response files are looked for.
std::unique_ptr<transfer::Destination> make_response_place(const config::SiteConfig& site, Clock& clock, Logger& log,
                                                           ExchangeObserver observer) {
  const auto& responses = site.confirmation.response_files;
  if (!responses.is_used()) return nullptr;
  auto place = site.destination;
  std::visit(Overloaded{[&](config::DirectoryConfig& target) { target.path = responses.directory; },
                        [&](auto& server) { server.directory = responses.directory; }},
             place.target);
  return transfer::observed(make_destination(place, clock, log), clock, std::move(observer));
}

std::unique_ptr<sync::ResponseFiles> make_response_files(const config::SiteConfig& site,
                                                         const std::filesystem::path& spool,
                                                         transfer::Destination* place, store::Store& store, Clock& clock,
                                                         Logger& log) {
  if (place == nullptr) return nullptr;
  const auto& from = site.confirmation.response_files;
  const rithum::ResponseFormat format{.sku_columns = from.sku_columns,
                                      .status_columns = from.status_columns,
                                      .message_columns = from.message_columns,
                                      .success_words = from.success_words,
                                      .error_words = from.error_words};
  return std::make_unique<sync::ResponseFiles>(
      sync::ResponseFiles::Options{site.id, spool, from.names, from.longest, format}, *place, store, clock, log);
}

std::unique_ptr<sync::Confirmation> make_confirmation(const config::SiteConfig& site, RithumParts* rithum,
                                                      sync::ResponseFiles* responses, store::Store& store, Clock& clock,
                                                      Logger& log) {
  if (rithum == nullptr && responses == nullptr) return nullptr;
  const auto& from = site.confirmation;
  return std::make_unique<sync::Confirmation>(
      sync::Confirmation::Options{site.id, from.interval, from.refresh, from.overdue_after},
      rithum != nullptr ? std::optional(rithum->proof()) : std::nullopt, responses, store, clock, log);
}

transfer::DeliveryOptions delivery_options(const config::DestinationConfig& config) {
  return {.upload_then_rename = config.upload_then_rename,
          .temporary_suffix = config.temporary_suffix,
          .attempts = config.attempts,
          .backoff = {},
          .replace_remainder = true};  // feed names are unique per run: what is there is our own earlier try
}

/// The site's part of the configuration, to be kept with what was made under it.
std::string configuration_of(const config::SiteConfig& site, const config::Config& config) {
  auto alone = config;
  alone.sites = {site};
  return config::to_redacted_yaml(alone);
}

sync::FeedPlan make_feed_plan(const config::SiteConfig& site, const std::filesystem::path& spool,
                              std::string configuration) {
  const auto& feed = site.feed;
  return {site.id,
          site.mapping,
          {.delimiter = feed.delimiter,
           .byte_order_mark = feed.byte_order_mark,
           .line_ending = feed.crlf ? rithum::LineEnding::crlf : rithum::LineEnding::lf,
           .clear_marker = feed.clear_marker,
           .quantity_for_new = feed.quantity_for_new},
          {.mode_prefix = feed.mode_prefix,
           .account_default_is_safe = feed.account_default_is_safe,
           .template_code = feed.template_code},
          spool,
          {.rows = feed.rows_per_file, .bytes = feed.bytes_per_file},
          site.guard,
          std::move(configuration)};
}

/// A source of what all of the mappings read.
std::unique_ptr<acumatica::RestItemSource> make_source(const config::AcumaticaConfig& config,
                                                       std::initializer_list<const catalog::Mapping*> mappings,
                                                       net::HttpClient& http, acumatica::TokenStore& tokens,
                                                       Clock& clock, Logger& log) {
  auto options = source_options(config);
  catalog::Needs needs;
  for (const auto* mapping : mappings) {
    needs.add(mapping->needs());
    options.parts.non_stock_items |= mapping->non_stock_items;
    options.parts.template_items |= mapping->variations.has_value();
    options.parts.kit_specifications |= mapping->bundles.has_value();
  }
  auto session = acumatica::RestItemSource::make_session(options, http, tokens, clock, log);
  return std::make_unique<acumatica::RestItemSource>(options, std::move(needs), http, std::move(session), clock, log);
}

std::unique_ptr<RithumParts> make_rithum(const config::SiteConfig& site, const std::filesystem::path& spool,
                                         acumatica::Instance& acumatica, store::Store& store, Clock& clock,
                                         Logger& log, ExchangeObserver recorded) {
  if (!site.rithum.is_used()) return nullptr;
  return std::make_unique<RithumParts>(site, spool, acumatica, store, clock, log, std::move(recorded));
}

sync::RepairPolicy repair_policy(const config::ReconciliationConfig& config) {
  const auto is_ours = [](config::DriftPolicy policy) { return policy == config::DriftPolicy::ours_wins; };
  sync::RepairPolicy policy{is_ours(config.values), {}, is_ours(config.missing)};
  for (const auto& [column, word] : config.columns) policy.columns.emplace(column, is_ours(word));
  return policy;
}

std::unique_ptr<sync::Reconciliation> make_reconciliation(const config::SiteConfig& site, sync::FeedPlan plan,
                                                          RithumParts* rithum, sync::Delivery& delivery,
                                                          store::Store& store, Clock& clock, Logger& log,
                                                          sync::EventBus& events) {
  if (rithum == nullptr) return nullptr;
  const auto& config = site.reconciliation;
  sync::Reconciliation::Options options{site.id, site.confirmation.overdue_after, site.confirmation.filtered_reads_up_to,
                                        repair_policy(config), config.most};
  return std::make_unique<sync::Reconciliation>(std::move(options), std::move(plan), rithum->reader(),
                                                rithum->exporter(), delivery, store, clock, log, &events);
}

/// Made if missing; readable for nobody else.
Result<void> make_private_directory(const std::filesystem::path& directory) {
  std::error_code failure;
  std::filesystem::create_directories(directory, failure);
  if (!failure) {
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, failure);
  }
  if (!failure) return {};
  return fail("store.directory", fmt::format("{} cannot be made: {}.", directory.string(), failure.message()),
              "See store.directory; it must be writable for the user Product Sync runs as.");
}

}  // namespace

SiteParts::SiteParts(const config::SiteConfig& site, const config::Config& config, store::Store& store, Clock& clock,
                     Logger& log, sync::EventBus& events, sync::ExchangeRecorder& recorder)
    : config_(site),
      clock_(clock),
      log_(log),
      recorded_(recorded_site(site)),
      spool_(config.store.directory / "feeds" / site.id),
      http_(std::make_unique<net::CurlHttpClient>(
          net::CurlOptions{.user_agent = fmt::format("product-sync/{}", kVersion), .ca_file = site.acumatica.ca_file},
          clock, recorder.observer(recorded_, store::Peer::acumatica))),
      tokens_(
          std::make_unique<acumatica::FileTokenStore>(config.store.directory / "tokens" / (site.id + ".json"), clock)),
      source_(make_source(site.acumatica, {&site.mapping}, *http_, *tokens_, clock, log)),
      rithum_(make_rithum(site, spool_, source_->instance(), store, clock, log,
                          recorder.observer(recorded_, store::Peer::rithum))),
      destination_(transfer::observed(make_destination(site.destination, clock, log), clock,
                                      recorder.observer(recorded_, store::Peer::destination))),
      response_place_(make_response_place(site, clock, log, recorder.observer(recorded_, store::Peer::destination))),
      response_files_(make_response_files(site, spool_, response_place_.get(), store, clock, log)),
      confirmation_(make_confirmation(site, rithum_.get(), response_files_.get(), store, clock, log)),
      delivery_(site.id, *destination_, delivery_options(site.destination),
                rithum_ ? std::optional(rithum_->delivery()) : std::nullopt, store, clock, log, &events),
      pipeline_(make_feed_plan(site, spool_, configuration_of(site, config)), *source_, store, clock, log),
      sync_(site.id, site.sync.overlap, pipeline_, delivery_, store, clock, log, &events),
      reconciliation_(make_reconciliation(site, feed_plan(site), rithum_.get(), delivery_, store, clock, log, events)) {}

Result<void> SiteParts::wait_for_proof(std::stop_token stop) {
  const auto longest = config_.confirmation.job_waits;
  if (!confirmation_ || longest.count() == 0) return {};
  return confirmation_->wait_for_proof(longest, std::move(stop));
}

std::unique_ptr<acumatica::ItemSource> SiteParts::source_with(const catalog::Mapping& other) {
  return make_source(config_.acumatica, {&config_.mapping, &other}, *http_, *tokens_, clock_, log_);
}

sync::FeedPlan SiteParts::feed_plan(const config::SiteConfig& other) const { return make_feed_plan(other, spool_, {}); }

std::vector<sync::SiteSchedule> SiteParts::schedules() const {
  std::vector<sync::SiteSchedule> schedules;
  for (const auto& one : config_.schedules) schedules.push_back({config_.id, one.name, one.task, one.active, one.timing});
  return schedules;
}

sync::Housekeeping::Options housekeeping_options(const config::Config& config) {
  const auto& kept = config.store;
  return {kept.keep_notifications, kept.keep_history, kept.history_per_product, config.request_log.keep};
}

Result<std::unique_ptr<Installation>> Installation::open(const config::Config& config,
                                                         const std::vector<std::string>& sites) {
  auto installation = std::unique_ptr<Installation>(new Installation(config.log));
  auto& clock = installation->clock_;
  auto& log = installation->log_;
  auto opened = store::open_sqlite({.directory = config.store.directory,
                                    .disk_floor = config.store.disk_floor,
                                    .request_log_bytes = config.request_log.most_bytes,
                                    .remember_files = config.store.keep_history},
                                   clock, log);
  if (!opened) return tl::unexpected(std::move(opened.error()));
  installation->store_ = std::move(*opened);
  installation->recorder_ = std::make_unique<sync::ExchangeRecorder>(
      recorder_options(config.request_log), installation->store_->request_log(), clock, log);
  if (auto made = make_private_directory(config.store.directory / "tokens"); !made) {
    return tl::unexpected(std::move(made.error()));
  }
  for (const auto& site : config.sites) {
    if (!sites.empty() && std::find(sites.begin(), sites.end(), site.id) == sites.end()) continue;
    if (auto made = make_private_directory(config.store.directory / "feeds" / site.id); !made) {
      return tl::unexpected(std::move(made.error()));
    }
    installation->sites_.push_back(
        std::make_unique<SiteParts>(site, config, *installation->store_, clock, log, installation->events_,
                                    *installation->recorder_));
  }
  return installation;
}

void Installation::record_notification(std::string_view site, const Exchange& exchange) {
  const auto found = std::ranges::find(sites_, site, [](const auto& parts) -> const std::string& { return parts->config().id; });
  if (found == sites_.end()) return;
  recorder_->record((*found)->recorded(), store::Peer::acumatica, store::Direction::incoming, exchange);
}

sync::Housekeeping make_housekeeping(const config::Config& config, Installation& installation) {
  std::vector<sync::Housekeeping::Site> places;
  for (const auto& site : installation.sites()) {
    places.push_back({site->config().id, site->spool(), site->config().feed.keep_files});
  }
  return {housekeeping_options(config), std::move(places), installation.store(), installation.clock()};
}

}  // namespace product_sync::cli
