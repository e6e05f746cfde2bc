#include "sync/scheduled_tasks.hpp"

#include <future>

#include "catch.hpp"
#include "sync_bench.hpp"

using namespace product_sync;
using schedule::Task;

namespace {

/// One site's tasks, all real but for Acumatica.
class TaskBench : public SyncBench {
 public:
  /// Delivers a feed file whose copy was made two hours ago, by the clock of the file system.
  void deliver_old_file() {
    source.put(exported_item("A"));
    full();
    for (const auto& file : std::filesystem::directory_iterator(directory() / "spool")) {
      std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() - std::chrono::hours{2});
    }
  }
  /// Begins a task without a run, and waits until it says how it ended: the code of its error, or `well`.
  std::string carry_out(Task task) {
    std::promise<std::string> ended;
    const auto begun = tasks.start("eu", task, "test", [&](const Error* error) { ended.set_value(error != nullptr ? error->code : "well"); });
    return begun ? ended.get_future().get() : begun.error().code;
  }

  sync::RunService runs{*store, log};
  sync::Housekeeping housekeeping{{}, {{"eu", directory() / "spool", std::chrono::hours{1}}}, *store, clock};
  sync::ScheduledTasks tasks{{{*site_sync, nullptr, nullptr}}, runs, housekeeping};
};

void never(const Error*) { FAIL("a sync's outcome is in its run"); }

}  // namespace

TEST_CASE("the tasks full and delta are runs, under the name of who asked") {
  TaskBench bench;
  bench.source.put(exported_item("A"));
  for (const auto task : {Task::full, Task::delta}) {
    const auto id = bench.tasks.start("eu", task, "schedule nightly", never);
    REQUIRE(id);
    const auto run = bench.store->runs().find(*id);
    REQUIRE((run && *run));
    CHECK((*run)->what.trigger == "schedule nightly");
    CHECK(to_text((*run)->what.type) == schedule::to_text(task));
  }
}

TEST_CASE("a task that is under way is a conflict") {
  TaskBench bench;
  const auto active = bench.site_sync->begin({.type = store::RunType::full, .trigger = "cli"});
  REQUIRE(active);
  CHECK(bench.tasks.start("eu", Task::full, "test", never).error().code == "run.conflict");
}

TEST_CASE("cleaning up removes feed files that are kept too long") {
  TaskBench bench;
  bench.deliver_old_file();
  CHECK(bench.spooled() == 1);
  CHECK(bench.carry_out(Task::clean_up) == "well");
  CHECK(bench.spooled() == 0);
}

TEST_CASE("housekeeping leaves a site alone that cleans up by its schedule") {
  TaskBench bench;
  bench.deliver_old_file();
  REQUIRE(bench.housekeeping.clean_up([](const std::string&) { return true; }));
  CHECK(bench.spooled() == 1);
  REQUIRE(bench.housekeeping.clean_up([](const std::string&) { return false; }));
  CHECK(bench.spooled() == 0);
}

TEST_CASE("refreshing IDs and reconciling without Rithum's interface say what is missing") {
  TaskBench bench;
  CHECK(bench.tasks.start("eu", Task::reconcile, "test", never).error().code == "schedule.no_rithum");
  CHECK(bench.carry_out(Task::id_refresh) == "schedule.no_rithum");
}

TEST_CASE("nothing is started while the process ends") {
  TaskBench bench;
  bench.tasks.stop();
  bench.runs.stop();
  CHECK(bench.carry_out(Task::clean_up) == "sync.stopping");
  CHECK(bench.tasks.start("eu", Task::full, "test", never).error().code == "sync.stopping");
}
