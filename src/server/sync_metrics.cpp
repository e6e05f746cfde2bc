#include "server/sync_metrics.hpp"

#include <array>
#include <limits>

namespace product_sync::server {
namespace {

/// Seconds: from a push of one item to a full sync of half a million.
const std::vector<double> kRunSeconds{0.1, 0.3, 1, 3, 10, 30, 60, 300, 900, 3'600, 14'400};

struct ItemOutcome {
  std::string_view name;
  std::uint64_t store::RunCounts::*count;
};
constexpr std::array kItemOutcomes{
    ItemOutcome{"read", &store::RunCounts::read},
    ItemOutcome{"eligible", &store::RunCounts::eligible},
    ItemOutcome{"not_exported", &store::RunCounts::not_exported},
    ItemOutcome{"unchanged", &store::RunCounts::unchanged},
    ItemOutcome{"parked", &store::RunCounts::parked},
    ItemOutcome{"failed", &store::RunCounts::failed},
    ItemOutcome{"withdrawn", &store::RunCounts::withdrawn},
    ItemOutcome{"held", &store::RunCounts::held},
};

constexpr std::array kStates{
    store::ProductState::pending,  store::ProductState::sent,    store::ProductState::confirmed,
    store::ProductState::rejected, store::ProductState::overdue, store::ProductState::parked,
    store::ProductState::not_exported, store::ProductState::withdrawn,
};

double seconds_since_epoch(Instant instant) {
  return std::chrono::duration<double>(instant.time_since_epoch()).count();
}

/// A store that cannot be read has no number.
template <class Count>
double number_of(const Result<Count>& count) {
  return count ? static_cast<double>(*count) : std::numeric_limits<double>::quiet_NaN();
}

double count_of(store::Ledger& ledger, const std::string& site, store::ProductState state) {
  const auto counts = ledger.counts(site);
  if (!counts) return std::numeric_limits<double>::quiet_NaN();
  const auto found = counts->find(state);
  return found == counts->end() ? 0.0 : static_cast<double>(found->second);
}

}  // namespace

void SyncMetrics::take(const sync::Event& event) {
  std::visit([this](const auto& one) { count(one); }, event);
}

void SyncMetrics::count(const sync::RunEvent& event) {
  if (event.step != sync::RunEvent::Step::ended) return;
  const auto& run = event.run;
  const auto& site = run.what.site;
  const std::string type(store::to_text(run.what.type));
  metrics_
      .counter("product_sync_runs_total", "Syncs that ended, by how.",
               {{"site", site}, {"type", type}, {"state", std::string(store::to_text(run.state))}})
      .add();
  for (const auto& outcome : kItemOutcomes) {
    metrics_
        .counter("product_sync_items_total", "Items that syncs read, by what became of them.",
                 {{"site", site}, {"outcome", std::string(outcome.name)}})
        .add(run.counts.*outcome.count);
  }
  metrics_.counter("product_sync_rows_total", "Rows that syncs wrote into feed files.", {{"site", site}})
      .add(run.counts.rows);
  if (!run.finished) return;
  metrics_
      .histogram("product_sync_run_seconds", "Time that syncs took.", kRunSeconds, {{"site", site}, {"type", type}})
      .observe(std::chrono::duration<double>(*run.finished - run.started).count());
  const bool done = run.state == store::RunState::succeeded || run.state == store::RunState::partial;
  if (!done) return;
  metrics_
      .gauge("product_sync_last_success_timestamp_seconds", "When the last sync that came to its end ended.",
             {{"site", site}, {"type", type}})
      .set(seconds_since_epoch(*run.finished));
}

void SyncMetrics::count(const sync::FileEvent& event) {
  using Step = sync::FileEvent::Step;
  const auto& site = event.file.site;
  const std::string outcome = event.step == Step::delivered ? "delivered" : event.step == Step::failed ? "failed" : "dropped";
  metrics_
      .counter("product_sync_deliveries_total", "Attempts to deliver feed files, and files that were given up.",
               {{"site", site}, {"outcome", outcome}})
      .add();
  if (event.step != Step::delivered) return;
  const std::string route = event.route == store::Route::transfer ? "file" : "api";
  metrics_.counter("product_sync_rows_delivered_total", "Rows that are at Rithum's side, by the way they took.",
                   {{"site", site}, {"route", route}})
      .add(event.file.file.rows);
}

void SyncMetrics::count(const sync::QueueEvent& event) {
  metrics_.counter("product_sync_notifications_total", "New notifications.", {{"site", event.site}})
      .add(event.new_notifications);
}

void SyncMetrics::count(const sync::ScheduleEvent& event) {
  const std::string outcome = !event.skipped.empty() ? event.skipped : !event.error.empty() ? "failed" : "started";
  metrics_
      .counter("product_sync_schedule_starts_total", "Occurrences of schedules, by what became of them.",
               {{"site", event.site}, {"schedule", event.schedule}, {"outcome", outcome}})
      .add();
}

void add_store_metrics(Metrics& metrics, const std::vector<std::string>& sites, store::Store& store) {
  for (const auto& site : sites) {
    metrics.gauge("product_sync_pending_notifications", "Notifications whose items are still to be read.", {{"site", site}},
                  [&store, site] { return number_of(store.inbox().pending_count(site)); });
    metrics.gauge("product_sync_waiting_files", "Feed files that wait for their delivery.", {{"site", site}},
                  [&store, site] { return number_of(store.outbox().waiting_count(site)); });
    for (const auto state : kStates) {
      metrics.gauge("product_sync_products", "Products, by their state.",
                    {{"site", site}, {"state", std::string(store::to_text(state))}},
                    [&store, site, state] { return count_of(store.ledger(), site, state); });
    }
  }
}

}  // namespace product_sync::server
