#pragma once

#include <string>

#include "schedule/task.hpp"
#include "schedule/verdict.hpp"

namespace product_sync::sync {

/// What one site does by itself, and when.
struct SiteSchedule {
  std::string site;
  std::string name;
  schedule::Task task = schedule::Task::delta;
  bool active = false;  ///< as the configuration says; an operator's switch goes before it
  schedule::Timing timing;

  /// Among the schedules of all sites.
  [[nodiscard]] std::string identity() const { return site + "/" + name; }
  /// What its handled occurrences depend on: another rule begins anew.
  [[nodiscard]] std::string rule() const { return timing.cron.text() + " " + timing.zone.name(); }
};

}  // namespace product_sync::sync
