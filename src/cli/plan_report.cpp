#include "cli/plan_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "cli/plan_text.hpp"
#include "cli/run_report.hpp"
#include "server/json.hpp"

namespace product_sync::cli {
namespace {

constexpr const char* kStandardOutput = "-";

auto unwritable(const std::string& what, int error) {
  return fail("plan.unwritable",
              fmt::format("The plan cannot be written to {}: {}.", what, std::generic_category().message(error)),
              "Name a file that can be written, on a disk with room.");
}

}  // namespace

Result<PlanReport> PlanReport::open(const PlanForms& forms) {
  File csv(nullptr, [](std::FILE* file) { return file == stdout ? std::fflush(file) : std::fclose(file); });
  if (!forms.csv.empty()) {
    csv.reset(forms.csv == kStandardOutput ? stdout : std::fopen(forms.csv.c_str(), "wb"));
    if (!csv) return unwritable(forms.csv, errno);
  }
  PlanReport report(forms, std::move(csv));
  if (report.csv_) report.write(report.csv_.get(), plan_csv_header());
  return report;
}

void PlanReport::write(std::FILE* file, std::string_view text) {
  failed_ |= std::fwrite(text.data(), 1, text.size(), file) != text.size();
}

void PlanReport::add(std::string_view site, const sync::PlannedProduct& product) {
  totals_.add(product);
  if (csv_) write(csv_.get(), plan_csv(site, product));
  if (forms_.json) {
    auto line = server::to_json(product);
    line["site"] = site;
    write(stdout, line.dump() + "\n");
  } else if (table() && (forms_.most == 0 || shown_ < forms_.most)) {
    ++shown_;
    write(stdout, plan_table(product));
  }
}

void PlanReport::end(const store::Run& run, std::string_view title, const MappedKeys& keys) {
  const auto totals = std::exchange(totals_, {});
  const auto hidden = [&] {
    std::uint64_t products = 0;
    for (const auto& [state, count] : totals.products) products += count;
    return products - shown_;
  }();
  if (forms_.json) {
    server::Json line = {{"site", run.what.site}, {"totals", server::to_json(totals)}};
    if (!keys.no_longer.empty()) line["no_longer_mapped"] = keys.no_longer;
    if (!keys.newly.empty()) line["newly_mapped"] = keys.newly;
    line["run"] = server::to_json(run);
    write(stdout, line.dump() + "\n");
  } else {
    auto* const out = table() ? stdout : stderr;
    if (table() && hidden > 0) write(out, fmt::format("… and {} more products\n", hidden));
    write(out, plan_table(totals, title));
    if (!keys.newly.empty()) write(out, fmt::format("  newly mapped: {}\n", fmt::join(keys.newly, ", ")));
    if (!keys.no_longer.empty()) {
      write(out, fmt::format("  no longer mapped, Rithum keeps what it has: {}\n", fmt::join(keys.no_longer, ", ")));
    }
    write(out, run_text(run));
  }
  shown_ = 0;
}

Result<void> PlanReport::close() {
  errno = 0;
  const bool closed = !csv_ || csv_.get_deleter()(csv_.release()) == 0;
  if (closed && !failed_ && std::fflush(stdout) == 0) return {};
  return unwritable(forms_.csv.empty() || forms_.csv == kStandardOutput ? "standard output" : forms_.csv, errno);
}

}  // namespace product_sync::cli
