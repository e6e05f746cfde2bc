#include "cli/run_report.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace product_sync::cli {

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

std::string run_text(const store::Run& run) {
  const auto& counts = run.counts;
  auto text = fmt::format("Processing {}: {} sync of site {} (run {})\n",
                          run.state == store::RunState::succeeded || run.state == store::RunState::partial
                              ? "Completed"
                              : store::to_text(run.state),
                          store::to_text(run.what.type), run.what.site, run.id);
  text += fmt::format("  read {}, eligible {}, not exported {}, unchanged {}, {} {}, parked {}, failed {}\n",
                      counts.read, counts.eligible, counts.not_exported, counts.unchanged,
                      run.what.dry_run ? "rows to send" : "rows sent", counts.rows, counts.parked, counts.failed);
  if (counts.withdrawn > 0) text += fmt::format("  of the rows {} withdraw a product\n", counts.withdrawn);
  if (counts.held > 0) text += fmt::format("  {} withdrawals held back\n", counts.held);
  if (!run.file_name.empty()) text += fmt::format("  file {}\n", run.file_name);
  if (!run.error.empty()) text += fmt::format("  {}: {}\n", run.error_code, run.error);
  return text;
}

ExitCode report_not_begun(const std::string& site, const Error& error) {
  fmt::print(stderr, "product-sync: site {}: {}\n", site, error.text());
  if (error.code == "run.conflict") return ExitCode::conflict;
  return error.code == "sync.bad_range" ? ExitCode::configuration : ExitCode::failed;
}

}  // namespace product_sync::cli
