#include <fmt/format.h>

#include <cstdio>

#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "server/json.hpp"

namespace product_sync::cli {
namespace {

constexpr std::size_t kRunsShown = 5;

/// What the store tells of one site.
struct SiteStatus {
  store::InboxStats inbox;
  std::map<store::ProductState, std::uint64_t> products;
  std::optional<Instant> watermark;
  std::vector<store::RetryEntry> retries;
  std::uint64_t waiting_files = 0;
  std::optional<store::OutboxFile> next_file;  ///< the first of them
  std::vector<store::Run> runs;
  std::vector<store::WithdrawalPlan> withdrawals;
};

/// Moves the value out, or keeps the first error.
template <class T>
bool take(Result<T> from, T& to, Result<void>& outcome) {
  if (!from) {
    outcome = tl::unexpected(std::move(from.error()));
    return false;
  }
  to = std::move(*from);
  return true;
}

Result<SiteStatus> status_of(const std::string& site, store::Store& store) {
  SiteStatus status;
  Result<void> outcome;
  const bool complete = take(store.inbox().stats(site), status.inbox, outcome) &&
                        take(store.ledger().counts(site), status.products, outcome) &&
                        take(store.watermarks().get(site), status.watermark, outcome) &&
                        take(store.retries().list(site, 1'000), status.retries, outcome) &&
                        take(store.outbox().waiting_count(site), status.waiting_files, outcome) &&
                        take(store.outbox().next(site), status.next_file, outcome) &&
                        take(store.runs().list(site, kRunsShown), status.runs, outcome) &&
                        take(store.withdrawal_plans().list(site), status.withdrawals, outcome);
  if (!complete) return tl::unexpected(std::move(outcome.error()));
  return status;
}

/// `    NAME, attempts 3, next at 2026-…: why the last one failed`
void print_next(const store::OutboxFile& file) {
  fmt::print("    {}, attempts {}", file.file.name, file.attempts);
  if (file.next_attempt) fmt::print(", next at {}", to_iso8601(*file.next_attempt));
  fmt::print("{}{}\n", file.last_error.empty() ? "" : ": ", file.last_error);
}

void print_text(const std::string& site, const SiteStatus& status) {
  fmt::print("site {}\n", site);
  for (const auto& [state, count] : status.products) {
    fmt::print("  products {:<13} {}\n", store::to_text(state), count);
  }
  fmt::print("  notifications          {} waiting, {} taken, {} in quarantine\n", status.inbox.pending,
             status.inbox.stored, status.inbox.quarantined);
  fmt::print("  read up to             {}\n",
             status.watermark ? to_iso8601(*status.watermark) : "no sync has succeeded yet");
  fmt::print("  on the retry list      {}\n", status.retries.size());
  fmt::print("  waiting for delivery   {} {}\n", status.waiting_files, status.waiting_files == 1 ? "file" : "files");
  if (status.next_file) print_next(*status.next_file);
  for (const auto& plan : status.withdrawals) {
    fmt::print("  withdrawals {}   plan {}: {} of {} products\n", plan.confirmed ? "confirmed" : "held back", plan.id,
               plan.products, plan.known);
  }
  for (const auto& run : status.runs) {
    fmt::print("  run {}  {} {} {}: {} read, {} rows, {} parked, {} failed {}\n", run.id, to_iso8601(run.started),
               store::to_text(run.what.type), store::to_text(run.state), run.counts.read, run.counts.rows,
               run.counts.parked, run.counts.failed, run.error);
  }
}

server::Json status_json(const std::string& site, const SiteStatus& status) {
  server::Json products = server::Json::object();
  for (const auto& [state, count] : status.products) products[std::string(store::to_text(state))] = count;
  server::Json runs = server::Json::array();
  for (const auto& run : status.runs) runs.push_back(server::to_json(run));
  server::Json withdrawals = server::Json::array();
  for (const auto& plan : status.withdrawals) withdrawals.push_back(server::to_json(plan));
  return {{"site", site},
          {"products", std::move(products)},
          {"withdrawals", std::move(withdrawals)},
          {"notifications", server::to_json(status.inbox)},
          {"read_up_to", status.watermark ? server::Json(to_iso8601(*status.watermark)) : server::Json(nullptr)},
          {"retries", status.retries.size()},
          {"waiting_files", status.waiting_files},
          {"waiting_file", status.next_file ? server::to_json(*status.next_file) : server::Json(nullptr)},
          {"syncs", std::move(runs)}};
}

}  // namespace

ExitCode status(const config::Config& config, const SiteOptions& options) {
  auto installation = Installation::open(config, options.sites);
  if (!installation) {
    fmt::print(stderr, "product-sync: {}\n", installation.error().text());
    return ExitCode::failed;
  }
  for (const auto& site : (*installation)->sites()) {
    const auto& id = site->config().id;
    const auto found = status_of(id, (*installation)->store());
    if (!found) {
      fmt::print(stderr, "product-sync: {}\n", found.error().text());
      return ExitCode::failed;
    }
    if (options.json) {
      fmt::print("{}\n", status_json(id, *found).dump());
    } else {
      print_text(id, *found);
    }
  }
  return ExitCode::ok;
}

}  // namespace product_sync::cli
