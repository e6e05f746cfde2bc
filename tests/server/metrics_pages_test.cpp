// docs/metrics.md and docs/grafana.json speak of metrics that there are.

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "catch.hpp"
#include "server/sync_metrics.hpp"
#include "support/temporary_directory.hpp"
#include "sync_bench.hpp"

using namespace product_sync;

namespace {

/// Every metric that a process which has seen each kind of event shows, but for the listener's and the recorder's.
std::string shown_metrics() {
  SyncBench bench;
  Metrics metrics;
  server::add_store_metrics(metrics, {"eu"}, *bench.store);
  server::SyncMetrics sync_metrics(metrics);
  store::Run run;
  run.state = store::RunState::succeeded;
  run.finished = run.started;
  sync_metrics.take(sync::RunEvent{sync::RunEvent::Step::ended, run});
  sync_metrics.take(sync::FileEvent{});
  sync_metrics.take(sync::QueueEvent{});
  sync_metrics.take(sync::ScheduleEvent{});
  return metrics.text();
}

std::set<std::string> named(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::set<std::string> names;
  for (auto match = std::sregex_iterator(text.begin(), text.end(), regex); match != std::sregex_iterator(); ++match) {
    names.insert((*match)[1]);
  }
  return names;
}

const std::set<std::string> kOfOthers{"product_sync_request_log_written_total", "product_sync_request_log_dropped_total"};

}  // namespace

TEST_CASE("every metric of syncs stands in docs/metrics.md, and nothing else does") {
  const auto page = read_file(std::filesystem::path(DOCS) / "metrics.md");
  auto documented = named(page, R"(\n\| `(product_sync_[a-z_]+)`)");
  for (const auto& name : kOfOthers) CHECK(documented.erase(name) == 1);
  CHECK(documented == named(shown_metrics(), R"(# TYPE (product_sync_[a-z_]+) )"));
}

TEST_CASE("the dashboard for Grafana is JSON, and asks for metrics that there are") {
  const auto text = read_file(std::filesystem::path(DOCS) / "grafana.json");
  const auto dashboard = nlohmann::json::parse(text);
  CHECK(dashboard["panels"].size() >= 10);
  const auto shown = named(shown_metrics(), R"(# TYPE (product_sync_[a-z_]+) )");
  for (auto name : named(text, "(product_sync_[a-z_]+)")) {
    if (name.ends_with("_bucket")) name.resize(name.size() - std::string("_bucket").size());
    INFO(name);
    const bool of_listener = name.starts_with("product_sync_http_");
    CHECK((of_listener || kOfOthers.contains(name) || shown.contains(name)));
  }
}
