#include "schedule/task.hpp"

#include <algorithm>
#include <array>

namespace product_sync::schedule {
namespace {
constexpr std::array kTasks{
    TaskForm{Task::full, "full", "a full sync", "0 2 * * *"},
    TaskForm{Task::delta, "delta", "a delta sync", "*/15 * * * *"},
    TaskForm{Task::id_refresh, "id_refresh", "reads back all products of the Rithum account, with their product IDs",
             "0 5 * * SUN", true},
    TaskForm{Task::reconcile, "reconcile", "compares what Rithum holds with what it was told, and reports the drift",
             "0 6 * * *", true},
    TaskForm{Task::clean_up, "clean_up", "removes what is kept longer than the configuration says", "0 4 * * *"},
};
}  // namespace

std::span<const TaskForm> tasks() { return kTasks; }

const TaskForm& form_of(Task task) { return *std::ranges::find(kTasks, task, &TaskForm::task); }

std::string_view to_text(Task task) { return form_of(task).name; }

std::optional<Task> parse_task(std::string_view text) {
  const auto found = std::ranges::find(kTasks, text, &TaskForm::name);
  return found == kTasks.end() ? std::nullopt : std::optional(found->task);
}

}  // namespace product_sync::schedule
