#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "cli/exit_code.hpp"
#include "cli/plan_report.hpp"
#include "cli/signals.hpp"
#include "cli/starter_config.hpp"
#include "config/config.hpp"
#include "store/runs.hpp"

/// The subcommands, one function and one file each.
namespace product_sync::cli {

struct SyncOptions {
  store::RunType type = store::RunType::delta;
  std::vector<std::string> sites;  ///< empty: all
  std::optional<Instant> from;
  std::optional<Instant> to;
  std::vector<std::string> skus;  ///< of a custom sync, instead of a range
  bool dry_run = false;
  bool json = false;
};

struct PlanOptions {
  SyncOptions what;
  PlanForms forms = {};
  bool mapping_change = false;  ///< what this configuration changes, instead of what a sync would
  std::string against = {};     ///< file of the running configuration; empty: that of the last full sync
};

struct SiteOptions {
  std::vector<std::string> sites;  ///< empty: all
  bool json = false;
};

struct ResendOptions {
  std::vector<std::string> sites;  ///< one, where the configuration has several
  std::string which;               ///< a file's id or name, or a run's id
  bool with_newer = false;
  bool force = false;
  bool json = false;
};

struct DropOptions {
  std::vector<std::string> sites;  ///< one, where the configuration has several
  std::int64_t file = 0;
  bool json = false;
};

struct ConfirmOptions {
  std::vector<std::string> sites;  ///< empty: all
  bool everything = false;         ///< the whole map of product IDs
  bool json = false;
};

struct ReconcileOptions {
  std::vector<std::string> sites;     ///< empty: all
  bool repair = false;
  bool dry_run = false;               ///< of a repair: the same as none
  std::optional<std::uint64_t> most;  ///< products that a repair sends; absent: as configured
  std::string csv;                    ///< a file; empty: none
  bool json = false;
};

struct WithdrawalOptions {
  std::vector<std::string> sites;  ///< empty: all
  std::string plan;
  bool json = false;
};

struct ScheduleOptions {
  std::vector<std::string> sites;  ///< empty: all
  std::string name;
  std::size_t count = 20;  ///< of the coming starts
  bool json = false;
};

struct InitOptions {
  StarterAnswers answers{.site = {}, .acumatica_url = {}, .tenant = {}, .destination = {}, .time_zone = {}};
  std::string schedules;  ///< `on` or `off`
};

struct RetryOptions {
  std::vector<std::string> sites;  ///< empty: all
  std::string sku;                 ///< empty: all rejected products
  bool json = false;
};

struct RequestsOptions {
  std::map<std::string, std::string, std::less<>> filter;  ///< see server::parse_exchange_filter
  std::int64_t number = 0;                                 ///< of the one to show, with its bodies; 0: list
  std::size_t most = 50;
  bool csv = false;
  bool json = false;
};

struct AlertOptions {
  bool all = false;  ///< those that are over too
  bool json = false;
};

struct ProductOptions {
  std::vector<std::string> sites;  ///< empty: all
  std::string sku;
  bool json = false;
};

/// Reads a password, from a terminal without showing it, and prints what the configuration keeps of it.
[[nodiscard]] ExitCode hash_password();

/// Writes a configuration to begin with; asks for what is missing, on a terminal.
[[nodiscard]] ExitCode init(const std::string& file, InitOptions options);
[[nodiscard]] ExitCode serve(const config::Config& config, StopOnSignal& signals);
[[nodiscard]] ExitCode sync(const config::Config& config, const SyncOptions& options, StopOnSignal& signals);
[[nodiscard]] ExitCode plan(const config::Config& config, const PlanOptions& options, StopOnSignal& signals);
/// `running`: the configuration to compare with; null: that of each site's last full sync.
[[nodiscard]] ExitCode plan_mapping_change(const config::Config& config, const config::Config* running,
                                           const PlanOptions& options, StopOnSignal& signals);
[[nodiscard]] ExitCode check(const config::Config& config, const SiteOptions& options, StopOnSignal& signals);
[[nodiscard]] ExitCode confirm(const config::Config& config, const ConfirmOptions& options, StopOnSignal& signals);
[[nodiscard]] ExitCode reconcile(const config::Config& config, const ReconcileOptions& options, StopOnSignal& signals);
[[nodiscard]] ExitCode retry_rejected(const config::Config& config, const RetryOptions& options);
[[nodiscard]] ExitCode list_withdrawals(const config::Config& config, const SiteOptions& options);
[[nodiscard]] ExitCode confirm_withdrawals(const config::Config& config, const WithdrawalOptions& options,
                                           StopOnSignal& signals);
[[nodiscard]] ExitCode discard_withdrawals(const config::Config& config, const WithdrawalOptions& options);
[[nodiscard]] ExitCode list_schedules(const config::Config& config, const SiteOptions& options);
[[nodiscard]] ExitCode switch_schedule(const config::Config& config, const ScheduleOptions& options, bool active);
[[nodiscard]] ExitCode next_schedules(const config::Config& config, const ScheduleOptions& options);
[[nodiscard]] ExitCode run_schedule(const config::Config& config, const ScheduleOptions& options, StopOnSignal& signals);
[[nodiscard]] ExitCode status(const config::Config& config, const SiteOptions& options);
[[nodiscard]] ExitCode product(const config::Config& config, const ProductOptions& options);
[[nodiscard]] ExitCode list_alerts(const config::Config& config, const AlertOptions& options);
[[nodiscard]] ExitCode test_alerts(const config::Config& config, StopOnSignal& signals);
[[nodiscard]] ExitCode requests(const config::Config& config, const RequestsOptions& options);
[[nodiscard]] ExitCode list_files(const config::Config& config, const SiteOptions& options);
[[nodiscard]] ExitCode drop_file(const config::Config& config, const DropOptions& options);
[[nodiscard]] ExitCode resend(const config::Config& config, const ResendOptions& options, StopOnSignal& signals);

}  // namespace product_sync::cli
