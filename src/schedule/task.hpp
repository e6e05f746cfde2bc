#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace product_sync::schedule {

/// What a schedule starts.
enum class Task { full, delta, id_refresh, reconcile, clean_up };

struct TaskForm {
  Task task;
  std::string_view name;
  std::string_view help;          ///< a few words for the reference page
  std::string_view default_cron;  ///< of the schedule that every site has from the start, switched off
  bool needs_rithum = false;      ///< sites without Rithum's interface do not have it
};

/// All of them. What each does stands in sync/scheduled_tasks.cpp.
[[nodiscard]] std::span<const TaskForm> tasks();
[[nodiscard]] const TaskForm& form_of(Task task);
[[nodiscard]] std::string_view to_text(Task task);
[[nodiscard]] std::optional<Task> parse_task(std::string_view text);

}  // namespace product_sync::schedule
