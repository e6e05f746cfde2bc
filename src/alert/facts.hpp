#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "store/store.hpp"

namespace product_sync::alert {

/// A schedule whose last occurrence was left out.
struct SkippedSchedule {
  std::string name;
  store::ScheduleSkip skip;
};

/// What the rules have to know of one site.
struct SiteFacts {
  std::string site;
  Instant now;
  std::optional<Instant> oldest_change;  ///< that waits to be read or delivered
  std::vector<store::Run> failed;        ///< the last sync of its type, where it failed
  std::optional<store::WithdrawalPlan> held;
  std::uint64_t rejected = 0;
  bool expects_notifications = false;
  std::optional<Instant> last_notification;
  std::optional<Instant> change_found;  ///< when a delta sync last found changed items by itself
  std::vector<SkippedSchedule> skipped;
  std::optional<Instant> grant_renewed;  ///< of a site that signs in with a refresh token
};

/// And of the installation.
struct SystemFacts {
  std::uint64_t free_bytes = 0;  ///< of the data directory's disk
};

/// What is looked at of one site.
struct WatchedSite {
  std::string id;
  bool expects_notifications = false;
  std::vector<std::string> schedules;
  std::filesystem::path grant;  ///< the file that a refresh token is kept in; empty: none is
};

[[nodiscard]] Result<SiteFacts> facts_of(const WatchedSite& site, store::Store& store, Clock& clock);
[[nodiscard]] Result<SystemFacts> system_facts(const std::filesystem::path& directory);

}  // namespace product_sync::alert
