#include "config/schedules.hpp"

#include <fmt/format.h>

#include "config/document.hpp"

namespace product_sync::config {

std::vector<ScheduleConfig> default_schedules() {
  std::vector<ScheduleConfig> schedules;
  for (const auto& form : schedule::tasks()) {
    ScheduleConfig one{.name = std::string(form.name), .task = form.task, .timing = {}, .zone = {}};
    one.timing.cron = schedule::CronExpression::parse(form.default_cron).value();
    schedules.push_back(std::move(one));
  }
  return schedules;
}

void complete_schedules(SiteConfig& site, Reading& reading) {
  const auto base = join_path(join_path("sites", site.id), "schedules");
  for (auto& one : site.schedules) one.timing.zone = one.zone.value_or(site.time_zone);
  std::erase_if(site.schedules, [&](const ScheduleConfig& one) {
    if (!schedule::form_of(one.task).needs_rithum || site.rithum.is_used()) return false;
    const auto path = join_path(base, one.name);
    if (!reading.has(path)) return true;
    if (reading.sound(path)) {
      reading.problem(reading.position(path), path,
                      fmt::format("{} asks Rithum's interface; give the credentials under rithum", to_text(one.task)));
    }
    return false;
  });
}

}  // namespace product_sync::config
