#include "server/sync_metrics.hpp"

#include "catch.hpp"
#include "sync_bench.hpp"

using namespace product_sync;

namespace {

store::Run ended_run(store::RunState state) {
  store::Run run;
  run.what.site = "eu";
  run.what.type = store::RunType::delta;
  run.state = state;
  run.started = Instant{std::chrono::seconds{1'000}};
  run.finished = run.started + std::chrono::seconds{2};
  run.counts.read = 10;
  run.counts.rows = 3;
  run.counts.parked = 1;
  return run;
}

}  // namespace

TEST_CASE("a sync that ended is counted with its items, its rows and its time") {
  Metrics metrics;
  server::SyncMetrics sync_metrics(metrics);
  sync_metrics.take(sync::RunEvent{sync::RunEvent::Step::started, ended_run(store::RunState::running)});
  sync_metrics.take(sync::RunEvent{sync::RunEvent::Step::ended, ended_run(store::RunState::partial)});
  sync_metrics.take(sync::RunEvent{sync::RunEvent::Step::ended, ended_run(store::RunState::failed)});
  const auto text = metrics.text();
  CHECK_THAT(text, ContainsSubstring(R"(product_sync_runs_total{site="eu",type="delta",state="failed"} 1)"));
  CHECK_THAT(text, ContainsSubstring(R"(product_sync_runs_total{site="eu",type="delta",state="partial"} 1)"));
  CHECK_THAT(text, ContainsSubstring(R"(product_sync_items_total{site="eu",outcome="read"} 20)"));
  CHECK_THAT(text, ContainsSubstring(R"(product_sync_items_total{site="eu",outcome="parked"} 2)"));
  CHECK_THAT(text, ContainsSubstring(R"(product_sync_rows_total{site="eu"} 6)"));
  CHECK_THAT(text, ContainsSubstring(R"(product_sync_run_seconds_sum{site="eu",type="delta"} 4)"));
  CHECK_THAT(text,
             ContainsSubstring(R"(product_sync_last_success_timestamp_seconds{site="eu",type="delta"} 1002)"));
}

TEST_CASE("deliveries, notifications and schedules are counted by what became of them") {
  Metrics metrics;
  server::SyncMetrics sync_metrics(metrics);
  sync::FileEvent file;
  file.file.site = "eu";
  file.file.file.rows = 7;
  sync_metrics.take(file);
  file.step = sync::FileEvent::Step::failed;
  sync_metrics.take(file);
  sync_metrics.take(sync::QueueEvent{"eu", 4, 2, 0});
  sync_metrics.take(sync::ScheduleEvent{"eu", "full", {}, "run", "", ""});
  sync_metrics.take(sync::ScheduleEvent{"eu", "full", {}, "", "", "schedule.running"});
  const auto text = metrics.text();
  CHECK_THAT(text, ContainsSubstring(R"(product_sync_deliveries_total{site="eu",outcome="delivered"} 1)"));
  CHECK_THAT(text, ContainsSubstring(R"(product_sync_deliveries_total{site="eu",outcome="failed"} 1)"));
  CHECK_THAT(text, ContainsSubstring(R"(product_sync_rows_delivered_total{site="eu",route="file"} 7)"));
  CHECK_THAT(text, ContainsSubstring(R"(product_sync_notifications_total{site="eu"} 4)"));
  CHECK_THAT(text,
             ContainsSubstring(R"(product_sync_schedule_starts_total{site="eu",schedule="full",outcome="started"} 1)"));
  CHECK_THAT(text, ContainsSubstring(
                       R"(product_sync_schedule_starts_total{site="eu",schedule="full",outcome="schedule.running"} 1)"));
}

TEST_CASE("what stands in the store is read when the metrics are") {
  SyncBench bench;
  Metrics metrics;
  server::add_store_metrics(metrics, {"eu"}, *bench.store);
  CHECK_THAT(metrics.text(), ContainsSubstring(R"(product_sync_products{site="eu",state="sent"} 0)"));
  bench.source.put(exported_item("A"));
  static_cast<void>(bench.full());
  CHECK_THAT(metrics.text(), ContainsSubstring(R"(product_sync_products{site="eu",state="sent"} 1)"));
  CHECK_THAT(metrics.text(), ContainsSubstring(R"(product_sync_waiting_files{site="eu"} 0)"));
  CHECK_THAT(metrics.text(), ContainsSubstring(R"(product_sync_pending_notifications{site="eu"} 0)"));
}
