#include <fmt/format.h>

#include <cstdio>

#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "server/json.hpp"
#include "sync/resend.hpp"

namespace product_sync::cli {
namespace {

constexpr std::size_t kListed = 50;

ExitCode failed(const Error& error) {
  fmt::print(stderr, "product-sync: {}\n", error.text());
  return ExitCode::failed;
}

/// The installation with the one site that is meant; prints why there is none.
std::unique_ptr<Installation> open_one_site(const config::Config& config, const std::vector<std::string>& sites) {
  if (sites.size() > 1 || (sites.empty() && config.sites.size() != 1)) {
    fmt::print(stderr, "product-sync: name one site with --site.\n");
    return nullptr;
  }
  auto installation = Installation::open(config, sites);
  if (installation) return std::move(*installation);
  failed(installation.error());
  return nullptr;
}

void print(const std::string& site, const store::OutboxFile& file, bool json) {
  auto line = server::to_json(file);
  if (json) {
    line["site"] = site;
    fmt::print("{}\n", line.dump());
    return;
  }
  fmt::print("{:<8} {:>6}  {:<10} {:>9} rows  {}  {}\n", site, file.id, line["state"].get<std::string>(),
             file.file.rows, file.file.name.empty() ? "(being written)" : file.file.name, file.last_error);
}

}  // namespace

ExitCode list_files(const config::Config& config, const SiteOptions& options) {
  auto installation = Installation::open(config, options.sites);
  if (!installation) return failed(installation.error());
  for (const auto& site : (*installation)->sites()) {
    const auto& id = site->config().id;
    const auto files = (*installation)->store().outbox().list(id, kListed);
    if (!files) return failed(files.error());
    for (const auto& file : *files) print(id, file, options.json);
  }
  return ExitCode::ok;
}

ExitCode drop_file(const config::Config& config, const DropOptions& options) {
  const auto installation = open_one_site(config, options.sites);
  if (!installation) return ExitCode::configuration;
  const auto rows = installation->sites().front()->delivery().drop(options.file);
  if (!rows) {
    static_cast<void>(failed(rows.error()));
    return rows.error().code == "delivery.busy" ? ExitCode::conflict : ExitCode::failed;
  }
  if (options.json) {
    fmt::print("{}\n", server::Json{{"dropped", options.file}, {"rows", *rows}}.dump());
  } else {
    fmt::print("File {} was given up. Its {} items are on the retry list; after many, a full sync is quicker.\n",
               options.file, *rows);
  }
  return ExitCode::ok;
}

ExitCode resend(const config::Config& config, const ResendOptions& options, StopOnSignal& signals) {
  const auto installation = open_one_site(config, options.sites);
  if (!installation) return ExitCode::configuration;
  auto& site = *installation->sites().front();
  const auto& id = site.config().id;
  const auto newer = options.with_newer ? sync::NewerFiles::along
                     : options.force    ? sync::NewerFiles::ignore
                                        : sync::NewerFiles::refuse;
  const auto files = sync::resend(id, options.which, newer, installation->store(), installation->clock().now());
  if (!files) return failed(files.error());
  for (const auto& file : *files) {
    if (!options.json) fmt::print("Sending {} ({} rows) again.\n", file.file.name, file.file.rows);
  }
  if (auto drained = site.delivery().drain(files->back().id, signals.token()); !drained) {
    static_cast<void>(failed(drained.error()));
    return drained.error().retry == Retry::cancelled ? ExitCode::cancelled : ExitCode::failed;
  }
  for (const auto& file : *files) {
    const auto now = installation->store().outbox().find(file.id);
    if (now && *now && options.json) print(id, **now, true);
  }
  if (!options.json) fmt::print("Delivered.\n");
  return ExitCode::ok;
}

}  // namespace product_sync::cli
