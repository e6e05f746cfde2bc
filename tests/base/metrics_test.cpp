#include "base/metrics.hpp"

#include "catch.hpp"

using namespace product_sync;

TEST_CASE("metrics are written for Prometheus, each family once with its help and type") {
  Metrics metrics;
  metrics.counter("requests_total", "Requests.", {{"status", "200"}}).add(2);
  metrics.counter("requests_total", "Requests.", {{"status", "404"}}).add();
  metrics.gauge("open", "Open ones.").set(3);
  metrics.gauge("depth", "Depth.", {{"pool", "a"}}, [] { return 1.5; });
  metrics.counter("dropped_total", "Dropped.", {}, [] { return std::uint64_t{7}; });
  CHECK(metrics.text() ==
        "# HELP depth Depth.\n# TYPE depth gauge\ndepth{pool=\"a\"} 1.5\n"
        "# HELP dropped_total Dropped.\n# TYPE dropped_total counter\ndropped_total 7\n"
        "# HELP open Open ones.\n# TYPE open gauge\nopen 3\n"
        "# HELP requests_total Requests.\n# TYPE requests_total counter\n"
        "requests_total{status=\"200\"} 2\nrequests_total{status=\"404\"} 1\n");
}

TEST_CASE("asking for the same metric gives the same value") {
  Metrics metrics;
  metrics.counter("a", "A.", {{"x", "1"}}).add();
  CHECK(metrics.counter("a", "A.", {{"x", "1"}}).value() == 1);
  CHECK(metrics.counter("a", "A.", {{"x", "2"}}).value() == 0);
}

TEST_CASE("a histogram counts each value in its bucket and all above, with sum and count") {
  Metrics metrics;
  auto& seconds = metrics.histogram("seconds", "Time.", {0.1, 1}, {{"route", "r"}});
  for (const double value : {0.05, 0.1, 0.5, 7.0}) seconds.observe(value);
  CHECK(metrics.text() ==
        "# HELP seconds Time.\n# TYPE seconds histogram\n"
        "seconds_bucket{route=\"r\",le=\"0.1\"} 2\nseconds_bucket{route=\"r\",le=\"1\"} 3\n"
        "seconds_bucket{route=\"r\",le=\"+Inf\"} 4\nseconds_sum{route=\"r\"} 7.65\nseconds_count{route=\"r\"} 4\n");
}

TEST_CASE("what a label says cannot break the format") {
  Metrics metrics;
  metrics.counter("a", "A.", {{"x", "q\"b\\n\nend"}}).add();
  CHECK_THAT(metrics.text(), ContainsSubstring("a{x=\"q\\\"b\\\\n\\nend\"} 1\n"));
}
