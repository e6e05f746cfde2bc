#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "acumatica/instance.hpp"
#include "acumatica/product_id_writer.hpp"
#include "base/clock.hpp"
#include "base/exchange.hpp"
#include "base/log.hpp"
#include "config/config.hpp"
#include "net/curl_http_client.hpp"
#include "rithum/account.hpp"
#include "rithum/product_edits.hpp"
#include "rithum/product_export.hpp"
#include "rithum/product_reader.hpp"
#include "rithum/product_upload.hpp"
#include "store/store.hpp"
#include "sync/api_route.hpp"
#include "sync/confirmation.hpp"
#include "sync/delivery.hpp"
#include "sync/removals.hpp"

namespace product_sync::cli {

/// What one site needs of Rithum's interface, wired from its configuration.
class RithumParts {
 public:
  /// `directory` is where result files lie while they are read; `acumatica` takes the product IDs.
  RithumParts(const config::SiteConfig& site, const std::filesystem::path& directory, acumatica::Instance& acumatica,
              store::Store& store, Clock& clock, Logger& log, ExchangeObserver recorded);
  RithumParts(const RithumParts&) = delete;
  RithumParts& operator=(const RithumParts&) = delete;

  [[nodiscard]] sync::Delivery::Interface delivery() { return {route_, removals_}; }
  [[nodiscard]] sync::Confirmation::Interface proof() { return {account_, watch_, read_back_, write_back_.get()}; }
  [[nodiscard]] rithum::ProductReader& reader() { return reader_; }
  [[nodiscard]] rithum::ProductExport& exporter() { return exporter_; }

  /// Signs in and counts the profile's products; a sentence about them.
  Result<std::string> check(std::stop_token stop);

 private:
  net::CurlHttpClient http_;
  rithum::Account account_;
  rithum::ProductReader reader_;
  rithum::ProductExport exporter_;
  rithum::ProductUpload uploads_;
  rithum::ProductEdits edits_;
  sync::ApiRoute route_;
  sync::Removals removals_;
  sync::UploadWatch watch_;
  sync::ReadBack read_back_;
  std::unique_ptr<acumatica::ProductIdWriter> writer_;  // null where IDs are not written
  std::unique_ptr<sync::WriteBack> write_back_;
};

}  // namespace product_sync::cli
