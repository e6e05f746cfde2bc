#include "sync/scheduler.hpp"

#include <map>

#include "catch.hpp"
#include "schedule/occurrences.hpp"
#include "support/temporary_directory.hpp"
#include "sync/schedule_status.hpp"

using namespace product_sync;
using namespace std::chrono_literals;
using schedule::CronExpression;
using schedule::Task;
using schedule::TimeZone;

namespace {

/// A clock on the wall that can be set, beside one that never jumps.
class SettableClock final : public Clock {
 public:
  explicit SettableClock(Instant start) : wall_(start) {}
  [[nodiscard]] Instant now() const override { return wall_; }
  [[nodiscard]] Monotonic monotonic() const override { return monotonic_; }
  WaitEnd wait(Wake&, Monotonic, std::stop_token) override { return WaitEnd::stopped; }

  void pass(std::chrono::nanoseconds by) {
    wall_ += std::chrono::duration_cast<std::chrono::microseconds>(by);
    monotonic_ += std::chrono::duration_cast<Monotonic::duration>(by);
  }
  void set_by(std::chrono::seconds by) { wall_ += by; }

 private:
  Instant wall_;
  Monotonic monotonic_{};
};

/// Writes down what it is asked to begin.
class RecordingTasks final : public sync::TaskStarter {
 public:
  explicit RecordingTasks(Clock& clock) : clock_(clock) {}

  struct Start {
    std::string what;
    Instant at;
  };
  std::vector<Start> starts;
  std::string fails_with;          ///< code of the error; empty: it begins
  std::string site_that_fails;     ///< for this one alone
  std::map<std::string, Ended> under_way;  ///< tasks without a run

  Result<std::string> start(const std::string& site, Task task, const std::string& trigger, Ended ended) override {
    if (!fails_with.empty() && (site_that_fails.empty() || site_that_fails == site)) return fail(fails_with, "It cannot begin.");
    const auto what = site + " " + std::string(schedule::to_text(task)) + " by " + trigger;
    starts.push_back({what, clock_.now()});
    if (task == Task::full || task == Task::delta) return "run-" + std::to_string(starts.size());
    under_way[site] = std::move(ended);
    return std::string{};
  }

 private:
  Clock& clock_;
};

sync::SiteSchedule scheduled(std::string site, Task task, std::string_view cron, std::string_view zone = "UTC") {
  sync::SiteSchedule one{std::move(site), std::string(schedule::to_text(task)), task, true, {}};
  one.timing.cron = CronExpression::parse(cron).value();
  one.timing.zone = TimeZone::find(zone).value();
  return one;
}

Instant moment(std::string_view text) { return parse_iso8601(text).value(); }

/// A scheduler on a store of its own.
class SchedulerBench {
 public:
  explicit SchedulerBench(std::vector<sync::SiteSchedule> all, std::string_view start = "2026-11-24T00:00Z")
      : clock(moment(start)), schedules(std::move(all)) {
    restart();
  }

  /// As after a restart of the program.
  void restart() {
    scheduler.reset();
    store.reset();
    auto opened = store::open_sqlite({.directory = directory_.path() / "state", .disk_floor = 0}, clock, log);
    REQUIRE(opened);
    store = std::move(*opened);
    scheduler.emplace(schedules, tasks, *store, clock, log, nullptr, sync::SchedulerOptions{longest_wait});
  }

  /// One round; returns how long it wants to wait.
  std::chrono::nanoseconds round() {
    const auto next = scheduler->round();
    REQUIRE(next);
    return *next - clock.monotonic();
  }
  /// Rounds, each when the one before asked for it, for so long.
  void run_for(std::chrono::nanoseconds duration) {
    const auto end = clock.monotonic() + std::chrono::duration_cast<Monotonic::duration>(duration);
    while (true) {
      const auto wait = round();
      if (clock.monotonic() + wait > end) break;
      clock.pass(wait);
    }
    clock.pass(end - clock.monotonic());
    round();
  }

  store::ScheduleState state(const std::string& site, const std::string& name) {
    const auto found = store->schedules().get(site, name);
    REQUIRE(found);
    return *found;
  }
  std::vector<Instant> start_times() const {
    std::vector<Instant> times;
    for (const auto& start : tasks.starts) times.push_back(start.at);
    return times;
  }

 private:
  TemporaryDirectory directory_{"scheduler"};

 public:
  SettableClock clock;
  Logger log{LogFormat::text, LogLevel::error};
  std::chrono::seconds longest_wait{30};
  std::vector<sync::SiteSchedule> schedules;
  RecordingTasks tasks{clock};
  std::unique_ptr<store::Store> store;
  std::optional<sync::Scheduler> scheduler;
};

using Times = std::vector<Instant>;

}  // namespace

TEST_CASE("the scheduler starts each task on its occurrences, and remembers the start") {
  SchedulerBench bench({scheduled("eu", Task::full, "0 2 * * *"), scheduled("us", Task::delta, "0 */8 * * *")});
  bench.run_for(24h);
  std::vector<std::string> starts;
  for (const auto& start : bench.tasks.starts) starts.push_back(start.what + " at " + to_iso8601(start.at));
  CHECK(starts == std::vector<std::string>{"eu full by schedule full at 2026-11-24T02:00:00Z",
                                           "us delta by schedule delta at 2026-11-24T08:00:00Z",
                                           "us delta by schedule delta at 2026-11-24T16:00:00Z",
                                           "us delta by schedule delta at 2026-11-25T00:00:00Z"});
  const auto state = bench.state("eu", "full");
  REQUIRE(state.start);
  CHECK(state.start->run_id == "run-1");
  CHECK(state.start->occurrence == moment("2026-11-24T02:00Z"));
}

TEST_CASE("over a year in three zones, the scheduler starts on every occurrence and at no other time") {
  for (const auto* zone : {"America/New_York", "Europe/Berlin", "Australia/Lord_Howe"}) {
    for (const auto* cron : {"30 2 * * *", "45 1 * * SUN"}) {
      INFO(zone << " " << cron);
      SchedulerBench bench({scheduled("eu", Task::full, cron, zone)}, "2026-01-01T00:00Z");
      bench.longest_wait = 24h;
      bench.restart();
      const auto& timing = bench.schedules[0].timing;
      Times expected;
      auto next = schedule::next_occurrence(timing.cron, timing.zone, bench.clock.now());
      for (; *next <= moment("2027-01-01T00:00Z"); next = schedule::next_occurrence(timing.cron, timing.zone, *next)) {
        expected.push_back(*next);
      }
      bench.run_for(365 * 24h);
      CHECK(bench.start_times() == expected);
    }
  }
}

TEST_CASE("a schedule that is off starts nothing, and begins anew when it is switched on") {
  SchedulerBench bench({scheduled("eu", Task::delta, "0 * * * *")});
  REQUIRE(bench.store->schedules().switch_to("eu", "delta", false));
  bench.run_for(150min);
  CHECK(bench.tasks.starts.empty());
  REQUIRE(bench.store->schedules().switch_to("eu", "delta", true));
  bench.run_for(10min);
  CHECK(bench.tasks.starts.empty());
  bench.run_for(25min);
  CHECK(bench.start_times() == Times{moment("2026-11-24T03:00Z")});

  REQUIRE(bench.store->schedules().switch_to("eu", "delta", false));
  bench.run_for(3h);
  bench.restart();
  REQUIRE(bench.store->schedules().switch_to("eu", "delta", true));
  bench.run_for(10min);
  CHECK(bench.tasks.starts.size() == 1);
}

TEST_CASE("an occurrence that finds its task under way is skipped, with the reason") {
  SchedulerBench bench({scheduled("eu", Task::full, "0 2 * * *")});
  bench.tasks.fails_with = "run.conflict";
  bench.run_for(3h);
  const auto state = bench.state("eu", "full");
  CHECK_FALSE(state.start);
  REQUIRE(state.skip);
  CHECK(state.skip->code == "schedule.running");
  CHECK(state.skip->occurrence == moment("2026-11-24T02:00Z"));
  bench.tasks.fails_with.clear();
  bench.run_for(3h);
  CHECK(bench.tasks.starts.empty());
  bench.run_for(21h);
  CHECK(bench.start_times() == Times{moment("2026-11-25T02:00Z")});
}

TEST_CASE("after downtime a missed occurrence runs once, or is recorded as missed") {
  auto skipping = scheduled("us", Task::delta, "0 * * * *");
  skipping.timing.when_missed = schedule::WhenMissed::skip;
  SchedulerBench bench({scheduled("eu", Task::delta, "0 * * * *"), skipping});
  bench.run_for(30min);
  bench.clock.pass(5h);
  bench.restart();
  bench.round();
  REQUIRE(bench.tasks.starts.size() == 1);
  CHECK(bench.tasks.starts[0].what == "eu delta by schedule delta");
  CHECK(bench.state("eu", "delta").start->occurrence == moment("2026-11-24T05:00Z"));
  const auto skip = bench.state("us", "delta").skip;
  REQUIRE(skip);
  CHECK(skip->code == "schedule.missed");
  CHECK(skip->occurrence == moment("2026-11-24T05:00Z"));
  bench.round();
  CHECK(bench.tasks.starts.size() == 1);
}

TEST_CASE("another expression or zone begins anew, and what it would have missed is not caught up on") {
  SchedulerBench bench({scheduled("eu", Task::full, "0 12 * * *")});
  bench.run_for(6h);
  bench.schedules = {scheduled("eu", Task::full, "0 3 * * *")};
  bench.restart();
  bench.run_for(1h);
  CHECK(bench.tasks.starts.empty());
  bench.run_for(20h);
  CHECK(bench.start_times() == Times{moment("2026-11-25T03:00Z")});
}

TEST_CASE("a clock that is set back repeats nothing, and one set forward misses at most once") {
  SchedulerBench bench({scheduled("eu", Task::delta, "0 * * * *")});
  bench.run_for(61min);
  REQUIRE(bench.tasks.starts.size() == 1);
  bench.clock.set_by(-30min);
  bench.run_for(40min);
  CHECK(bench.tasks.starts.size() == 1);
  bench.clock.set_by(4h);  // from 01:11 to 05:11
  bench.round();
  CHECK(bench.tasks.starts.size() == 2);
  CHECK(bench.state("eu", "delta").start->occurrence == moment("2026-11-24T05:00Z"));
}

TEST_CASE("a clock that was a year ahead does not silence a schedule when it is set right") {
  SchedulerBench bench({scheduled("eu", Task::delta, "0 * * * *")}, "2027-11-24T00:00Z");
  bench.run_for(61min);
  REQUIRE(bench.tasks.starts.size() == 1);
  bench.clock.set_by(-365 * 24h);
  bench.run_for(61min);
  CHECK(bench.tasks.starts.size() == 2);
}

TEST_CASE("a site whose tasks fail delays no other") {
  SchedulerBench bench({scheduled("bad", Task::delta, "0 * * * *"), scheduled("eu", Task::delta, "0 * * * *")});
  bench.tasks.fails_with = "store.busy";
  bench.tasks.site_that_fails = "bad";
  bench.run_for(130min);
  CHECK(bench.start_times() == Times{moment("2026-11-24T01:00Z"), moment("2026-11-24T02:00Z")});
  const auto state = bench.state("bad", "delta");
  REQUIRE(state.start);
  CHECK(state.start->error == "It cannot begin.");
  CHECK(state.start->ended);
}

TEST_CASE("a task without a run is under way until it says how it ended, or its process has died") {
  SchedulerBench bench({scheduled("eu", Task::clean_up, "0 4 * * *")});
  const auto outcome = [&] {
    const auto status = sync::status_of(bench.schedules[0], *bench.store, bench.clock.now());
    REQUIRE(status);
    return std::string(status->outcome());
  };
  CHECK(outcome().empty());
  bench.run_for(5h);
  CHECK(outcome() == "running");
  bench.restart();
  bench.round();
  CHECK(outcome() == "failed");
  CHECK(bench.state("eu", "clean_up").start->error == "its process ended before it did");

  bench.run_for(24h);
  CHECK(outcome() == "running");
  bench.tasks.under_way["eu"](nullptr);
  CHECK(outcome() == "succeeded");
}

TEST_CASE("of two processes that serve one store, one starts what is due, and the other when that has ended") {
  SchedulerBench bench({scheduled("eu", Task::delta, "0 * * * *")});
  RecordingTasks other_tasks{bench.clock};
  sync::Scheduler other(bench.schedules, other_tasks, *bench.store, bench.clock, bench.log);
  bench.round();
  REQUIRE(other.round());
  bench.clock.pass(61min);
  bench.round();
  REQUIRE(other.round());
  CHECK(bench.tasks.starts.size() == 1);
  CHECK(other_tasks.starts.empty());
  bench.scheduler.reset();
  bench.clock.pass(60min);
  REQUIRE(other.round());
  CHECK(other_tasks.starts.size() == 1);
}

TEST_CASE("what somebody asks for starts at once, also of a schedule that is off, and moves no occurrence") {
  auto off = scheduled("eu", Task::full, "0 2 * * *");
  off.active = false;
  SchedulerBench bench({off});
  bench.round();
  const auto run = bench.scheduler->run_now(*bench.scheduler->find("eu", "full"));
  REQUIRE(run);
  CHECK(*run == "run-1");
  const auto state = bench.state("eu", "full");
  CHECK_FALSE(state.start->occurrence);
  CHECK_FALSE(state.handled);
  bench.tasks.fails_with = "run.conflict";
  CHECK(bench.scheduler->run_now(*bench.scheduler->find("eu", "full")).error().code == "run.conflict");
  CHECK(bench.state("eu", "full").start->run_id == "run-1");
}

TEST_CASE("a schedule shows when it starts next") {
  auto one = scheduled("eu", Task::full, "0 2 * * *", "Europe/Berlin");
  one.timing.jitter = 10min;
  SchedulerBench bench({one});
  bench.round();
  const auto status = sync::status_of(one, *bench.store, bench.clock.now());
  REQUIRE(status);
  CHECK(status->active);
  REQUIRE(status->next);
  CHECK(*status->next >= moment("2026-11-24T01:00Z"));
  CHECK(*status->next <= moment("2026-11-24T01:10Z"));
  bench.run_for(*status->next - bench.clock.now());
  CHECK(bench.start_times() == Times{*status->next});
  REQUIRE(bench.store->schedules().switch_to("eu", "full", false));
  CHECK_FALSE(sync::status_of(one, *bench.store, bench.clock.now())->next);
}
