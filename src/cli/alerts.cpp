#include <fmt/format.h>

#include <cstdio>

#include "cli/alerting.hpp"
#include "cli/commands.hpp"
#include "net/curl_http_client.hpp"
#include "server/alert_report.hpp"

namespace product_sync::cli {
namespace {

constexpr std::size_t kMostListed = 1'000;

ExitCode alerts_failed(const Error& error) {
  fmt::print(stderr, "product-sync: {}\n", error.text());
  return ExitCode::failed;
}

std::string alert_text(const store::Alert& alert) {
  auto text = fmt::format("{}  {}{}  {}", to_iso8601(alert.since), alert.site.empty() ? "" : alert.site + "/", alert.rule,
                          alert.message);
  if (alert.recovered) return text + fmt::format("  [over since {}]\n", to_iso8601(*alert.recovered));
  return text + (alert.remedy.empty() ? "\n" : fmt::format("\n    {}\n", alert.remedy));
}

}  // namespace

ExitCode list_alerts(const config::Config& config, const AlertOptions& options) {
  const auto installation = Installation::open(config, {});
  if (!installation) return alerts_failed(installation.error());
  const auto alerts = (*installation)->store().alerts().list(!options.all, kMostListed);
  if (!alerts) return alerts_failed(alerts.error());
  for (const auto& alert : *alerts) {
    if (options.json) {
      fmt::print("{}\n", server::to_json(alert).dump());
    } else {
      fmt::print("{}", alert_text(alert));
    }
  }
  if (alerts->empty() && !options.json) fmt::print("No alert{}.\n", options.all ? "" : " is open");
  return ExitCode::ok;
}

ExitCode test_alerts(const config::Config& config, StopOnSignal& signals) {
  const auto installation = Installation::open(config, {});
  if (!installation) return alerts_failed(installation.error());
  if (!config.alerts.webhook && !config.alerts.mail) {
    fmt::print(stderr, "product-sync: alerts go to the log alone: give alerts.webhook or alerts.mail (docs/alerts.md).\n");
    return ExitCode::configuration;
  }
  net::CurlHttpClient http({}, (*installation)->clock());
  const auto tested = make_watch(config, **installation, http)->test(signals.token());
  if (!tested) return alerts_failed(tested.error());
  fmt::print("The test was taken by {}.\n", !config.alerts.mail      ? "the webhook"
                                            : !config.alerts.webhook ? "the mail server"
                                                                     : "the webhook and the mail server");
  return ExitCode::ok;
}

}  // namespace product_sync::cli
