#include "alert/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "sync/freshness.hpp"

namespace product_sync::alert {
namespace {

/// Syncs of a site that are looked back at.
constexpr std::size_t kRunsLookedAt = 200;

Result<void> look_at_queues(store::Store& store, SiteFacts& facts) {
  const auto inbox = store.inbox().stats(facts.site);
  if (!inbox) return tl::unexpected(inbox.error());
  facts.last_notification = inbox->newest;
  const auto freshness = sync::freshness_of(facts.site, *inbox, /*proves=*/false, store);
  if (!freshness) return tl::unexpected(freshness.error());
  facts.oldest_change = freshness->undelivered;
  return {};
}

/// Of each type the last run that has ended, if it failed; and the last delta sync that found something.
Result<void> look_at_runs(store::Store& store, SiteFacts& facts) {
  const auto runs = store.runs().list(facts.site, kRunsLookedAt);
  if (!runs) return tl::unexpected(runs.error());
  std::vector<store::RunType> seen;
  for (const auto& run : *runs) {
    if (!run.finished || run.what.dry_run) continue;
    const bool found = run.what.type == store::RunType::delta && run.counts.rows > 0;
    if (found && !facts.change_found) facts.change_found = run.finished;
    if (std::ranges::find(seen, run.what.type) != seen.end()) continue;
    seen.push_back(run.what.type);
    if (run.state == store::RunState::failed) facts.failed.push_back(run);
  }
  return {};
}

Result<void> look_at_schedules(const WatchedSite& site, store::Store& store, SiteFacts& facts) {
  for (const auto& name : site.schedules) {
    auto state = store.schedules().get(site.id, name);
    if (!state) return tl::unexpected(state.error());
    const auto& skip = state->skip;
    const bool started_since = skip && state->start && state->start->at > skip->occurrence;
    if (skip && !started_since && state->active.value_or(true)) facts.skipped.push_back({name, *skip});
  }
  return {};
}

std::optional<Instant> modified(const std::filesystem::path& file) {
  std::error_code failure;
  const auto time = std::filesystem::last_write_time(file, failure);
  if (failure) return std::nullopt;
  return std::chrono::time_point_cast<Instant::duration>(std::chrono::file_clock::to_sys(time));
}

}  // namespace

Result<SiteFacts> facts_of(const WatchedSite& site, store::Store& store, Clock& clock) {
  SiteFacts facts;
  facts.site = site.id;
  facts.now = clock.now();
  facts.expects_notifications = site.expects_notifications;
  if (auto looked = look_at_queues(store, facts); !looked) return tl::unexpected(looked.error());
  if (auto looked = look_at_runs(store, facts); !looked) return tl::unexpected(looked.error());
  if (auto looked = look_at_schedules(site, store, facts); !looked) return tl::unexpected(looked.error());
  const auto plans = store.withdrawal_plans().list(site.id);
  if (!plans) return tl::unexpected(plans.error());
  const auto held = std::ranges::find_if(*plans, [](const auto& plan) { return !plan.confirmed; });
  if (held != plans->end()) facts.held = *held;
  const auto counts = store.ledger().counts(site.id);
  if (!counts) return tl::unexpected(counts.error());
  const auto rejected = counts->find(store::ProductState::rejected);
  facts.rejected = rejected == counts->end() ? 0 : rejected->second;
  if (!site.grant.empty()) facts.grant_renewed = modified(site.grant);
  return facts;
}

Result<SystemFacts> system_facts(const std::filesystem::path& directory) {
  std::error_code failure;
  const auto space = std::filesystem::space(directory, failure);
  if (failure) {
    return fail("alerts.disk", fmt::format("The free space of {} cannot be read: {}.", directory.string(), failure.message()));
  }
  return SystemFacts{space.available};
}

}  // namespace product_sync::alert
