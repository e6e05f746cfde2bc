#include "sync/run_service.hpp"

#include <utility>

namespace product_sync::sync {

RunService::~RunService() { stop(); }

Result<store::Run> RunService::start(SiteSync& site, SyncRequest request) {
  return start_run(site, std::move(request));
}

Result<store::Run> RunService::start(Reconciliation& site, ReconcileRequest request) {
  return start_run(site, std::move(request));
}

template <class Runner, class Request>
Result<store::Run> RunService::start_run(Runner& runner, Request request) {
  const std::lock_guard lock(mutex_);
  if (stopping_) {
    return fail("sync.stopping", "Product Sync is stopping.", "Ask again once it is back.", Retry::later);
  }
  forget_finished();
  auto active = runner.begin(request);
  if (!active) return tl::unexpected(std::move(active.error()));
  const store::Run run = (*active)->run();
  auto task = std::make_unique<Task>();
  task->thread = std::jthread([&runner, task = task.get(), active = std::shared_ptr(std::move(*active)),
                               request = std::move(request)](std::stop_token stop) mutable {
    static_cast<void>(runner.execute(*active, request, std::move(stop)));
    active.reset();  // the claim on the run's type ends before the task counts as finished
    task->finished = true;
  });
  tasks_.emplace(run.id, std::move(task));
  return run;
}

Result<void> RunService::cancel(std::string_view run_id) {
  if (auto asked = store_.runs().request_cancel(run_id); !asked) return asked;
  log_.info("run.cancel_requested", "A run was asked to end.", {{"run", run_id}});
  const std::lock_guard lock(mutex_);
  if (const auto task = tasks_.find(run_id); task != tasks_.end()) task->second->thread.request_stop();
  return {};
}

void RunService::stop() {
  decltype(tasks_) ending;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    ending.swap(tasks_);
  }
  for (auto& [id, task] : ending) task->thread.request_stop();
}

void RunService::forget_finished() {
  std::erase_if(tasks_, [](const auto& entry) { return entry.second->finished.load(); });
}

}  // namespace product_sync::sync
