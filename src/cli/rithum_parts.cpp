#include "cli/rithum_parts.hpp"

#include <fmt/format.h>

#include <utility>

#include "cli/version.hpp"

namespace product_sync::cli {
namespace {

rithum::Account::Options account_options(const config::RithumConfig& config) {
  return {.url = config.url,
          .profile_id = config.profile_id,
          .credentials = {config.application_id, config.shared_secret, config.refresh_token},
          .limits = {.requests_per_minute = config.requests_per_minute,
                     .concurrent = config.concurrency,
                     .uploads_per_hour = config.uploads_per_hour,
                     .export_requests_per_minute = config.export_requests_per_minute}};
}

rithum::ProductUpload::Options upload_options(const config::SiteConfig& site, const std::filesystem::path& directory) {
  return {.directory = directory,
          .import_type = site.rithum.import_type,
          .template_code = site.feed.template_code,
          .sku_columns = site.rithum.result_file.sku_columns,
          .error_columns = site.rithum.result_file.error_columns,
          .status_columns = site.rithum.result_file.status_columns};
}

std::unique_ptr<acumatica::ProductIdWriter> make_writer(const std::string& target, acumatica::Instance& acumatica) {
  if (target.empty()) return nullptr;
  return std::make_unique<acumatica::ProductIdWriter>(acumatica, catalog::parse_source(target).value());
}

}  // namespace

RithumParts::RithumParts(const config::SiteConfig& site, const std::filesystem::path& directory,
                         acumatica::Instance& acumatica, store::Store& store, Clock& clock, Logger& log, ExchangeObserver recorded)
    : http_(net::CurlOptions{.user_agent = fmt::format("product-sync/{}", kVersion),
                             .ca_file = site.rithum.ca_file.string()},
            clock, std::move(recorded)),
      account_(account_options(site.rithum), http_, clock, log),
      reader_(account_),
      exporter_({.directory = directory}, account_),
      uploads_(upload_options(site, directory), account_),
      edits_(account_),
      route_({site.rithum.message_queue_threshold, site.confirmation.overdue_after}, uploads_, store, clock, log),
      removals_(edits_, reader_, store, log),
      watch_(site.id, site.confirmation.overdue_after, uploads_, store, clock, log),
      read_back_({site.id, site.confirmation.first_look, site.confirmation.filtered_reads_up_to}, site.mapping, reader_, exporter_, store, clock, log),
      writer_(make_writer(site.confirmation.product_id_to, acumatica)),
      write_back_(writer_ ? std::make_unique<sync::WriteBack>(site.id, *writer_, store, clock, log) : nullptr) {}

Result<std::string> RithumParts::check(std::stop_token stop) {
  const auto count = reader_.count(std::move(stop));
  if (!count) return tl::unexpected(count.error());
  return fmt::format("{}: signed in, profile {} has {} products.", account_.url(), account_.profile_id(), *count);
}

}  // namespace product_sync::cli
