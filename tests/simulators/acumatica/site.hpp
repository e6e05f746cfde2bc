#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "behaviour.hpp"
#include "filter.hpp"
#include "licence.hpp"
#include "notification.hpp"
#include "push_queue.hpp"
#include "sessions.hpp"
#include "tenant.hpp"

namespace acumatica_sim {

struct SiteOptions {
  CatalogueOptions catalogue;
  StampRules stamps;
  SignInRules sign_in;
  LicenceLimits licence;
  PushRules push;
  NotificationRules notification;
  BehaviourSettings behaviour;
  std::vector<std::string> tracked;  ///< fields whose change triggers a push; empty = all
  std::string build = "24.200.001";
  std::vector<std::string> endpoints{"22.200.001", "23.200.001", "24.200.001"};
  std::vector<std::string> switched_off;  ///< entities whose feature is off or whose form the user may not see: 403
  bool probe_as_array = false;            ///< the older form of GET /entity
  bool ignore_filter_offset = false;
};

/// How often what was asked; safe for many threads.
class RequestCounts {
 public:
  void count(const std::string& kind, int status);
  void add_rows(std::uint64_t rows) { rows_ += rows; }
  void begin() { most_ = std::max(most_.load(), ++active_); }
  void end() { --active_; }
  [[nodiscard]] nlohmann::json as_json() const;
  void reset();

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::map<int, std::uint64_t>> by_kind_;
  std::atomic<std::uint64_t> rows_{0};
  std::atomic<std::uint32_t> active_{0};
  std::atomic<std::uint32_t> most_{0};
};

/// A sleep that ends when the simulator ends.
class Pause {
 public:
  void sleep(std::chrono::milliseconds time);
  void stop();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;
};

/// The part of a list request that decides which rows it gets.
struct ListWindow {
  std::string filter;
  std::string top;
  std::string skip;
};

/// Remembers the last list, for the misbehaviour that answers it again.
class LastList {
 public:
  /// What to answer for `asked`: itself, or the window before when `repeat`.
  [[nodiscard]] ListWindow next(const ListWindow& asked, bool repeat);

 private:
  std::mutex mutex_;
  std::optional<ListWindow> last_;
};

/// One simulated instance: everything the routes work on.
struct Site {
  explicit Site(SiteOptions site_options);

  /// Sends notifications for what one transaction changed in one table, as far as it is tracked.
  void notify(const std::vector<Change>& changes);
  [[nodiscard]] bool is_tracked(const Change& change) const;
  void stop();

  const SiteOptions options;
  Behaviour behaviour;
  Tenant tenant;
  Sessions sessions;
  LicenceGate gate;
  NotificationBuilder notifications;
  RequestCounts counts;
  Pause pause;
  LastList last_list;
  PushQueue pushes;
};

}  // namespace acumatica_sim
