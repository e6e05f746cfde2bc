#pragma once

#include <optional>
#include <string_view>

#include "store/store.hpp"
#include "sync/site_schedule.hpp"

namespace product_sync::sync {

/// Where a schedule stands, for those who look.
struct ScheduleStatus {
  SiteSchedule schedule;
  bool active = false;
  store::ScheduleState state;
  std::optional<store::Run> run;  ///< of the last start, while it is remembered
  std::optional<Instant> next;    ///< start, with jitter and blackout; absent while it is off

  /// How the last start got on: a run's state, or `running`, `succeeded` or `failed`; empty when there was none.
  [[nodiscard]] std::string_view outcome() const;
  /// Why it failed; empty when it did not.
  [[nodiscard]] std::string_view error() const;
};

[[nodiscard]] Result<ScheduleStatus> status_of(const SiteSchedule& schedule, store::Store& store, Instant now);

}  // namespace product_sync::sync
