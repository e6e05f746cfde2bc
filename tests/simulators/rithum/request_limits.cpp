#include "request_limits.hpp"

namespace rithum_simulator {
namespace {

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 60 * kMinute;

}  // namespace

bool RequestLimits::take(Window& window, std::uint32_t limit, std::int64_t length, std::int64_t now) {
  if (limit == 0) return true;
  while (!window.empty() && window.front() <= now - length) window.pop_front();
  if (window.size() >= limit) {
    ++refused_;
    return false;
  }
  window.push_back(now);
  return true;
}

std::shared_ptr<void> RequestLimits::enter(std::int64_t now) {
  const std::lock_guard lock(mutex_);
  if (rules_.concurrent != 0 && active_ >= rules_.concurrent) {
    ++refused_;
    return nullptr;
  }
  if (!take(requests_, rules_.requests_per_minute, kMinute, now)) return nullptr;
  ++active_;
  return {this, [](RequestLimits* limits) {
            const std::lock_guard leaving(limits->mutex_);
            --limits->active_;
          }};
}

bool RequestLimits::take_upload(std::int64_t now) {
  const std::lock_guard lock(mutex_);
  return take(uploads_, rules_.uploads_per_hour, kHour, now);
}

bool RequestLimits::take_export(std::int64_t now) {
  const std::lock_guard lock(mutex_);
  return take(exports_, rules_.exports_per_minute, kMinute, now);
}

std::uint64_t RequestLimits::refused() const {
  const std::lock_guard lock(mutex_);
  return refused_;
}

void RequestLimits::clear() {
  const std::lock_guard lock(mutex_);
  requests_.clear();
  uploads_.clear();
  exports_.clear();
  refused_ = 0;
}

}  // namespace rithum_simulator
