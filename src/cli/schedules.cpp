#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "cli/run_report.hpp"
#include "schedule/cron_words.hpp"
#include "server/json.hpp"
#include "sync/schedule_status.hpp"
#include "sync/scheduled_tasks.hpp"

namespace product_sync::cli {
namespace {

constexpr std::chrono::milliseconds kLookAgain{200};

ExitCode schedules_failed(const Error& error) {
  fmt::print(stderr, "product-sync: {}\n", error.text());
  if (error.code == "run.conflict") return ExitCode::conflict;
  return error.code == "schedule.unknown" || error.code == "schedule.no_rithum" ? ExitCode::configuration : ExitCode::failed;
}

std::vector<sync::SiteSchedule> all_schedules(Installation& installation) {
  std::vector<sync::SiteSchedule> all;
  for (const auto& site : installation.sites()) {
    for (auto& one : site->schedules()) all.push_back(std::move(one));
  }
  return all;
}

/// Those of the chosen sites with this name; there is one at least.
Result<std::vector<sync::SiteSchedule>> named(Installation& installation, const std::string& name) {
  auto all = all_schedules(installation);
  std::string names;
  for (const auto& one : all) {
    if (names.find(one.name) == std::string::npos) names += (names.empty() ? "" : ", ") + one.name;
  }
  std::erase_if(all, [&](const auto& one) { return one.name != name; });
  if (!all.empty()) return all;
  return fail("schedule.unknown", fmt::format("There is no schedule \"{}\".", name),
              fmt::format("There are {}; the configuration makes new ones (docs/schedules.md).", names));
}

void print_schedule(const sync::ScheduleStatus& status) {
  const auto& one = status.schedule;
  const auto& zone = one.timing.zone;
  const auto words = schedule::in_words(one.timing.cron);
  fmt::print("{}  {}: {}, {} {}{}\n", one.identity(), status.active ? "on" : "off", schedule::to_text(one.task),
             one.timing.cron.text(), zone.name(), words.empty() ? "" : fmt::format(" ({})", words));
  if (status.next) fmt::print("    next  {}\n", zone.format(*status.next));
  if (const auto& start = status.state.start) {
    fmt::print("    last  {}  {}{}{}\n", zone.format(start->at), status.outcome(),
               start->run_id.empty() ? "" : "  " + start->run_id,
               status.error().empty() ? "" : fmt::format(": {}", status.error()));
  }
  if (const auto& skip = status.state.skip) {
    fmt::print("    skipped  {}: {}\n", zone.format(skip->occurrence), skip->reason);
  }
}

Result<void> print_status(const sync::SiteSchedule& schedule, Installation& installation, bool json) {
  const auto status = sync::status_of(schedule, installation.store(), installation.clock().now());
  if (!status) return tl::unexpected(status.error());
  if (json) {
    fmt::print("{}\n", server::to_json(*status).dump());
  } else {
    print_schedule(*status);
  }
  return {};
}

/// How a schedule's last start ended; what this process started ends with `stop`.
Result<ExitCode> await_end(const sync::SiteSchedule& one, sync::RunService& runs, Installation& installation,
                           std::stop_token stop) {
  while (true) {
    const auto status = sync::status_of(one, installation.store(), installation.clock().now());
    if (!status) return tl::unexpected(status.error());
    if (status->outcome() != "running") {
      if (status->run) return exit_code(status->run->state);
      return status->error().empty() ? ExitCode::ok : ExitCode::failed;
    }
    if (!stop.stop_requested()) {
      static_cast<void>(installation.clock().sleep(kLookAgain, stop));
    } else if (status->run) {
      static_cast<void>(runs.cancel(status->run->id));
      static_cast<void>(installation.clock().sleep(kLookAgain, {}));
    } else {
      return ExitCode::cancelled;
    }
  }
}

}  // namespace

ExitCode list_schedules(const config::Config& config, const SiteOptions& options) {
  auto installation = Installation::open(config, options.sites);
  if (!installation) return schedules_failed(installation.error());
  for (const auto& one : all_schedules(**installation)) {
    if (auto printed = print_status(one, **installation, options.json); !printed) return schedules_failed(printed.error());
  }
  return ExitCode::ok;
}

ExitCode switch_schedule(const config::Config& config, const ScheduleOptions& options, bool active) {
  auto installation = Installation::open(config, options.sites);
  if (!installation) return schedules_failed(installation.error());
  const auto chosen = named(**installation, options.name);
  if (!chosen) return schedules_failed(chosen.error());
  for (const auto& one : *chosen) {
    auto done = (*installation)->store().schedules().switch_to(one.site, one.name, active);
    if (done) done = print_status(one, **installation, options.json);
    if (!done) return schedules_failed(done.error());
  }
  return ExitCode::ok;
}

ExitCode next_schedules(const config::Config& config, const ScheduleOptions& options) {
  auto opened = Installation::open(config, options.sites);
  if (!opened) return schedules_failed(opened.error());
  auto& installation = **opened;
  const auto now = installation.clock().now();
  std::vector<std::pair<Instant, sync::SiteSchedule>> starts;
  for (const auto& one : all_schedules(installation)) {
    const auto state = installation.store().schedules().get(one.site, one.name);
    if (!state) return schedules_failed(state.error());
    if (!state->active.value_or(one.active)) continue;
    for (const auto at : schedule::upcoming(one.timing, one.identity(), now, options.count)) starts.emplace_back(at, one);
  }
  std::ranges::stable_sort(starts, {}, &std::pair<Instant, sync::SiteSchedule>::first);
  if (starts.size() > options.count) starts.resize(options.count);
  if (starts.empty() && !options.json) fmt::print("No schedule is on. Switch one on with \"product-sync schedules on NAME\".\n");
  for (const auto& [at, one] : starts) {
    if (options.json) {
      fmt::print("{}\n", server::Json{{"at", to_iso8601(at)}, {"site", one.site}, {"schedule", one.name}}.dump());
    } else {
      fmt::print("{}  {}  {}\n", one.timing.zone.format(at), one.identity(), schedule::to_text(one.task));
    }
  }
  return ExitCode::ok;
}

ExitCode run_schedule(const config::Config& config, const ScheduleOptions& options, StopOnSignal& signals) {
  auto opened = Installation::open(config, options.sites);
  if (!opened) return schedules_failed(opened.error());
  auto& installation = **opened;
  const auto chosen = named(installation, options.name);
  if (!chosen) return schedules_failed(chosen.error());

  std::vector<sync::ScheduledTasks::Site> parts;
  for (const auto& site : installation.sites()) {
    parts.push_back({site->sync(), site->confirmation(), site->reconciliation()});
  }
  sync::RunService runs(installation.store(), installation.log());
  auto housekeeping = make_housekeeping(config, installation);
  sync::ScheduledTasks tasks(std::move(parts), runs, housekeeping);
  sync::Scheduler scheduler(*chosen, tasks, installation.store(), installation.clock(), installation.log());
  auto worst = ExitCode::ok;
  for (const auto& one : scheduler.schedules()) {
    if (const auto begun = scheduler.run_now(one); !begun) {
      worst = worse(worst, schedules_failed(begun.error()));
      continue;
    }
    const auto ended = await_end(one, runs, installation, signals.token());
    if (!ended) return schedules_failed(ended.error());
    worst = worse(worst, *ended);
    if (auto printed = print_status(one, installation, options.json); !printed) return schedules_failed(printed.error());
  }
  tasks.stop();  // before the scheduler, to which their ends are told
  return worst;
}

}  // namespace product_sync::cli
