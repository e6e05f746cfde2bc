#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "server/json.hpp"
#include "store/request_log.hpp"

/// The forms of the request log that the API and the command line share.
namespace product_sync::server {

[[nodiscard]] Json to_json(const store::LoggedExchange& exchange);

[[nodiscard]] std::string exchanges_csv_header();
/// A line of the CSV.
[[nodiscard]] std::string exchange_csv(const store::LoggedExchange& exchange);

/// Reads what to show from named texts, where an empty one asks for nothing: `site`, `run`, `trace`, `peer`, `direction`,
/// `method`, `status` (`404`, `4xx` or `400-499`), `failed` (`true`), `from`, `to`, `at_least_ms`, `least_bytes`, `text`.
/// `requests.bad_filter` names the one that cannot be read.
[[nodiscard]] Result<store::ExchangeFilter> parse_exchange_filter(
    const std::function<std::string_view(std::string_view name)>& value);

}  // namespace product_sync::server
