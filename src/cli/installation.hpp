#pragma once

#include <memory>
#include <stop_token>
#include <string_view>
#include <vector>

#include "acumatica/rest_item_source.hpp"
#include "acumatica/token_store.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "cli/recording.hpp"
#include "cli/rithum_parts.hpp"
#include "config/config.hpp"
#include "net/curl_http_client.hpp"
#include "store/store.hpp"
#include "sync/confirmation.hpp"
#include "sync/delivery.hpp"
#include "sync/event_bus.hpp"
#include "sync/exchange_recorder.hpp"
#include "sync/housekeeping.hpp"
#include "sync/pipeline.hpp"
#include "sync/reconciliation.hpp"
#include "sync/response_files.hpp"
#include "sync/site_schedule.hpp"
#include "sync/site_sync.hpp"
#include "transfer/destination.hpp"

namespace product_sync::cli {

/// Everything that one site needs to sync, wired from its configuration.
class SiteParts {
 public:
  SiteParts(const config::SiteConfig& site, const config::Config& config, store::Store& store, Clock& clock,
            Logger& log, sync::EventBus& events, sync::ExchangeRecorder& recorder);
  SiteParts(const SiteParts&) = delete;
  SiteParts& operator=(const SiteParts&) = delete;

  [[nodiscard]] const config::SiteConfig& config() const { return config_; }
  [[nodiscard]] const sync::RecordedSite& recorded() const { return recorded_; }
  [[nodiscard]] const std::filesystem::path& spool() const { return spool_; }
  [[nodiscard]] acumatica::ItemSource& source() { return *source_; }
  /// Reads what another mapping needs too.
  [[nodiscard]] std::unique_ptr<acumatica::ItemSource> source_with(const catalog::Mapping& other);
  /// How this site's feeds would be written under another configuration of it.
  [[nodiscard]] sync::FeedPlan feed_plan(const config::SiteConfig& other) const;
  [[nodiscard]] transfer::Destination& destination() { return *destination_; }
  /// Null without Rithum's interface.
  [[nodiscard]] RithumParts* rithum() { return rithum_.get(); }
  /// Where Rithum puts its response files; null where none are looked for.
  [[nodiscard]] transfer::Destination* response_place() { return response_place_.get(); }
  /// Null without Rithum's interface and response files.
  [[nodiscard]] sync::Confirmation* confirmation() { return confirmation_.get(); }
  [[nodiscard]] sync::Delivery& delivery() { return delivery_; }
  [[nodiscard]] sync::SiteSync& sync() { return sync_; }
  /// Null without Rithum's interface.
  [[nodiscard]] sync::Reconciliation* reconciliation() { return reconciliation_.get(); }
  [[nodiscard]] std::vector<sync::SiteSchedule> schedules() const;

  /// The end of a job that sent something: waits for its outcome, as long as the configuration says. What was sent is in
  /// order as far as is known; the wait only lets the job's end tell more.
  Result<void> wait_for_proof(std::stop_token stop);

 private:
  const config::SiteConfig& config_;
  Clock& clock_;
  Logger& log_;
  sync::RecordedSite recorded_;
  std::filesystem::path spool_;
  std::unique_ptr<net::HttpClient> http_;
  std::unique_ptr<acumatica::TokenStore> tokens_;
  std::unique_ptr<acumatica::RestItemSource> source_;
  std::unique_ptr<RithumParts> rithum_;
  std::unique_ptr<transfer::Destination> destination_;
  std::unique_ptr<transfer::Destination> response_place_;
  std::unique_ptr<sync::ResponseFiles> response_files_;
  std::unique_ptr<sync::Confirmation> confirmation_;
  sync::Delivery delivery_;
  sync::Pipeline pipeline_;
  sync::SiteSync sync_;
  std::unique_ptr<sync::Reconciliation> reconciliation_;
};

/// How long what the store and the spools hold is kept.
[[nodiscard]] sync::Housekeeping::Options housekeeping_options(const config::Config& config);

/// The program's parts, wired top down from a configuration. Made once by a command; outlives everything it hands out.
class Installation {
 public:
  /// Opens the store and prepares the chosen sites (all, when `sites` is empty). Connects to nothing yet.
  [[nodiscard]] static Result<std::unique_ptr<Installation>> open(const config::Config& config,
                                                                  const std::vector<std::string>& sites);

  [[nodiscard]] Clock& clock() { return clock_; }
  [[nodiscard]] Logger& log() { return log_; }
  [[nodiscard]] store::Store& store() { return *store_; }
  /// Tells of what the sites' parts do.
  [[nodiscard]] sync::EventBus& events() { return events_; }
  [[nodiscard]] sync::ExchangeRecorder& recorder() { return *recorder_; }
  /// Of one of the sites.
  void record_notification(std::string_view site, const Exchange& exchange);
  [[nodiscard]] const std::vector<std::unique_ptr<SiteParts>>& sites() const { return sites_; }

 private:
  explicit Installation(const config::LogConfig& log) : log_(log.format, log.level) {}

  SystemClock clock_;
  Logger log_;
  net::CurlRuntime curl_;
  sync::EventBus events_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<sync::ExchangeRecorder> recorder_;
  std::vector<std::unique_ptr<SiteParts>> sites_;
};

/// Cleans up after the sites of the installation.
[[nodiscard]] sync::Housekeeping make_housekeeping(const config::Config& config, Installation& installation);

}  // namespace product_sync::cli
