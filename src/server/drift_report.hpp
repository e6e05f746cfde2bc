#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/json.hpp"
#include "store/reconciliations.hpp"

/// The forms of reports that the API and the command line share.
namespace product_sync::server {

/// `run` is the report's own; null where the store has forgotten it.
[[nodiscard]] Json to_json(const store::DriftReport& report, const store::Run* run);
[[nodiscard]] Json to_json(const store::DriftRow& row);

[[nodiscard]] std::string drift_csv_header();
/// A line of the CSV.
[[nodiscard]] std::string drift_csv(std::string_view site, const store::DriftRow& row);

}  // namespace product_sync::server
