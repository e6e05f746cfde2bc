#include "site.hpp"

#include <algorithm>

namespace acumatica_sim {

void RequestCounts::count(const std::string& kind, int status) {
  const std::lock_guard lock(mutex_);
  ++by_kind_[kind][status];
}

nlohmann::json RequestCounts::as_json() const {
  const std::lock_guard lock(mutex_);
  nlohmann::json kinds = nlohmann::json::object();
  std::uint64_t all = 0;
  for (const auto& [kind, statuses] : by_kind_) {
    std::uint64_t sum = 0;
    for (const auto& [status, times] : statuses) {
      kinds[kind]["by_status"][std::to_string(status)] = times;
      sum += times;
    }
    kinds[kind]["count"] = sum;
    all += sum;
  }
  return {{"total", all},
          {"by_kind", kinds},
          {"rows_served", rows_.load()},
          {"active", active_.load()},
          {"max_concurrent", most_.load()}};
}

void RequestCounts::reset() {
  const std::lock_guard lock(mutex_);
  by_kind_.clear();
  rows_ = 0;
  most_ = active_.load();
}

void Pause::sleep(std::chrono::milliseconds time) {
  if (time.count() == 0) return;
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [&] { return stopped_; });
}

void Pause::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

ListWindow LastList::next(const ListWindow& asked, bool repeat) {
  const std::lock_guard lock(mutex_);
  if (repeat && last_) return *last_;
  last_ = asked;
  return asked;
}

Site::Site(SiteOptions site_options)
    : options(std::move(site_options)),
      behaviour(options.behaviour),
      tenant(options.catalogue, options.stamps),
      sessions(options.sign_in),
      gate(options.licence),
      notifications(options.notification),
      pushes(options.push, behaviour, options.catalogue.seed) {}

bool Site::is_tracked(const Change& change) const {
  if (change.touched.empty()) return false;
  return options.tracked.empty() || std::any_of(options.tracked.begin(), options.tracked.end(),
                                                [&](const auto& field) { return change.touched.contains(field); });
}

void Site::notify(const std::vector<Change>& changes) {
  std::vector<Change> tracked;
  std::copy_if(changes.begin(), changes.end(), std::back_inserter(tracked),
               [&](const Change& c) { return is_tracked(c); });
  if (tracked.empty()) return;
  for (std::string& body : notifications.bodies(tracked, now_millis())) pushes.add(std::move(body));
}

void Site::stop() {
  gate.stop();
  pause.stop();
}

}  // namespace acumatica_sim
