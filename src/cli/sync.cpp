#include <fmt/format.h>

#include <cstdio>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "cli/progress_line.hpp"
#include "cli/run_report.hpp"
#include "server/json.hpp"
#include "sync/housekeeping.hpp"

namespace product_sync::cli {
namespace {

ExitCode sync_site(SiteParts& site, const SyncOptions& options, Installation& installation, std::stop_token stop) {
  const sync::SyncRequest request{options.type, "cli", options.from, options.to, options.skus, false, {}};
  auto active = site.sync().begin(request);
  if (!active) return report_not_begun(site.config().id, active.error());
  store::Run run;
  {
    const ProgressLine progress((*active)->run().id, installation.store().runs(), installation.clock());
    run = site.sync().execute(**active, request, stop);
  }
  if (auto waited = site.wait_for_proof(stop); !waited) {
    fmt::print(stderr, "product-sync: site {}: {}\n", site.config().id, waited.error().text());
  }
  if (options.json) {
    fmt::print("{}\n", server::to_json(run).dump());
  } else {
    fmt::print("{}", run_text(run));
  }
  return exit_code(run.state);
}

/// A service cleans up as it goes; where there are only jobs, the long one does.
void clean_up(const config::Config& config, Installation& installation) {
  auto housekeeping = make_housekeeping(config, installation);
  if (const auto done = housekeeping.clean_up([](const std::string&) { return false; }); !done) {
    installation.log().warning("housekeeping.failed", done.error().text());
  }
}

}  // namespace

ExitCode sync(const config::Config& config, const SyncOptions& options, StopOnSignal& signals) {
  if (options.dry_run) return plan(config, {.what = options, .forms = {.json = options.json}}, signals);
  auto installation = Installation::open(config, options.sites);
  if (!installation) {
    fmt::print(stderr, "product-sync: {}\n", installation.error().text());
    return ExitCode::failed;
  }
  auto worst = ExitCode::ok;
  for (const auto& site : (*installation)->sites()) {
    if (signals.token().stop_requested()) return worse(worst, ExitCode::cancelled);
    worst = worse(worst, sync_site(*site, options, **installation, signals.token()));
  }
  if (options.type == store::RunType::full) clean_up(config, **installation);
  return worst;
}

}  // namespace product_sync::cli
