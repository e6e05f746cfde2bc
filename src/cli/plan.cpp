#include <fmt/format.h>

#include <cstdio>

#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "cli/plan_report.hpp"
#include "cli/progress_line.hpp"
#include "cli/run_report.hpp"

namespace product_sync::cli {
namespace {

ExitCode plan_failed(const Error& error) {
  fmt::print(stderr, "product-sync: {}\n", error.text());
  return ExitCode::failed;
}

ExitCode plan_site(SiteParts& site, const SyncOptions& what, PlanReport& report, Installation& installation,
                   std::stop_token stop) {
  const auto& id = site.config().id;
  sync::SyncRequest request{what.type, "cli", what.from, what.to, what.skus, /*dry_run=*/true, {}};
  request.plan = [&](const sync::PlannedProduct& product) { report.add(id, product); };
  auto active = site.sync().begin(request);
  if (!active) return report_not_begun(id, active.error());
  store::Run run;
  {
    const ProgressLine progress((*active)->run().id, installation.store().runs(), installation.clock());
    run = site.sync().execute(**active, request, std::move(stop));
  }
  report.end(run, fmt::format("Plan of site {}", id));
  return exit_code(run.state);
}

}  // namespace

ExitCode plan(const config::Config& config, const PlanOptions& options, StopOnSignal& signals) {
  auto installation = Installation::open(config, options.what.sites);
  if (!installation) return plan_failed(installation.error());
  auto report = PlanReport::open(options.forms);
  if (!report) return plan_failed(report.error());
  auto worst = ExitCode::ok;
  for (const auto& site : (*installation)->sites()) {
    if (signals.token().stop_requested()) {
      worst = worse(worst, ExitCode::cancelled);
      break;
    }
    worst = worse(worst, plan_site(*site, options.what, *report, **installation, signals.token()));
  }
  if (auto closed = report->close(); !closed) return plan_failed(closed.error());
  return worst;
}

}  // namespace product_sync::cli
