#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/log.hpp"
#include "store/store.hpp"
#include "sync/reconciliation.hpp"
#include "sync/site_sync.hpp"

namespace product_sync::sync {

/// Runs that somebody asked a serving process for, each on a thread of its own. At most one of each type and site can
/// be alive, so their number is bounded. Thread-safe.
class RunService {
 public:
  RunService(store::Store& store, Logger& log) : store_(store), log_(log) {}
  ~RunService();

  /// Begins the run and returns its record at once. Errors as SiteSync::begin; `sync.stopping` while the process ends.
  Result<store::Run> start(SiteSync& site, SyncRequest request);
  Result<store::Run> start(Reconciliation& site, ReconcileRequest request);

  /// Asks a run to end, wherever it runs. Errors as Runs::request_cancel.
  Result<void> cancel(std::string_view run_id);

  /// Ends the runs under way as cancelled and waits for them; nothing new is started.
  void stop();

 private:
  struct Task {
    std::atomic<bool> finished = false;
    std::jthread thread;
  };

  template <class Runner, class Request>
  Result<store::Run> start_run(Runner& runner, Request request);
  void forget_finished();

  store::Store& store_;
  Logger& log_;
  std::mutex mutex_;
  bool stopping_ = false;
  std::map<std::string, std::unique_ptr<Task>, std::less<>> tasks_;  ///< by run ID
};

}  // namespace product_sync::sync
