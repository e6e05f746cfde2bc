#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <utility>

#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "server/json.hpp"

namespace product_sync::cli {
namespace {

/// Prints what each check found, and remembers the worst.
class Report {
 public:
  explicit Report(bool json) : json_(json) {}

  void add(std::string_view site, std::string_view what, const Result<std::string>& found) {
    if (!found) worst_ = ExitCode::failed;
    if (json_) {
      server::Json line{{"site", site}, {"check", what}, {"ok", found.has_value()}};
      if (found) {
        line["found"] = *found;
      } else {
        line["code"] = found.error().code;
        line["message"] = found.error().message;
        line["remedy"] = found.error().remedy;
      }
      fmt::print("{}\n", line.dump());
      return;
    }
    const auto name = site.empty() ? std::string(what) : fmt::format("{} {}", site, what);
    if (found) {
      fmt::print("ok      {:<24} {}\n", name, *found);
    } else {
      fmt::print("FAILED  {:<24} {}: {}\n", name, found.error().code, found.error().message);
      if (!found.error().remedy.empty()) fmt::print("        {:<24} -> {}\n", "", found.error().remedy);
    }
    std::fflush(stdout);
  }

  [[nodiscard]] ExitCode worst() const { return worst_; }

 private:
  const bool json_;
  ExitCode worst_ = ExitCode::ok;
};

Result<std::string> with_text(Result<void> outcome, std::string text) {
  return std::move(outcome).map([&] { return std::move(text); });
}

}  // namespace

ExitCode check(const config::Config& config, const SiteOptions& options, StopOnSignal& signals) {
  Report report(options.json);
  report.add("", "configuration", config.file.string());
  auto installation = Installation::open(config, options.sites);
  if (!installation) {
    report.add("", "store", tl::unexpected(installation.error()));
    return report.worst();
  }
  report.add("", "store", with_text((*installation)->store().check(), config.store.directory.string()));
  for (const auto& site : (*installation)->sites()) {
    const auto& id = site->config().id;
    report.add(id, "acumatica", site->source().check(signals.token()));
    report.add(id, "destination",
               with_text(site->destination().check(signals.token()), site->destination().describe()));
    if (auto* responses = site->response_place()) {
      report.add(id, "response files", responses->list(signals.token()).map([&](const auto& files) {
        return fmt::format("{}: {} files.", responses->describe(), files.size());
      }));
    }
    if (site->rithum() != nullptr) report.add(id, "rithum", site->rithum()->check(signals.token()));
    if (site->config().notifications.secrets.empty()) {
      report.add(
          id, "notifications",
          fail("intake.closed", fmt::format("Site {} has no notification secret: its intake refuses everything.", id),
               "Set notifications.secrets and the same value on the push destination."));
    }
  }
  return report.worst();
}

}  // namespace product_sync::cli
