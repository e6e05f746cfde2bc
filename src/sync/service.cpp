#include "sync/service.hpp"

#include <algorithm>
#include <utility>

namespace product_sync::sync {
namespace {
constexpr std::chrono::minutes kHousekeepingPause{10};
constexpr std::chrono::seconds kIdlePoll{30};

std::vector<Housekeeping::Site> places_of(const std::vector<ServedSite>& sites) {
  std::vector<Housekeeping::Site> places;
  for (const auto& site : sites) places.push_back({site.sync.site(), site.spool, site.keep_files});
  return places;
}

std::vector<ScheduledTasks::Site> parts_of(const std::vector<ServedSite>& sites) {
  std::vector<ScheduledTasks::Site> parts;
  for (const auto& site : sites) parts.push_back({site.sync, site.confirmation, site.reconciliation});
  return parts;
}

std::vector<SiteSchedule> schedules_of(const std::vector<ServedSite>& sites) {
  std::vector<SiteSchedule> all;
  for (const auto& site : sites) all.insert(all.end(), site.schedules.begin(), site.schedules.end());
  return all;
}

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
    : store_(store),
      clock_(clock),
      log_(log),
      runs_(store, log),
      housekeeping_(options, places_of(sites), store, clock),
      tasks_(parts_of(sites), runs_, housekeeping_),
      scheduler_(schedules_of(sites), tasks_, store, clock, log, events) {
  for (auto& site : sites) sites_.push_back(std::make_unique<Site>(std::move(site), store, clock, log));
  housekeeper_ = std::make_unique<Loop>(
      "housekeeping", [this](std::stop_token) { return clean_up(); }, clock, log);
  schedule_loop_ = std::make_unique<Loop>(
      "schedules", [this](std::stop_token) { return scheduler_.round(); }, clock, log);
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
  all.push_back(schedule_loop_.get());
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
  tasks_.stop();
  for (auto* loop : loops()) loop->join();
}

void Service::notified(std::string_view id) {
  if (queues_) queues_->notified(id);
  for (auto& site : sites_) {
    if (site->served.sync.site() == id && site->pump.wants_waking()) site->pump_loop.wake();
  }
}

void Service::replayed(std::string_view id) {
  for (auto& site : sites_) {
    if (site->served.sync.site() != id) continue;
    site->pump.start_over();
    site->pump_loop.wake();
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

Result<Monotonic> Service::clean_up() {
  const auto cleaned = housekeeping_.clean_up([this](const std::string& site) { return cleans_by_schedule(site); });
  if (!cleaned) return tl::unexpected(cleaned.error());
  return clock_.monotonic() + kHousekeepingPause;
}

/// Whether the site has a time of its own for it.
bool Service::cleans_by_schedule(const std::string& site) {
  return std::ranges::any_of(scheduler_.schedules(), [&](const SiteSchedule& one) {
    if (one.site != site || one.task != schedule::Task::clean_up) return false;
    const auto state = store_.schedules().get(site, one.name);
    return state && state->active.value_or(one.active);
  });
}

}  // namespace product_sync::sync
