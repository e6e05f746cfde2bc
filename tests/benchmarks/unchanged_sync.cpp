// Prints how long a full sync of an unchanged catalogue takes, with items that need not be mapped again and with each
// mapped again, taking turns. Acumatica is in memory, so that only this program's own work is measured.
// usage: benchmark_unchanged_sync [items] [rounds]     (default: 20000 5)

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "sync_bench.hpp"

using namespace product_sync;

namespace {

catalog::Item described_item(int number) {
  auto item = exported_item(fmt::format("RADIO-{:06}", number), std::to_string(number % 1000));
  std::string html = "<h3>Radio</h3>";
  for (int i = 0; i < 12; ++i) {
    html += "<p class=\"richp\"><span style=\"color:#333\">A line of a <b>description</b> with a "
            "<a href=\"https://example.com/\">link</a> and an umlaut ü.</span></p>";
  }
  item.fields["Content"] = html;
  return item;
}

double seconds_of(SyncBench& bench) {
  bench.clock.advance(std::chrono::hours{1});
  const auto start = std::chrono::steady_clock::now();
  const auto run = bench.full();
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (run.counts.rows > 0) throw std::runtime_error("the catalogue was not unchanged");
  return seconds;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const int items = argc > 1 ? std::stoi(argv[1]) : 20'000;
  const int rounds = argc > 2 ? std::stoi(argv[2]) : 5;
  SyncBench bench;
  bench.source.page_size = 500;
  bench.mapping.values.push_back(
      {"Description", catalog::find_column("Description"), false, {*catalog::parse_source("field:Content")}, true});
  bench.mapping.arrange();
  for (int i = 0; i < items; ++i) bench.source.put(described_item(i));
  bench.full();
  std::vector<double> spared;
  std::vector<double> mapped;
  for (int round = 0; round < rounds; ++round) {
    for (const bool trust : {true, false}) {
      bench.trust_sources = trust;
      bench.reopen();
      (trust ? spared : mapped).push_back(seconds_of(bench));
    }
  }
  fmt::print("full sync of {} unchanged items, medians of {} rounds\n", items, rounds);
  fmt::print("  each mapped again        {:7.2f} s\n  recognised by their hash {:7.2f} s  ({:.2f} of that)\n",
             median(mapped), median(spared), median(spared) / median(mapped));
  return 0;
}
