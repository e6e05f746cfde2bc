#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "cli/progress_line.hpp"
#include "server/json.hpp"

namespace product_sync::cli {
namespace {

ExitCode exit_code(store::RunState state) {
  switch (state) {
    case store::RunState::succeeded:
      return ExitCode::ok;
    case store::RunState::partial:
      return ExitCode::partial;
    case store::RunState::cancelled:
      return ExitCode::cancelled;
    default:
      return ExitCode::failed;
  }
}

/// One product of a dry run: `ITEM1  Auction Title: "old" -> "new"`.
void print_planned(const sync::PlannedProduct& product) {
  for (const auto& reason : product.parked) fmt::print("{}  parked: {}\n", product.sku, reason.text);
  if (product.is_new) fmt::print("{}  new product\n", product.sku);
  for (const auto& change : product.changes) {
    fmt::print("{}  {}: \"{}\" -> \"{}\"\n", product.sku, change.key, change.before, change.after);
  }
}

server::Json planned_json(const sync::PlannedProduct& product) {
  server::Json changes = server::Json::array();
  for (const auto& change : product.changes) {
    changes.push_back({{"value", change.key}, {"before", change.before}, {"after", change.after}});
  }
  server::Json parked = server::Json::array();
  for (const auto& reason : product.parked) parked.push_back({{"code", reason.code}, {"text", reason.text}});
  return {
      {"sku", product.sku}, {"new", product.is_new}, {"changes", std::move(changes)}, {"parked", std::move(parked)}};
}

void print_run(const store::Run& run) {
  const auto& counts = run.counts;
  fmt::print("Processing {}: {} sync of site {} (run {})\n",
             run.state == store::RunState::succeeded || run.state == store::RunState::partial
                 ? "Completed"
                 : store::to_text(run.state),
             store::to_text(run.what.type), run.what.site, run.id);
  fmt::print("  read {}, eligible {}, not exported {}, unchanged {}, {} {}, parked {}, failed {}\n", counts.read,
             counts.eligible, counts.not_exported, counts.unchanged, run.what.dry_run ? "rows to send" : "rows sent",
             counts.rows, counts.parked, counts.failed);
  if (!run.file_name.empty()) fmt::print("  file {}\n", run.file_name);
  if (!run.error.empty()) fmt::print("  {}: {}\n", run.error_code, run.error);
}

ExitCode report_not_begun(const std::string& site, const Error& error) {
  fmt::print(stderr, "product-sync: site {}: {}\n", site, error.text());
  if (error.code == "run.conflict") return ExitCode::conflict;
  return error.code == "sync.bad_range" ? ExitCode::configuration : ExitCode::failed;
}

/// What the run sent is in order as far as we know; the wait only lets the job's end tell more.
Result<void> wait_for_proof(SiteParts& site, const store::Run& run, std::stop_token stop) {
  const auto longest = site.config().confirmation.job_waits;
  if (site.rithum() == nullptr || longest.count() == 0 || run.what.dry_run) return {};
  return site.rithum()->confirmation().wait_for_proof(longest, std::move(stop));
}

/// The plan is printed while it is made, so that a large one needs no memory; with --json as one line a product.
ExitCode sync_site(SiteParts& site, const SyncOptions& options, Installation& installation, std::stop_token stop) {
  sync::SyncRequest request{options.type, "cli", options.from, options.to, options.dry_run, {}};
  if (options.dry_run) {
    request.plan = [json = options.json](const sync::PlannedProduct& product) {
      if (json) {
        fmt::print("{}\n", planned_json(product).dump());
      } else {
        print_planned(product);
      }
    };
  }
  auto active = site.sync().begin(request);
  if (!active) return report_not_begun(site.config().id, active.error());
  store::Run run;
  {
    const ProgressLine progress((*active)->run().id, installation.store().runs(), installation.clock());
    run = site.sync().execute(**active, request, stop);
  }
  if (auto waited = wait_for_proof(site, run, stop); !waited) {
    fmt::print(stderr, "product-sync: site {}: {}\n", site.config().id, waited.error().text());
  }
  if (options.json) {
    fmt::print("{}\n", server::to_json(run).dump());
  } else {
    print_run(run);
  }
  return exit_code(run.state);
}

}  // namespace

ExitCode sync(const config::Config& config, const SyncOptions& options, StopOnSignal& signals) {
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
  return worst;
}

}  // namespace product_sync::cli
