#include "jobs.hpp"

#include <algorithm>
#include <array>

#include "instant.hpp"

namespace rithum_simulator {

std::span<const std::string_view> job_statuses() {
  static constexpr std::array<std::string_view, 18> kStatuses{
      "Aborted",
      "AbortedAcknowledged",
      "AcknowledgedNotVisible",
      "Complete",
      "CompleteWithErrors",
      "CompleteWithSystemicErrors",
      "DeletedReadyForRemoval",
      "FailedValidation",
      "InProgress",
      "InProgressPartitioning",
      "InProgressProcessing",
      "InProgressQueuedforProcessing",
      "InProgressValidation",
      "Pending",
      "PendingPartitioning",
      "Requeue",
      "SelectedForPartitioning",
      "SystemicFailure",
  };
  return kStatuses;
}

Jobs::Jobs() : thread_([this](const std::stop_token& stop) { run(stop); }) {}

JobState Jobs::start(Work work) {
  const std::lock_guard lock(mutex_);
  // A token can contain '+' and '=' (rithum.md §5.3): who does not encode it asks for another one.
  const std::string token = "job+" + std::to_string(++started_) + "/" + std::to_string(now_ms()) + "==";
  Job& job = jobs_[token];
  job.status = "Pending";
  job.started_at = now_ms();
  job.steps.assign(script_.steps.begin(), script_.steps.end());
  job.final_status = script_.final_status;
  waiting_.emplace_back(token, std::move(work));
  changed_.notify_all();
  return state_of(token, job);
}

JobState Jobs::state_of(const std::string& token, Job& job) const {
  const bool shows_end = job.ended && job.steps.empty();
  std::string status = job.status;
  if (!job.steps.empty()) {
    status = job.steps.front();
  } else if (job.ended && !job.final_status.empty()) {
    status = job.final_status;
  }
  return {token, status, job.started_at, shows_end && job.file.has_value()};
}

std::optional<JobState> Jobs::look(const std::string& token) {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(token);
  if (found == jobs_.end()) return std::nullopt;
  JobState state = state_of(token, found->second);
  if (!found->second.steps.empty()) found->second.steps.pop_front();
  return state;
}

std::optional<ResponseFile> Jobs::response_file(const std::string& token) const {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(token);
  return found == jobs_.end() ? std::nullopt : found->second.file;
}

void Jobs::set_script(JobScript script) {
  const std::lock_guard lock(mutex_);
  script_ = std::move(script);
  changed_.notify_all();
}

JobScript Jobs::script() const {
  const std::lock_guard lock(mutex_);
  return script_;
}

void Jobs::clear() {
  const std::lock_guard lock(mutex_);
  waiting_.clear();
  jobs_.clear();
  script_ = {};
  changed_.notify_all();
}

void Jobs::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Jobs::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return !waiting_.empty() && !script_.hold; })) {
    const auto [token, work] = std::move(waiting_.front());
    waiting_.pop_front();
    if (const auto job = jobs_.find(token); job != jobs_.end()) job->second.status = "InProgressProcessing";
    lock.unlock();
    Result result = work(stop);
    lock.lock();
    const auto job = jobs_.find(token);
    if (job == jobs_.end()) continue;  // forgotten meanwhile
    job->second.status = std::move(result.status);
    job->second.file = std::move(result.file);
    job->second.ended = true;
  }
}

}  // namespace rithum_simulator
