// Reads whole catalogues of several sizes from the Acumatica simulator and prints the reader's time and peak memory.
// usage: benchmark_read_items [items ...]     (default: 10000 100000)

#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "acumatica/rest_item_source.hpp"
#include "net/curl_http_client.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

namespace product_sync {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kRead = "--read";  // what the program says to itself: one process for each measurement

long peak_kibibytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

/// Reads everything at `url` and prints what it took.
int read_all(const std::string& url) {
  const net::CurlRuntime runtime;
  SystemClock clock;
  Logger logger(LogFormat::text, LogLevel::warning);
  net::CurlHttpClient client({}, clock);
  const TemporaryDirectory directory("tokens");
  acumatica::FileTokenStore store(directory / "token.json", clock);

  acumatica::RestItemSourceOptions options;
  options.base_url = url;
  options.tenant = "MyTenant";
  options.credentials = acumatica::PasswordGrant{"product-sync", Secret("client-secret"), "admin", Secret("secret")};
  catalog::Needs needs;
  needs.fields = {"Description", "ItemClass", "ItemStatus", "Content", "DefaultPrice", "DimensionWeight"};
  needs.custom_fields = {"ItemSettings.UsrActiveOnRithum"};
  needs.attributes = true;
  needs.cross_references = true;
  acumatica::RestItemSource source(options, needs, client,
                                   acumatica::RestItemSource::make_session(options, client, store, clock, logger),
                                   clock, logger);

  const auto start = clock.monotonic();
  const auto summary =
      source.read(acumatica::Everything{}, [](std::vector<catalog::Item>&&) -> Result<void> { return {}; }, {});
  if (!summary) {
    fmt::print(stderr, "{}\n", summary.error().text());
    return 1;
  }
  const auto seconds = std::chrono::duration<double>(clock.monotonic() - start).count();
  fmt::print("{:>9} items  {:>5} requests  {:>7.2f} s  {:>8.0f} items/s  peak {:>6.1f} MiB\n", summary->items,
             summary->requests, seconds, static_cast<double>(summary->items) / seconds,
             static_cast<double>(peak_kibibytes()) / 1024.0);
  return 0;
}

int measure(const std::string& items) {
  const TemporaryDirectory directory("benchmark");
  ChildProcess simulator({ACUMATICA_SIMULATOR, "--items", items}, directory.path());
  const std::string line = simulator.wait_for_line("listening on ");
  ChildProcess reader({"/proc/self/exe", std::string(kRead), line.substr(line.find("http://"))}, directory.path());
  const int status = reader.wait(1h);
  fmt::print("{}{}", reader.output(), reader.error_output());
  std::fflush(stdout);
  return status;
}

int run(std::vector<std::string> arguments) {
  if (arguments.size() == 2 && arguments[0] == kRead) return read_all(arguments[1]);
  if (arguments.empty()) arguments = {"10000", "100000"};
  for (const std::string& items : arguments) {
    if (const int status = measure(items); status != 0) return status;
  }
  return 0;
}

}  // namespace
}  // namespace product_sync

int main(int argc, char** argv) try {
  return product_sync::run({argv + 1, argv + argc});
} catch (const std::exception& error) {
  std::fprintf(stderr, "benchmark_read_items: %s\n", error.what());
  return 1;
}
