#include "sync/service.hpp"

#include <algorithm>
#include <utility>

#include "sync/spool.hpp"

namespace product_sync::sync {
namespace {
constexpr std::chrono::minutes kHousekeepingPause{10};
constexpr std::chrono::seconds kIdlePoll{30};
}  // namespace

struct Service::Site {
  Site(ServedSite served_site, store::Store& store, Clock& clock, Logger& log)
      : served(std::move(served_site)),
        pump(served.coalescing, served.sync, store, clock),
        pump_loop(
            "notifications " + served.sync.site(), [this](std::stop_token stop) { return pump.round(std::move(stop)); },
            clock, log),
        delivery_loop(
            "delivery " + served.sync.site(),
            [this, &clock](std::stop_token stop) { return deliver(clock, std::move(stop)); }, clock, log) {
    if (served.confirmation == nullptr) return;
    confirmation_loop = std::make_unique<Loop>(
        "confirmation " + served.sync.site(),
        [this](std::stop_token stop) { return served.confirmation->round(std::move(stop)); }, clock, log);
  }

  /// Those there are.
  [[nodiscard]] std::vector<Loop*> loops() {
    std::vector<Loop*> all{&pump_loop, &delivery_loop};
    if (confirmation_loop) all.push_back(confirmation_loop.get());
    return all;
  }

  /// Tries what earlier runs could not deliver, once its time has come.
  Result<Monotonic> deliver(Clock& clock, std::stop_token stop) {
    auto due = served.delivery.next_attempt();
    if (!due) return tl::unexpected(std::move(due.error()));
    if (*due && **due <= clock.now()) {
      if (auto drained = served.delivery.drain(std::nullopt, std::move(stop)); !drained) {
        return tl::unexpected(std::move(drained.error()));
      }
    }
    const auto idle = clock.monotonic() + kIdlePoll;
    if (!*due || **due <= clock.now()) return idle;
    return std::min(idle, clock.monotonic() + (**due - clock.now()));
  }

  ServedSite served;
  NotificationPump pump;
  Loop pump_loop;
  Loop delivery_loop;
  std::unique_ptr<Loop> confirmation_loop;
};

Service::Service(std::vector<ServedSite> sites, ServiceOptions options, store::Store& store, Clock& clock, Logger& log,
                 EventBus* events)
    : options_(options), store_(store), clock_(clock), log_(log), runs_(store, log) {
  for (auto& site : sites) sites_.push_back(std::make_unique<Site>(std::move(site), store, clock, log));
  housekeeper_ = std::make_unique<Loop>(
      "housekeeping", [this](std::stop_token) { return housekeeping(); }, clock, log);
  if (events == nullptr) return;
  std::vector<std::string> ids;
  for (const auto& site : sites_) ids.push_back(site->served.sync.site());
  queues_.emplace(ids, *events, store, clock);
  queue_loop_ = std::make_unique<Loop>(
      "queues", [this](std::stop_token) { return queues_->round(); }, clock, log);
}

/// Those there are.
std::vector<Loop*> Service::loops() const {
  std::vector<Loop*> all;
  for (const auto& site : sites_) {
    for (auto* loop : site->loops()) all.push_back(loop);
  }
  all.push_back(housekeeper_.get());
  if (queue_loop_) all.push_back(queue_loop_.get());
  return all;
}

Service::~Service() { stop(); }

void Service::start() {
  for (auto* loop : loops()) loop->start();
}

void Service::stop() {
  for (auto* loop : loops()) loop->request_stop();
  runs_.stop();
  for (auto* loop : loops()) loop->join();
}

void Service::notified(std::string_view id) {
  if (queues_) queues_->notified(id);
  for (auto& site : sites_) {
    if (site->served.sync.site() == id && site->pump.wants_waking()) site->pump_loop.wake();
  }
}

void Service::retries_due(std::string_view id) {
  for (auto& site : sites_) {
    if (site->served.sync.site() == id) site->pump_loop.wake();
  }
}

const ServedSite* Service::served(std::string_view id) const {
  const auto found = std::ranges::find_if(sites_, [&](const auto& site) { return site->served.sync.site() == id; });
  return found == sites_.end() ? nullptr : &(*found)->served;
}

SiteSync* Service::site(std::string_view id) {
  const auto* found = served(id);
  return found == nullptr ? nullptr : &found->sync;
}

Delivery* Service::delivery(std::string_view id) {
  const auto* found = served(id);
  return found == nullptr ? nullptr : &found->delivery;
}

Reconciliation* Service::reconciliation(std::string_view id) {
  const auto* found = served(id);
  return found == nullptr ? nullptr : found->reconciliation;
}

void Service::files_waiting(std::string_view id) {
  for (auto& site : sites_) {
    if (site->served.sync.site() == id) site->delivery_loop.wake();
  }
}

std::vector<LoopHealth> Service::health() const {
  std::vector<LoopHealth> all;
  for (const auto* loop : loops()) all.push_back(loop->health());
  return all;
}

Result<Monotonic> Service::housekeeping() {
  const auto now = clock_.now();
  const auto forgotten = store_.inbox().forget_completed(now - options_.keep_notifications);
  if (!forgotten) return tl::unexpected(forgotten.error());
  const auto past = store_.history().forget(now - options_.keep_history, options_.history_per_product);
  if (!past) return tl::unexpected(past.error());
  for (const auto& site : sites_) {
    const auto removed =
        remove_old_files(site->served.spool, site->served.sync.site(), site->served.keep_files, store_);
    if (!removed) return tl::unexpected(removed.error());
  }
  return clock_.monotonic() + kHousekeepingPause;
}

}  // namespace product_sync::sync
