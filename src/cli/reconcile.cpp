#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>
#include <utility>

#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "cli/progress_line.hpp"
#include "cli/run_report.hpp"
#include "server/drift_report.hpp"

namespace product_sync::cli {
namespace {

constexpr std::size_t kRowsAtOnce = 1'000;

using CsvFile = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

auto csv_failed(const std::string& file, int error) {
  return fail("reconcile.unwritable",
              fmt::format("The report cannot be written to {}: {}.", file, std::generic_category().message(error)),
              "Name a file that can be written, on a disk with room.");
}

/// `AALEGO500  Buy It Now Price: told "10.00", Rithum shows "9.00" (report_only)`
std::string row_text(const store::DriftRow& row) {
  auto text = fmt::format("{}  ", row.sku);
  if (row.kind == store::DriftKind::different) {
    text += fmt::format("{}: told \"{}\", Rithum shows \"{}\"", row.field, row.told, row.shown);
  } else {
    text += store::to_text(row.kind);
  }
  text += fmt::format(" ({})\n", store::to_text(row.remedy));
  return text;
}

std::string report_text(const store::DriftReport& report) {
  const auto& counts = report.counts;
  auto text = fmt::format(
      "{}: Rithum has {} products; of {} that it was told of, {} are as told, {} on their way, "
      "{} missing, {} different; {} are not of this site\n",
      report.site, counts.shown, counts.told, counts.equal, counts.on_their_way, counts.missing, counts.different,
      counts.extra);
  for (const auto& [field, products] : counts.fields) text += fmt::format("  {}: {} products\n", field, products);
  if (counts.rows_left_out > 0) text += fmt::format("  {} more rows had no room in the report\n", counts.rows_left_out);
  text += report.repair ? fmt::format("  sent again: {}; left: {}\n", counts.to_send, counts.left)
                        : fmt::format("  a repair would send {} products again\n", counts.to_send);
  const bool forbidden = report.repair && counts.to_send == 0 && counts.left > 0 && report.most > 0;
  if (forbidden) text += "  nothing may be sent again: see sites.*.reconciliation in the configuration\n";
  return text;
}

/// The rows of a report, wherever they are wanted.
Result<void> print_rows(store::Store& store, const store::DriftReport& report, const ReconcileOptions& options,
                        std::FILE* csv) {
  std::int64_t after = 0;
  while (true) {
    const auto page = store.reconciliations().rows(report.id, std::nullopt, after, kRowsAtOnce);
    if (!page) return tl::unexpected(page.error());
    for (const auto& row : *page) {
      if (csv != nullptr && std::fputs(server::drift_csv(report.site, row).c_str(), csv) < 0) {
        return csv_failed(options.csv, errno);
      }
      if (options.json) {
        fmt::print("{}\n", server::to_json(row).dump());
      } else {
        fmt::print("{}", row_text(row));
      }
    }
    if (page->size() < kRowsAtOnce) return {};
    after = page->back().number;
  }
}

Result<void> print_report(store::Store& store, const store::Run& run, const ReconcileOptions& options, std::FILE* csv) {
  const auto report = store.reconciliations().find(run.what.site, run.id);
  if (!report) return tl::unexpected(report.error());
  const bool completed = *report && (*report)->completed;
  if (completed) {
    if (auto printed = print_rows(store, **report, options, csv); !printed) return printed;
  }
  if (options.json) {
    fmt::print("{}\n", (completed ? server::to_json(**report, &run) : server::to_json(run)).dump());
    return {};
  }
  if (completed) fmt::print("{}", report_text(**report));
  if (!run.file_name.empty()) fmt::print("  file {}\n", run.file_name);
  if (!run.error.empty()) fmt::print("  {}: {}\n", run.error_code, run.error);
  return {};
}

ExitCode reconcile_site(SiteParts& site, const ReconcileOptions& options, Installation& installation, std::FILE* csv,
                        std::stop_token stop) {
  const auto& id = site.config().id;
  auto* reconciliation = site.reconciliation();
  if (reconciliation == nullptr) {
    fmt::print(stderr, "product-sync: site {}: nothing can be compared without rithum.* in the configuration.\n", id);
    return ExitCode::configuration;
  }
  const sync::ReconcileRequest request{"cli", options.repair && !options.dry_run, options.most};
  auto active = reconciliation->begin(request);
  if (!active) return report_not_begun(id, active.error());
  store::Run run;
  {
    const ProgressLine progress((*active)->run().id, installation.store().runs(), installation.clock());
    run = reconciliation->execute(**active, request, stop);
  }
  active->reset();  // others may compare while this one waits and prints
  if (run.counts.rows > 0) {
    if (auto waited = site.wait_for_proof(std::move(stop)); !waited) {
      fmt::print(stderr, "product-sync: site {}: {}\n", id, waited.error().text());
    }
  }
  if (auto printed = print_report(installation.store(), run, options, csv); !printed) {
    fmt::print(stderr, "product-sync: site {}: {}\n", id, printed.error().text());
    return ExitCode::failed;
  }
  return exit_code(run.state);
}

}  // namespace

ExitCode reconcile(const config::Config& config, const ReconcileOptions& options, StopOnSignal& signals) {
  const auto failed = [](const Error& error) {
    fmt::print(stderr, "product-sync: {}\n", error.text());
    return ExitCode::failed;
  };
  auto installation = Installation::open(config, options.sites);
  if (!installation) return failed(installation.error());
  CsvFile csv(options.csv.empty() ? nullptr : std::fopen(options.csv.c_str(), "wb"), &std::fclose);
  if (!options.csv.empty() && (!csv || std::fputs(server::drift_csv_header().c_str(), csv.get()) < 0)) {
    return failed(csv_failed(options.csv, errno).value());
  }
  auto worst = ExitCode::ok;
  for (const auto& site : (*installation)->sites()) {
    if (signals.token().stop_requested()) {
      worst = worse(worst, ExitCode::cancelled);
      break;
    }
    worst = worse(worst, reconcile_site(*site, options, **installation, csv.get(), signals.token()));
  }
  if (csv && std::fclose(csv.release()) != 0) return failed(csv_failed(options.csv, errno).value());
  return worst;
}

}  // namespace product_sync::cli
