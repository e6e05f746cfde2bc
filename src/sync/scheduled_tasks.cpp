#include "sync/scheduled_tasks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace product_sync::sync {
namespace {

tl::unexpected<Error> busy(std::string_view what) {
  return fail("run.conflict", fmt::format("{} is under way already.", what), "Ask again when it has ended.", Retry::later);
}

tl::unexpected<Error> without_rithum(const std::string& site) {
  return fail("schedule.no_rithum", fmt::format("Site {} does not use Rithum's interface.", site),
              "Give the credentials under rithum in the configuration.");
}

Result<void> refresh_ids(Confirmation* confirmation, const std::string& site, std::stop_token stop) {
  if (confirmation == nullptr || !confirmation->reads_back()) return without_rithum(site);
  const auto counts = confirmation->run(/*everything=*/true, std::move(stop));
  if (!counts) return tl::unexpected(counts.error());
  if (counts->busy) return busy(fmt::format("Reading back of site {}", site));
  return {};
}

}  // namespace

ScheduledTasks::ScheduledTasks(std::vector<Site> sites, RunService& runs, Housekeeping& housekeeping)
    : sites_(std::move(sites)), runs_(runs), housekeeping_(housekeeping) {}

ScheduledTasks::~ScheduledTasks() { stop(); }

Result<std::string> ScheduledTasks::start(const std::string& id, schedule::Task task, const std::string& trigger,
                                          Ended ended) {
  const auto site = std::ranges::find_if(sites_, [&](const auto& one) { return one.sync.site() == id; });
  if (site == sites_.end()) return fail("site.unknown", fmt::format("There is no site \"{}\".", id));
  const auto key = fmt::format("{}/{}", id, schedule::to_text(task));
  switch (task) {
    case schedule::Task::full:
      return start_run(*site, store::RunType::full, trigger);
    case schedule::Task::delta:
      return start_run(*site, store::RunType::delta, trigger);
    case schedule::Task::id_refresh:
      return start_thread(
          key, [confirmation = site->confirmation, id](std::stop_token stop) { return refresh_ids(confirmation, id, std::move(stop)); },
          std::move(ended));
    case schedule::Task::reconcile:
      return start_reconciliation(*site, trigger);
    case schedule::Task::clean_up:
      return start_thread(
          key, [this, id](std::stop_token) { return housekeeping_.clean_up_site(id); }, std::move(ended));
  }
  return fail("schedule.unknown_task", "There is no such task.");
}

Result<std::string> ScheduledTasks::start_run(Site& site, store::RunType type, const std::string& trigger) {
  auto run = runs_.start(site.sync, {.type = type, .trigger = trigger});
  if (!run) return tl::unexpected(std::move(run.error()));
  return run->id;
}

Result<std::string> ScheduledTasks::start_reconciliation(Site& site, const std::string& trigger) {
  if (site.reconciliation == nullptr) return without_rithum(site.sync.site());
  auto run = runs_.start(*site.reconciliation, {.trigger = trigger});
  if (!run) return tl::unexpected(std::move(run.error()));
  return run->id;
}

Result<std::string> ScheduledTasks::start_thread(const std::string& key, Work work, Ended ended) {
  const std::lock_guard lock(mutex_);
  if (stopping_) {
    return fail("sync.stopping", "Product Sync is stopping.", "Ask again once it is back.", Retry::later);
  }
  auto& place = threads_[key];
  if (place && !place->finished) return busy(key);
  place = std::make_unique<Thread>();
  place->thread = std::jthread(
      [thread = place.get(), work = std::move(work), ended = std::move(ended)](std::stop_token stop) {
        const auto outcome = work(std::move(stop));
        ended(outcome ? nullptr : &outcome.error());
        thread->finished = true;
      });
  return std::string{};
}

void ScheduledTasks::stop() {
  decltype(threads_) ending;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    ending.swap(threads_);
  }
  for (auto& [key, thread] : ending) thread->thread.request_stop();
}

}  // namespace product_sync::sync
