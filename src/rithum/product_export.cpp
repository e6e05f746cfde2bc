#include "rithum/product_export.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "net/url.hpp"
#include "rithum/properties.hpp"
#include "rithum/result_file.hpp"
#include "rithum/table_reader.hpp"
#include "rithum/us_time.hpp"

namespace product_sync::rithum {
namespace {

constexpr std::string_view kResource = "ProductExport";

/// Refusals of the job that were seen, and that paging gets around (rithum.md §5.3).
constexpr std::array<std::string_view, 3> kUnavailable{"rithum.refused", "rithum.throttled", "rithum.server_error"};

bool is_unavailable(const Error& error) {
  return std::find(kUnavailable.begin(), kUnavailable.end(), error.code) != kUnavailable.end();
}

/// The columns to ask for, separated by commas. Attributes have no names of their own to ask for: with them, all
/// columns are exported, which an empty body means.
std::string columns_of(const Wanted& wanted) {
  if (wanted.attributes) return {};
  std::string names = "ID,Sku,UpdateDateUtc";
  for (const auto& column : wanted.columns) {
    if (const auto* property = property_of(column)) names += fmt::format(",{}", property->name);
  }
  return names;
}

/// Where what we read stands in the table.
struct Places {
  explicit Places(const TableHeader& header)
      : id(header.find("ID")), sku(header.find("Sku")), updated(header.find("UpdateDateUtc")) {
    for (const auto& property : properties()) {
      if (const int place = header.find(property.name); place >= 0) values.emplace_back(property.column, place);
    }
    for (int n = 1;; ++n) {
      const int name = header.find(fmt::format("Attribute{}Name", n));
      if (name < 0) break;
      attributes.emplace_back(name, header.find(fmt::format("Attribute{}Value", n)));
    }
  }

  int id;
  int sku;
  int updated;
  std::vector<std::pair<std::string_view, int>> values;
  std::vector<std::pair<int, int>> attributes;
};

ShownProduct read_row(const Places& places, const TableRow& row) {
  ShownProduct product{std::string(row.at(places.id)), std::string(row.at(places.sku)),
                       parse_us_time(row.at(places.updated)), {}};
  for (const auto& [column, place] : places.values) {
    if (!row.at(place).empty()) product.values.emplace(column, row.at(place));
  }
  for (const auto& [name, value] : places.attributes) {
    if (row.at(name).empty() || row.at(value).empty()) continue;
    product.values.insert_or_assign("attribute:" + std::string(row.at(name)), std::string(row.at(value)));
  }
  return product;
}

}  // namespace

Result<void> ProductExport::read_all(const Wanted& wanted, const ProductSink& sink, std::stop_token stop) {
  // Counted first: products made while the job runs may or may not be in it.
  const auto expected = reader_.count(stop);
  if (!expected) return tl::unexpected<Error>(expected.error());
  auto job = start(wanted, stop);
  if (!job && is_unavailable(job.error())) {
    account_.log().warning("rithum.export_refused", job.error().message + " Products are read page by page instead.",
                           {{"profile", account_.profile_id()}});
    return reader_.read_all(wanted, sink, std::move(stop));
  }
  if (job) job = wait(std::move(*job), stop);
  if (!job) return tl::unexpected<Error>(std::move(job.error()));
  const ResultFile file(options_.directory);
  if (auto fetched = account_.download(job->result_url, file.path(), stop); !fetched) return fetched;
  return read_table(file.path(), sink, *expected);
}

Result<Job> ProductExport::start(const Wanted& wanted, std::stop_token stop) {
  net::HttpRequest request;
  request.method = "POST";
  request.url = net::QueryBuilder().add("profileid", account_.profile_id()).append_to("v1/ProductExport");
  request.headers = {{"Content-Type", "text/plain"}};
  request.body = columns_of(wanted);
  return account_.call(request, Account::Kind::export_job, std::move(stop),
                       [&](const net::HttpResponse& response) -> Result<Job> {
                         if (response.status == 200) return parse_job("Starting an export", response.body);
                         return tl::unexpected<Error>(account_.failure("Starting an export", response));
                       });
}

Result<Job> ProductExport::wait(Job job, std::stop_token stop) {
  const Monotonic deadline = account_.clock().monotonic() + options_.deadline;
  while (job.phase() == JobPhase::running) {
    if (account_.clock().monotonic() >= deadline) {
      return fail("rithum.job_overdue",
                  fmt::format("An export of profile {} still says {}.", account_.profile_id(), job.status),
                  "It is tried again later.", Retry::later);
    }
    if (account_.clock().sleep(options_.poll, stop) == WaitEnd::stopped) return cancelled("Waiting for an export");
    auto next = look_at_job(account_, kResource, job.token, Account::Kind::export_job, stop);
    if (!next) return next;
    job = std::move(*next);
  }
  if (job.phase() != JobPhase::failed && !job.result_url.empty()) return job;
  return fail("rithum.job_failed",
              fmt::format("An export of profile {} ended as {}{}.", account_.profile_id(), job.status,
                          job.result_url.empty() ? " without a file" : ""),
              "It is tried again later.", Retry::later);
}

Result<void> ProductExport::read_table(const std::filesystem::path& file, const ProductSink& sink,
                                       std::uint64_t expected) {
  std::optional<Places> places;
  std::uint64_t read = 0;
  TableReader table([&](const TableHeader& header, const TableRow& row) -> Result<void> {
    if (!places) places.emplace(header);
    auto product = read_row(*places, row);
    if (product.id.empty() || product.sku.empty()) {
      return fail("rithum.bad_table", "An export has a row without ID or Sku.",
                  "Rithum's export has other columns than documented; tell the makers of Product Sync.");
    }
    ++read;
    return sink(std::move(product));
  });
  if (auto done = read_result_file(file, [&](std::string_view bytes) { return table.feed(bytes); }); !done) return done;
  if (auto done = table.finish(); !done) return done;
  if (read >= expected) return {};
  return fail("rithum.incomplete",
              fmt::format("An export of profile {} brought {} of {} products.", account_.profile_id(), read, expected),
              "Nothing is concluded from what is missing; the next reading begins anew.", Retry::later);
}

}  // namespace product_sync::rithum
