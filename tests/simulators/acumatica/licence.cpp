#include "licence.hpp"

#include <algorithm>

namespace acumatica_sim {

std::chrono::milliseconds licence_delay(std::uint32_t per_minute, std::uint32_t processed,
                                        std::chrono::milliseconds first_age, std::chrono::milliseconds minute) {
  if (per_minute == 0 || processed * 2 < per_minute) return {};
  const auto left = std::max(minute - first_age, std::chrono::milliseconds{0});
  if (processed >= per_minute) return left;
  return left / (per_minute - processed);
}

std::chrono::milliseconds LicenceGate::delay(Clock::time_point now) {
  while (!window_.empty() && now - window_.front() >= limits_.minute) window_.pop_front();
  if (window_.empty()) return {};
  const auto first_age = std::chrono::duration_cast<std::chrono::milliseconds>(now - window_.front());
  return licence_delay(limits_.requests_per_minute, static_cast<std::uint32_t>(window_.size()), first_age,
                       limits_.minute);
}

bool LicenceGate::must_wait(Clock::time_point now) { return !line_.empty() || !core_free() || delay(now).count() > 0; }

/// The first of the line serves its delay, then waits for a core. False = declined.
bool LicenceGate::wait_turn(std::unique_lock<std::mutex>& lock, std::uint64_t ticket, Clock::time_point arrived) {
  const auto last = arrived + limits_.longest_wait;
  const auto first = [&] { return stopped_ || line_.front() == ticket; };
  if (!changed_.wait_until(lock, last, first) || stopped_) return false;
  const auto due = Clock::now() + delay(Clock::now());
  const auto end = std::min(due, last);
  changed_.wait_until(lock, end, [&] { return stopped_; });
  if (stopped_ || due > last) return false;
  return changed_.wait_until(lock, last, [&] { return stopped_ || core_free(); }) && !stopped_;
}

std::shared_ptr<LicenceGate::Pass> LicenceGate::enter() {
  std::unique_lock lock(mutex_);
  const auto arrived = Clock::now();
  if (must_wait(arrived)) {
    if (line_.size() >= limits_.queue) {
      ++counts_.declined;
      return nullptr;
    }
    const std::uint64_t ticket = next_ticket_++;
    line_.push_back(ticket);
    ++counts_.delayed;
    counts_.most_waiting = std::max(counts_.most_waiting, static_cast<std::uint32_t>(line_.size()));
    const bool passed = wait_turn(lock, ticket, arrived);
    line_.erase(std::find(line_.begin(), line_.end(), ticket));
    changed_.notify_all();
    if (!passed) {
      ++counts_.declined;
      return nullptr;
    }
  }
  if (limits_.requests_per_minute != 0) window_.push_back(Clock::now());
  ++counts_.processed;
  counts_.most_active = std::max(counts_.most_active, ++counts_.active);
  return std::make_shared<Pass>(*this);
}

void LicenceGate::leave() {
  const std::lock_guard lock(mutex_);
  --counts_.active;
  changed_.notify_all();
}

void LicenceGate::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

LicenceCounts LicenceGate::counts() const {
  const std::lock_guard lock(mutex_);
  LicenceCounts counts = counts_;
  counts.waiting = static_cast<std::uint32_t>(line_.size());
  return counts;
}

void LicenceGate::reset_counts() {
  const std::lock_guard lock(mutex_);
  const std::uint32_t active = counts_.active;
  counts_ = {};
  counts_.active = active;
}

}  // namespace acumatica_sim
