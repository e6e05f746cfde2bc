#include "cli/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

#include "cli/commands.hpp"
#include "cli/version.hpp"

namespace product_sync::cli {
namespace {

constexpr const char* kFooter =
    R"(exit codes: 0 all well; 1 failed; 2 configuration or command line wrong; 3 ended, but some items failed, were
parked, or are not in Rithum as they were told; 4 another process is already at it; 5 cancelled.
The configuration is read from --config, else $PRODUCT_SYNC_CONFIG, else ./config.yaml.)";

/// Everything the command line can say.
struct Options {
  std::string config_file = "config.yaml";
  SyncOptions sync;
  PlanOptions plan;
  SiteOptions site;
  ResendOptions resend;
  DropOptions drop;
  ConfirmOptions confirm;
  ReconcileOptions reconcile;
  RetryOptions retry;
  WithdrawalOptions withdrawals;
  ScheduleOptions schedules;
  InitOptions init;
  ProductOptions product;
  RequestsOptions requests;
  AlertOptions alerts;
  std::string type;
  std::string from;
  std::string to;
};

void add_site_options(CLI::App& command, std::vector<std::string>& sites, bool& json) {
  command.add_option("--site", sites, "only this site; may be repeated (default: all)")->type_name("ID");
  command.add_flag("--json", json, "print JSON instead of text");
}

/// Reads a date or time of the command line; prints what is wrong with it.
bool read_time(const std::string& option, const std::string& text, std::optional<Instant>& time) {
  if (text.empty()) return true;
  const auto instant = parse_iso8601(text);
  if (!instant) {
    fmt::print(stderr, "product-sync: {}: {}\n", option, instant.error().text());
    return false;
  }
  time = *instant;
  return true;
}

std::optional<config::Config> load_config(const std::string& file) {
  auto loaded = config::load(file);
  if (loaded) return std::move(*loaded);
  for (const auto& problem : loaded.error()) fmt::print(stderr, "{}\n", problem.text());
  fmt::print(stderr,
             "product-sync: {} {} in the configuration; nothing was started. All keys stand in config.yaml.example.\n",
             loaded.error().size(), loaded.error().size() == 1 ? "problem" : "problems");
  return std::nullopt;
}

bool sites_exist(const config::Config& config, const std::vector<std::string>& sites) {
  for (const auto& id : sites) {
    if (config.site(id) != nullptr) continue;
    fmt::print(stderr, "product-sync: --site {}: there is no such site in {}.\n", id, config.file.string());
    return false;
  }
  return true;
}

int parse_failed(const CLI::App& app, const CLI::ParseError& error) {
  const int code = app.exit(error);  // prints the help or what is wrong
  return code == 0 ? 0 : static_cast<int>(ExitCode::configuration);
}

/// The selection of `sync` and `plan`, which share these options; false when a time is wrong.
bool read_selection(const Options& options, SyncOptions& what) {
  if (!read_time("--from", options.from, what.from) || !read_time("--to", options.to, what.to)) return false;
  const auto* const unsaid = options.from.empty() && what.skus.empty() ? "full" : "custom";
  what.type = *store::parse_run_type(options.type.empty() ? unsaid : options.type);  // CLI11 has checked it
  return true;
}

void add_selection(CLI::App& command, Options& options, SyncOptions& what, bool type_required) {
  command
      .add_option("type", options.type,
                  "full: everything; delta: changed since the last sync; custom: a range, or some SKUs")
      ->required(type_required)
      ->check(CLI::IsMember({"full", "delta", "custom"}));
  command.add_option("--from", options.from,
                     "custom: changes from this time on, e.g. 2026-11-01 or 2026-11-01T08:00:00Z");
  command.add_option("--to", options.to, "custom: changes before this time (default: now)");
  command.add_option("--sku", what.skus, "custom: this item, whenever it changed; may be repeated")->type_name("SKU");
}

ExitCode dispatch(const CLI::App& app, Options& options) {
  if (app.got_subcommand("sync") && !read_selection(options, options.sync)) return ExitCode::configuration;
  if (app.got_subcommand("plan") && !read_selection(options, options.plan.what)) return ExitCode::configuration;
  if (app.got_subcommand("hash-password")) return hash_password();
  if (app.got_subcommand("init")) return init(options.config_file, options.init);
  StopOnSignal signals;
  const auto config = load_config(options.config_file);
  if (!config) return ExitCode::configuration;
  for (const auto* sites : {&options.sync.sites, &options.plan.what.sites, &options.site.sites, &options.resend.sites,
                            &options.drop.sites, &options.confirm.sites, &options.reconcile.sites, &options.retry.sites,
                            &options.withdrawals.sites, &options.schedules.sites, &options.product.sites}) {
    if (!sites_exist(*config, *sites)) return ExitCode::configuration;
  }
  if (app.got_subcommand("serve")) return serve(*config, signals);
  if (app.got_subcommand("sync")) return sync(*config, options.sync, signals);
  if (app.got_subcommand("plan") && !options.plan.against.empty()) {
    const auto running = load_config(options.plan.against);
    return running ? plan_mapping_change(*config, &*running, options.plan, signals) : ExitCode::configuration;
  }
  if (app.got_subcommand("plan")) {
    return options.plan.mapping_change ? plan_mapping_change(*config, nullptr, options.plan, signals)
                                       : plan(*config, options.plan, signals);
  }
  if (app.got_subcommand("resend")) return resend(*config, options.resend, signals);
  if (app.got_subcommand("files")) {
    const bool drop = app.get_subcommand("files")->got_subcommand("drop");
    return drop ? drop_file(*config, options.drop) : list_files(*config, options.site);
  }
  if (app.got_subcommand("withdrawals")) {
    const auto* const command = app.get_subcommand("withdrawals");
    if (command->got_subcommand("confirm")) return confirm_withdrawals(*config, options.withdrawals, signals);
    if (command->got_subcommand("discard")) return discard_withdrawals(*config, options.withdrawals);
    return list_withdrawals(*config, options.site);
  }
  if (app.got_subcommand("schedules")) {
    const auto* const command = app.get_subcommand("schedules");
    if (command->got_subcommand("on")) return switch_schedule(*config, options.schedules, true);
    if (command->got_subcommand("off")) return switch_schedule(*config, options.schedules, false);
    if (command->got_subcommand("next")) return next_schedules(*config, options.schedules);
    if (command->got_subcommand("run")) return run_schedule(*config, options.schedules, signals);
    return list_schedules(*config, options.site);
  }
  if (app.got_subcommand("check")) return check(*config, options.site, signals);
  if (app.got_subcommand("confirm")) return confirm(*config, options.confirm, signals);
  if (app.got_subcommand("reconcile")) return reconcile(*config, options.reconcile, signals);
  if (const auto* alerts = app.get_subcommand("alerts"); alerts->parsed()) {
    return alerts->got_subcommand("test") ? test_alerts(*config, signals) : list_alerts(*config, options.alerts);
  }
  if (app.got_subcommand("requests")) return requests(*config, options.requests);
  if (app.got_subcommand("retry-rejected")) return retry_rejected(*config, options.retry);
  if (app.got_subcommand("product")) return product(*config, options.product);
  return status(*config, options.site);
}

void add_requests_command(CLI::App& app, RequestsOptions& options) {
  auto* command = app.add_subcommand("requests", "print what was exchanged with other systems, newest first");
  const auto filter = [&](const std::string& option, const std::string& name, const std::string& help) {
    return command->add_option(option, options.filter[name], help);
  };
  command->add_option("number", options.number, "only this one, with its bodies where they were recorded")->type_name("N");
  filter("--site", "site", "only of this site")->type_name("ID");
  filter("--run", "run", "only of this sync")->type_name("ID");
  filter("--trace", "trace", "only with this trace, as the log has it")->type_name("ID");
  filter("--peer", "peer", "acumatica, rithum or destination");
  filter("--direction", "direction", "outgoing, or incoming: notifications");
  filter("--method", "method", "of HTTP, or of a destination: put, rename, size, remove, list, check");
  filter("--status", "status", "404, 4xx or 400-499");
  command->add_flag_callback("--failed", [&options] { options.filter["failed"] = "true"; }, "only what failed");
  filter("--from", "from", "from this time on, e.g. 2026-11-01T08:00:00Z")->type_name("TIME");
  filter("--to", "to", "before this time")->type_name("TIME");
  filter("--at-least-ms", "at_least_ms", "that took so long at least")->type_name("N");
  filter("--least-bytes", "least_bytes", "of so many bytes at least, both ways together")->type_name("N");
  filter("--text", "text", "with this in target, error, correlation or body");
  command->add_option("--most", options.most, "how many")->type_name("N")->capture_default_str();
  auto* csv = command->add_flag("--csv", options.csv, "print CSV");
  command->add_flag("--json", options.json, "print JSON, a line each")->excludes(csv);
}

}  // namespace

int run(int argc, char** argv) {
  CLI::App app{"Carries products from Acumatica ERP to Rithum.", "product-sync"};
  Options options;
  app.set_version_flag("--version", std::string(kVersion));
  app.footer(kFooter);
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("-c,--config", options.config_file, "the configuration file")
      ->envname("PRODUCT_SYNC_CONFIG")
      ->capture_default_str();

  auto* init_command = app.add_subcommand("init", "write a configuration to begin with; asks for what is not given");
  auto& answers = options.init.answers;
  init_command->add_option("--site", answers.site, "id of the site (default: main)")->type_name("ID");
  init_command->add_option("--acumatica-url", answers.acumatica_url, "address of Acumatica")->type_name("URL");
  init_command->add_option("--tenant", answers.tenant, "its tenant")->type_name("NAME");
  init_command
      ->add_option("--destination", answers.destination, "sftp://user@host/directory, ftps://…, or the path of a directory")
      ->type_name("PLACE");
  init_command->add_option("--time-zone", answers.time_zone, "of the schedules (default: UTC)")->type_name("ZONE");
  init_command->add_option("--schedules", options.init.schedules, "whether they are switched on (default: off)")
      ->check(CLI::IsMember({"on", "off"}));

  app.add_subcommand("hash-password", "read a password, print the hash that server.users takes");
  app.add_subcommand("serve", "take push notifications, sync changes as they happen, answer the API, until stopped");

  auto* sync_command = app.add_subcommand("sync", "run one sync of each site, deliver it, and end");
  add_selection(*sync_command, options, options.sync, /*type_required=*/true);
  sync_command->add_flag("--dry-run", options.sync.dry_run, "like plan: print what would change; send and store nothing");
  add_site_options(*sync_command, options.sync.sites, options.sync.json);

  auto* plan_command = app.add_subcommand("plan", "print what a sync would change, field by field; send nothing");
  add_selection(*plan_command, options, options.plan.what, /*type_required=*/false);
  auto& forms = options.plan.forms;
  plan_command->add_option("--csv", forms.csv, "write it as CSV too, a line for each SKU and field; -: print only that")
      ->type_name("FILE");
  plan_command->add_option("--most", forms.most, "products that the table shows (default: all); totals count all")
      ->type_name("N");
  auto* mapping_change = plan_command->add_flag(
      "--mapping-change", options.plan.mapping_change,
      "print what this configuration would make of the whole catalogue otherwise than the last full sync's");
  plan_command
      ->add_option("--against", options.plan.against, "with --mapping-change: otherwise than this configuration")
      ->type_name("FILE")
      ->needs(mapping_change);
  add_site_options(*plan_command, options.plan.what.sites, forms.json);

  auto* check_command = app.add_subcommand("check", "check the configuration and try every connection");
  add_site_options(*check_command, options.site.sites, options.site.json);
  auto* files_command = app.add_subcommand("files", "look at feed files, and give up one that cannot be delivered");
  files_command->require_subcommand(1);
  auto* list_command = files_command->add_subcommand("list", "print the latest feed files, newest first");
  add_site_options(*list_command, options.site.sites, options.site.json);
  auto* drop_command =
      files_command->add_subcommand("drop", "give up a file that waits; its items are read and sent again");
  drop_command->add_option("id", options.drop.file, "the file's id, as \"files list\" prints it")->required();
  add_site_options(*drop_command, options.drop.sites, options.drop.json);
  auto* withdrawals_command =
      app.add_subcommand("withdrawals", "look at withdrawals that were held back, and confirm or discard them");
  withdrawals_command->require_subcommand(0, 1);
  add_site_options(*withdrawals_command, options.site.sites, options.site.json);
  auto* confirm_plan = withdrawals_command->add_subcommand("confirm", "withdraw the products of this very plan");
  auto* discard_plan = withdrawals_command->add_subcommand("discard", "forget the plan; its products stay");
  for (auto* command : {confirm_plan, discard_plan}) {
    command->add_option("plan", options.withdrawals.plan, "its id, as \"withdrawals\" prints it")->required();
    add_site_options(*command, options.withdrawals.sites, options.withdrawals.json);
  }
  auto* schedules_command =
      app.add_subcommand("schedules", "look at what sites do by themselves, switch it on and off, or start it now");
  schedules_command->require_subcommand(0, 1);
  add_site_options(*schedules_command, options.site.sites, options.site.json);
  auto* list_schedules_command =
      schedules_command->add_subcommand("list", "print each schedule with its next and last start (the default)");
  add_site_options(*list_schedules_command, options.site.sites, options.site.json);
  auto* on_command = schedules_command->add_subcommand("on", "switch one on; a service that runs sees it within 30 s");
  auto* off_command = schedules_command->add_subcommand("off", "switch one off; what is under way goes on");
  auto* run_command = schedules_command->add_subcommand("run", "start its task here and now, on or off, and wait for it");
  for (auto* command : {on_command, off_command, run_command}) {
    command->add_option("name", options.schedules.name, "its name, as \"schedules\" prints it behind the site")
        ->type_name("NAME")
        ->required();
  }
  auto* next_command = schedules_command->add_subcommand("next", "print the coming starts of those that are on");
  next_command->add_option("--count", options.schedules.count, "how many")->type_name("N")->capture_default_str()->check(
      CLI::Range(1, 1'000));
  for (auto* command : {on_command, off_command, run_command, next_command}) {
    add_site_options(*command, options.schedules.sites, options.schedules.json);
  }
  auto* resend_command = app.add_subcommand("resend", "send feed files again that were delivered before");
  resend_command->add_option("file", options.resend.which, "a file's id or name, or a sync's id for all of its files")
      ->required();
  auto* with_newer =
      resend_command->add_flag("--with-newer", options.resend.with_newer, "and all newer files behind it, in order");
  resend_command
      ->add_flag("--force", options.resend.force, "although newer files went out since: older values win for now")
      ->excludes(with_newer);
  add_site_options(*resend_command, options.resend.sites, options.resend.json);
  auto* status_command = app.add_subcommand("status", "print where each site stands");
  add_site_options(*status_command, options.site.sites, options.site.json);
  auto* product_command = app.add_subcommand("product", "print where a product stands, why, and its story");
  product_command->add_option("sku", options.product.sku, "its SKU, in whatever case")->type_name("SKU")->required();
  add_site_options(*product_command, options.product.sites, options.product.json);

  add_requests_command(app, options.requests);
  auto* alerts_command = app.add_subcommand("alerts", "print what an operator should look at now");
  alerts_command->require_subcommand(0, 1);
  alerts_command->add_flag("--all", options.alerts.all, "and what is over");
  alerts_command->add_flag("--json", options.alerts.json, "print JSON instead of text");
  alerts_command->add_subcommand("test", "send a test by webhook and mail, as the configuration has them");

  auto* confirm_command = app.add_subcommand("confirm", "read back from Rithum what was sent, and fetch product IDs");
  confirm_command->add_flag("--all", options.confirm.everything, "read all products of the profile, whatever was sent");
  add_site_options(*confirm_command, options.confirm.sites, options.confirm.json);
  auto* reconcile_command =
      app.add_subcommand("reconcile", "compare all that Rithum has with what it was told; say what a repair would send");
  auto* repair = reconcile_command->add_flag("--repair", options.reconcile.repair,
                                             "send again what drifted, as far as the configuration permits");
  reconcile_command->add_flag("--dry-run", options.reconcile.dry_run, "only say what it would send")->needs(repair);
  reconcile_command->add_option("--most", options.reconcile.most, "products that a repair sends (default: as configured)")
      ->type_name("N");
  reconcile_command->add_option("--csv", options.reconcile.csv, "write the report to this file too")->type_name("FILE");
  add_site_options(*reconcile_command, options.reconcile.sites, options.reconcile.json);
  auto* retry_command = app.add_subcommand("retry-rejected", "let the next sync send what Rithum has refused again");
  retry_command->add_option("sku", options.retry.sku, "only this product (default: all)")->type_name("SKU");
  add_site_options(*retry_command, options.retry.sites, options.retry.json);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parse_failed(app, error);
  }
  try {
    return static_cast<int>(dispatch(app, options));
  } catch (const std::exception& error) {
    fmt::print(stderr, "product-sync: {}\n", error.what());
    return static_cast<int>(ExitCode::failed);
  }
}

}  // namespace product_sync::cli
