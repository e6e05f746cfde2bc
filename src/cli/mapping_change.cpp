#include "sync/mapping_change.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "cli/plan_report.hpp"
#include "cli/progress_line.hpp"
#include "cli/run_report.hpp"

namespace product_sync::cli {
namespace {

ExitCode mapping_change_failed(const Error& error) {
  fmt::print(stderr, "product-sync: {}\n", error.text());
  return ExitCode::failed;
}

/// The configuration of the site's last full sync, as the store has it. Its secrets are not in it, and not needed.
Result<config::Config> applied_configuration(const std::string& site, store::Store& store) {
  const auto applied = store.applied_mappings().get(site);
  if (!applied) return tl::unexpected(applied.error());
  if (!*applied || (*applied)->configuration.empty()) {
    return fail("plan.no_running_configuration",
                fmt::format("Site {}: no full sync has ended yet whose configuration could be compared with.", site),
                "Name the running configuration with --against, or run a full sync first.");
  }
  auto parsed = config::parse((*applied)->configuration, fmt::format("last full sync of {}", site),
                              [](const std::string&) { return std::optional<std::string>(); });
  if (parsed) return std::move(*parsed);
  return fail("plan.no_running_configuration",
              fmt::format("Site {}: the configuration of the last full sync is not understood any more: {}", site,
                          parsed.error().front().text()),
              "Name the running configuration with --against.");
}

store::RunState end_state(const Result<void>& done, const store::RunCounts& counts) {
  if (!done) return done.error().retry == Retry::cancelled ? store::RunState::cancelled : store::RunState::failed;
  return counts.parked > 0 || counts.failed > 0 ? store::RunState::partial : store::RunState::succeeded;
}

/// The comparison of one site, as a dry run of its own.
ExitCode compare_site(SiteParts& site, const config::SiteConfig& running, PlanReport& report,
                      Installation& installation, std::stop_token stop) {
  const auto& id = site.config().id;
  auto& store = installation.store();
  auto active = store.runs().begin({id, store::RunType::full, "cli", std::nullopt, std::nullopt, /*dry_run=*/true});
  if (!active) return report_not_begun(id, active.error());
  const auto source = site.source_with(running.mapping);
  sync::MappingChange change(site.feed_plan(running), site.feed_plan(site.config()), *source, store,
                             installation.clock());
  store::RunCounts counts;
  Result<void> done;
  {
    const ProgressLine progress((*active)->run().id, store.runs(), installation.clock());
    done = change.run([&](const sync::PlannedProduct& product) { report.add(id, product); }, **active, counts,
                      std::move(stop));
  }
  const auto state = end_state(done, counts);
  if (auto ended = (*active)->finish(state, counts, {}, done ? nullptr : &done.error()); !ended) {
    return mapping_change_failed(ended.error());
  }
  report.end((*active)->run(), fmt::format("Change of site {} by the edited configuration", id),
             {change.no_longer_mapped(), change.newly_mapped()});
  return exit_code(state);
}

}  // namespace

ExitCode plan_mapping_change(const config::Config& config, const config::Config* running, const PlanOptions& options,
                             StopOnSignal& signals) {
  auto installation = Installation::open(config, options.what.sites);
  if (!installation) return mapping_change_failed(installation.error());
  auto report = PlanReport::open(options.forms);
  if (!report) return mapping_change_failed(report.error());
  auto worst = ExitCode::ok;
  for (const auto& site : (*installation)->sites()) {
    const auto& id = site->config().id;
    std::optional<config::Config> applied;
    if (running == nullptr) {
      auto found = applied_configuration(id, (*installation)->store());
      if (!found) return mapping_change_failed(found.error());
      applied = std::move(*found);
    }
    const auto* before = (running == nullptr ? *applied : *running).site(id);
    if (before == nullptr) {
      fmt::print(stderr, "product-sync: site {} does not stand in {}.\n", id, options.against);
      return ExitCode::configuration;
    }
    worst = worse(worst, compare_site(*site, *before, *report, **installation, signals.token()));
  }
  if (auto closed = report->close(); !closed) return mapping_change_failed(closed.error());
  return worst;
}

}  // namespace product_sync::cli
