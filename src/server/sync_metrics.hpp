#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "store/store.hpp"
#include "sync/event.hpp"

namespace product_sync::server {

/// What syncs do, as metrics (docs/metrics.md): counted from the events of this process. Thread-safe.
class SyncMetrics {
 public:
  explicit SyncMetrics(Metrics& metrics) : metrics_(metrics) {}

  void take(const sync::Event& event);

 private:
  void count(const sync::RunEvent& event);
  void count(const sync::FileEvent& event);
  void count(const sync::QueueEvent& event);
  void count(const sync::ScheduleEvent& event);

  Metrics& metrics_;
};

/// What stands in the store, asked for when somebody reads the metrics: it covers what other processes do as well. All of
/// it outlives the metrics' last reader.
void add_store_metrics(Metrics& metrics, const std::vector<std::string>& sites, store::Store& store);

}  // namespace product_sync::server
