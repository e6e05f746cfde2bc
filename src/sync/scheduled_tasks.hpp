#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "sync/confirmation.hpp"
#include "sync/housekeeping.hpp"
#include "sync/run_service.hpp"
#include "sync/scheduler.hpp"

namespace product_sync::sync {

/// The tasks of schedules, as the sites' own parts do them: syncs as runs of the run service, what makes no run on a thread
/// of its own. At most one of each task and site is under way. Thread-safe.
class ScheduledTasks final : public TaskStarter {
 public:
  struct Site {
    SiteSync& sync;
    Confirmation* confirmation;      ///< null where nothing can be proven
    Reconciliation* reconciliation;  ///< null without Rithum's interface
  };

  ScheduledTasks(std::vector<Site> sites, RunService& runs, Housekeeping& housekeeping);
  ~ScheduledTasks() override;

  Result<std::string> start(const std::string& site, schedule::Task task, const std::string& trigger,
                            Ended ended) override;

  /// Ends what is under way, and waits for it; nothing new is started.
  void stop();

 private:
  using Work = std::function<Result<void>(std::stop_token stop)>;
  struct Thread {
    std::atomic<bool> finished = false;
    std::jthread thread;
  };

  Result<std::string> start_run(Site& site, store::RunType type, const std::string& trigger);
  Result<std::string> start_reconciliation(Site& site, const std::string& trigger);
  Result<std::string> start_thread(const std::string& key, Work work, Ended ended);

  std::vector<Site> sites_;
  RunService& runs_;
  Housekeeping& housekeeping_;
  std::mutex mutex_;  // guards what follows
  bool stopping_ = false;
  std::map<std::string, std::unique_ptr<Thread>> threads_;  // by site and task
};

}  // namespace product_sync::sync
