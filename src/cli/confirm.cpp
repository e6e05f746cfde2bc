#include <fmt/format.h>

#include <cstdio>

#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "server/json.hpp"

namespace product_sync::cli {
namespace {

void print_counts(const std::string& site, const sync::ConfirmationCounts& counts, bool json) {
  const auto& read = counts.read_back;
  if (json) {
    fmt::print("{}\n", server::Json{{"site", site},
                                    {"uploads_running", counts.uploads_running},
                                    {"response_files", counts.responses.files},
                                    {"response_files_unreadable", counts.responses.unreadable},
                                    {"confirmed_by_response", counts.responses.confirmed},
                                    {"rejected_by_response", counts.responses.rejected},
                                    {"read", read.read},
                                    {"confirmed", read.confirmed},
                                    {"different", read.different},
                                    {"overdue", counts.overdue},
                                    {"vanished", read.vanished},
                                    {"ids_written", counts.ids_written}}
                           .dump());
    return;
  }
  fmt::print("{}: read {}, confirmed {}, different {}, overdue {}, vanished {}, IDs written {}, uploads running {}\n",
             site, read.read, read.confirmed, read.different, counts.overdue, read.vanished, counts.ids_written,
             counts.uploads_running);
  const auto& responses = counts.responses;
  if (responses.files + responses.unreadable == 0) return;
  fmt::print("{}: response files read {}, confirmed {}, rejected {}; not understood {}\n", site, responses.files,
             responses.confirmed, responses.rejected, responses.unreadable);
}

ExitCode confirm_site(SiteParts& site, const ConfirmOptions& options, std::stop_token stop) {
  if (site.confirmation() == nullptr) {
    fmt::print(stderr,
               "product-sync: site {}: nothing can be proven without rithum.* or confirmation.response_files in the "
               "configuration.\n",
               site.config().id);
    return ExitCode::configuration;
  }
  const auto counts = site.confirmation()->run(options.everything, std::move(stop));
  if (!counts) {
    fmt::print(stderr, "product-sync: site {}: {}\n", site.config().id, counts.error().text());
    return counts.error().retry == Retry::cancelled ? ExitCode::cancelled : ExitCode::failed;
  }
  if (counts->busy) {
    fmt::print(stderr, "product-sync: site {}: another process is reading back, so nothing was done; try again when it ended.\n",
               site.config().id);
    return ExitCode::conflict;
  }
  print_counts(site.config().id, *counts, options.json);
  if (const auto& failed = counts->responses_failed) {
    fmt::print(stderr, "product-sync: site {}: {}\n", site.config().id, failed->text());
    return ExitCode::failed;
  }
  const auto& read = counts->read_back;
  return read.different + counts->overdue + read.vanished + counts->responses.rejected + counts->responses.unreadable > 0 ? ExitCode::partial : ExitCode::ok;
}

}  // namespace

ExitCode confirm(const config::Config& config, const ConfirmOptions& options, StopOnSignal& signals) {
  auto installation = Installation::open(config, options.sites);
  if (!installation) {
    fmt::print(stderr, "product-sync: {}\n", installation.error().text());
    return ExitCode::failed;
  }
  auto worst = ExitCode::ok;
  for (const auto& site : (*installation)->sites()) {
    worst = worse(worst, confirm_site(*site, options, signals.token()));
  }
  return worst;
}

}  // namespace product_sync::cli
