// What every store promises of its reports of drift (store/reconciliations.hpp).

#include <fmt/format.h>

#include "store/reconciliations.hpp"
#include "store/store_bench.hpp"

using namespace product_sync;
using namespace product_sync::store;

namespace {

DriftRow drift_row(const std::string& sku, DriftKind kind, const std::string& field = {}) {
  return {0, kind, sku, "7", field, field.empty() ? "" : "told", field.empty() ? "" : "shown", Remedy::report_only};
}

}  // namespace

TEST_CASE("a report is kept with its counts and its rows, page by page and by kind") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  auto& reports = bench->reconciliations();
  const auto id = must(reports.begin("main", "run1", true, 50));
  CHECK_FALSE(must(reports.find("main", "run1"))->completed);
  must(reports.add(id, std::vector{drift_row("A", DriftKind::different, "UPC"), drift_row("B", DriftKind::missing)}));
  must(reports.add(id, std::vector{drift_row("C", DriftKind::missing), drift_row("X", DriftKind::extra)}));
  DriftCounts counts;
  counts.shown = 10;
  counts.missing = 2;
  counts.left = 3;
  counts.fields = {{"UPC", 1}};
  must(reports.complete(id, counts, bench.now()));
  bench.reopen();

  auto& kept = bench->reconciliations();
  const auto report = must(kept.find("main", "run1"));
  REQUIRE(report);
  CHECK(report->completed == bench.now());
  CHECK(report->repair);
  CHECK(report->most == 50);
  CHECK(report->counts == counts);
  CHECK_FALSE(must(kept.find("other", "run1")));

  const auto skus = [&](std::optional<DriftKind> kind, std::int64_t after, std::size_t limit) {
    std::string text;
    for (const auto& row : must(kept.rows(report->id, kind, after, limit)))
      text += fmt::format("{}{} ", row.number, row.sku);
    return text;
  };
  CHECK(skus({}, 0, 3) == "1A 2B 3C ");
  CHECK(skus({}, 3, 3) == "4X ");
  CHECK(skus(DriftKind::missing, 2, 9) == "3C ");
  const auto first = must(kept.rows(report->id, {}, 0, 1)).at(0);
  CHECK(first.field == "UPC");
  CHECK(first.told == "told");
  CHECK(first.shown == "shown");
  CHECK(first.remedy == Remedy::report_only);
}

TEST_CASE("of each site the latest reports are kept, newest first") {
  StoreBench bench(GENERATE(from_range(store_kinds())));
  auto& reports = bench->reconciliations();
  const auto oldest = must(reports.begin("main", "run-1", false, 1));
  must(reports.add(oldest, std::vector{drift_row("A", DriftKind::missing)}));
  must(reports.begin("other", "theirs", false, 1));
  for (int i = 0; i < 30; ++i) must(reports.begin("main", fmt::format("run{}", i), false, 1));
  const auto list = must(reports.list("main", 100));
  CHECK(list.size() == 30);
  CHECK(list.front().run_id == "run29");
  CHECK(must(reports.list("main", 2)).size() == 2);
  CHECK_FALSE(must(reports.find("main", "run-1")));
  CHECK(must(reports.rows(oldest, {}, 0, 10)).empty());
  CHECK(must(reports.list("other", 10)).size() == 1);
}
