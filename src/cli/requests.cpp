#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "base/bytes.hpp"
#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "server/request_report.hpp"

namespace product_sync::cli {
namespace {

constexpr std::size_t kExchangesAtOnce = 1'000;

ExitCode requests_failed(const Error& error) {
  fmt::print(stderr, "product-sync: {}\n", error.text());
  return error.code == "requests.bad_filter" ? ExitCode::configuration : ExitCode::failed;
}

/// `81  2026-11-24T08:00:00Z  main  GET https://… 200  120 ms  1.5 KiB`
std::string exchange_text(const store::LoggedExchange& exchange) {
  const bool incoming = exchange.direction == store::Direction::incoming;
  auto text = fmt::format("{}  {}  {}  {} {} {}", exchange.number, to_iso8601(exchange.at), exchange.site,
                          incoming ? "<-" : "->", exchange.method, exchange.target);
  text += exchange.status != 0 ? fmt::format("  {}", exchange.status) : exchange.failed ? "  failed" : "  ok";
  text += fmt::format("  {} ms  {} out, {} in", exchange.elapsed.count(), human_bytes(exchange.bytes_sent),
                      human_bytes(exchange.bytes_received));
  if (!exchange.run_id.empty()) text += fmt::format("  run {}", exchange.run_id);
  if (!exchange.error.empty()) text += fmt::format("\n    {}: {}", exchange.error_code, exchange.error);
  return text + "\n";
}

void print_exchange(const store::LoggedExchange& exchange, const RequestsOptions& options) {
  if (options.json) {
    fmt::print("{}\n", server::to_json(exchange).dump(-1, ' ', false, server::Json::error_handler_t::replace));
  } else if (options.csv) {
    fmt::print("{}", server::exchange_csv(exchange));
  } else {
    fmt::print("{}", exchange_text(exchange));
  }
}

ExitCode show_exchange(store::RequestLog& log, const RequestsOptions& options) {
  const auto found = log.find(options.number);
  if (!found) return requests_failed(found.error());
  if (!*found) {
    fmt::print(stderr, "product-sync: the request log has no number {}; it may have been forgotten.\n", options.number);
    return ExitCode::failed;
  }
  print_exchange(**found, options);
  if (options.json || options.csv) return ExitCode::ok;
  if (!(*found)->request_body.empty()) fmt::print("--- request\n{}\n", (*found)->request_body);
  if (!(*found)->response_body.empty()) fmt::print("--- response\n{}\n", (*found)->response_body);
  return ExitCode::ok;
}

}  // namespace

ExitCode requests(const config::Config& config, const RequestsOptions& options) {
  const auto filter = server::parse_exchange_filter([&](std::string_view name) -> std::string_view {
    const auto found = options.filter.find(name);
    return found == options.filter.end() ? std::string_view{} : std::string_view(found->second);
  });
  if (!filter) return requests_failed(filter.error());
  const auto installation = Installation::open(config, {});
  if (!installation) return requests_failed(installation.error());
  auto& log = (*installation)->store().request_log();
  if (options.number != 0) return show_exchange(log, options);

  if (options.csv) fmt::print("{}", server::exchanges_csv_header());
  std::int64_t before = 0;
  for (auto left = options.most; left > 0;) {
    const auto page = log.list(*filter, before, std::min(left, kExchangesAtOnce));
    if (!page) return requests_failed(page.error());
    for (const auto& exchange : *page) print_exchange(exchange, options);
    if (page->size() < std::min(left, kExchangesAtOnce)) break;
    before = page->back().number;
    left -= page->size();
  }
  return ExitCode::ok;
}

}  // namespace product_sync::cli
