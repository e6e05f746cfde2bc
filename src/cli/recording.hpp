#pragma once

#include "config/config.hpp"
#include "sync/exchange_recorder.hpp"

namespace product_sync::cli {

[[nodiscard]] sync::ExchangeRecorder::Options recorder_options(const config::RequestLogConfig& config);

/// What of the site is recorded, and which of its secrets are not.
[[nodiscard]] sync::RecordedSite recorded_site(const config::SiteConfig& site);

}  // namespace product_sync::cli
