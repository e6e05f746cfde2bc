#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "store/store.hpp"
#include "sync/confirmation.hpp"
#include "sync/delivery.hpp"
#include "sync/event_bus.hpp"
#include "sync/housekeeping.hpp"
#include "sync/loop.hpp"
#include "sync/notification_pump.hpp"
#include "sync/queue_watch.hpp"
#include "sync/reconciliation.hpp"
#include "sync/run_service.hpp"
#include "sync/scheduled_tasks.hpp"
#include "sync/scheduler.hpp"
#include "sync/site_sync.hpp"

namespace product_sync::sync {

/// What keeps one site going by itself.
struct ServedSite {
  SiteSync& sync;
  Delivery& delivery;
  Confirmation* confirmation;      ///< null where nothing can be proven
  Reconciliation* reconciliation;  ///< null without Rithum's interface
  CoalescerOptions coalescing;
  std::filesystem::path spool;
  std::chrono::hours keep_files;
  std::vector<SiteSchedule> schedules = {};
};

using ServiceOptions = Housekeeping::Options;

/// Owns every background loop of a serving process: per site the notification pump, the delivery of what is left in
/// the outbox and its confirmation, one loop for housekeeping, one for the schedules, and one that tells watchers how
/// much waits; and the runs that are asked for.
class Service {
 public:
  /// `events` hears how much waits; null: nobody watches.
  Service(std::vector<ServedSite> sites, ServiceOptions options, store::Store& store, Clock& clock, Logger& log,
          EventBus* events = nullptr);
  ~Service();

  void start();
  /// Ends all loops and runs: work under way is finished or put back. Returns when they have ended.
  void stop();

  /// A notification was stored: the site's pump looks at once.
  void notified(std::string_view site);
  /// Notifications of the site are pending again: its pump looks at once.
  void replayed(std::string_view site);
  /// Something on the retry list of the site is due: its pump looks at once.
  void retries_due(std::string_view site);

  [[nodiscard]] RunService& runs() { return runs_; }
  [[nodiscard]] Scheduler& scheduler() { return scheduler_; }
  /// A schedule was switched: the scheduler looks at once.
  void schedule_switched() { schedule_loop_->wake(); }
  /// Null when there is no such site.
  [[nodiscard]] SiteSync* site(std::string_view id);
  /// Null when there is no such site.
  [[nodiscard]] Delivery* delivery(std::string_view id);
  /// Null when there is no such site, or it cannot be compared.
  [[nodiscard]] Reconciliation* reconciliation(std::string_view id);
  /// The outbox of a site has something to do: its delivery looks at once.
  void files_waiting(std::string_view site);
  [[nodiscard]] std::vector<LoopHealth> health() const;

 private:
  struct Site;
  [[nodiscard]] const ServedSite* served(std::string_view id) const;
  [[nodiscard]] std::vector<Loop*> loops() const;
  Result<Monotonic> clean_up();
  [[nodiscard]] bool cleans_by_schedule(const std::string& site);

  std::vector<std::unique_ptr<Site>> sites_;
  store::Store& store_;
  Clock& clock_;
  Logger& log_;
  RunService runs_;
  Housekeeping housekeeping_;
  ScheduledTasks tasks_;
  Scheduler scheduler_;
  std::unique_ptr<Loop> schedule_loop_;
  std::unique_ptr<Loop> housekeeper_;
  std::optional<QueueWatch> queues_;  // when somebody watches
  std::unique_ptr<Loop> queue_loop_;
};

}  // namespace product_sync::sync
