#include "rithum/product_upload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <system_error>
#include <utility>

#include "base/bytes.hpp"
#include "net/url.hpp"
#include "rithum/result_file.hpp"
#include "rithum/row_reason.hpp"
#include "rithum/table_reader.hpp"

namespace product_sync::rithum {
namespace {

constexpr std::string_view kResource = "ProductUpload";

/// Parts of the words of a status column that say that a row was not taken. None is documented.
constexpr std::array<std::string_view, 6> kRefusals{"error", "fail", "invalid", "reject", "refus", "skip"};

bool says_refused(std::string_view status) {
  const auto word = to_lower_ascii(status);
  return std::ranges::any_of(kRefusals, [&](auto part) { return word.find(part) != std::string::npos; });
}

int first_of(const TableHeader& header, const std::vector<std::string>& names) {
  for (const auto& name : names) {
    if (const int place = header.find(name); place >= 0) return place;
  }
  return -1;
}

struct Places {
  int sku = -1;
  int error = -1;
  int status = -1;
};

std::string error_of(const Places& places, const TableRow& row) {
  if (const auto text = trim(row.at(places.error)); !text.empty()) return row_reason(text);
  const auto status = row.at(places.status);
  return says_refused(status) ? row_reason(status) : std::string{};
}

}  // namespace

Result<Job> ProductUpload::start(const std::filesystem::path& file, std::stop_token stop) {
  std::error_code failure;
  const auto bytes = std::filesystem::file_size(file, failure);
  if (!failure && bytes > options_.longest_file) {
    return fail("rithum.too_large",
                fmt::format("{} has {}, more than the {} that Rithum's interface takes.", file.string(),
                            human_bytes(bytes), human_bytes(options_.longest_file)),
                "Send it by file transfer: configure a destination beside the interface.");
  }
  net::QueryBuilder query;
  query.add("profileid", account_.profile_id()).add("importtype", options_.import_type);
  if (!options_.template_code.empty()) query.add("templatecode", options_.template_code);
  net::HttpRequest request;
  request.method = "POST";
  request.url = query.append_to("v1/ProductUpload");
  request.headers = {{"Content-Type", "text/tab-separated-values"}};
  request.body_file = file;
  return account_.call(request, Account::Kind::upload, std::move(stop),
                       [&](const net::HttpResponse& response) -> Result<Job> {
                         if (response.status == 200) return parse_job("An upload", response.body);
                         return tl::unexpected<Error>(account_.failure("An upload", response));
                       });
}

Result<Job> ProductUpload::look(const std::string& token, std::stop_token stop) {
  return look_at_job(account_, kResource, token, Account::Kind::plain, std::move(stop));
}

Result<std::vector<RowOutcome>> ProductUpload::outcomes(const Job& job, std::stop_token stop) {
  std::vector<RowOutcome> outcomes;
  if (job.result_url.empty()) return outcomes;
  const ResultFile file(options_.directory);
  if (auto fetched = account_.download(job.result_url, file.path(), std::move(stop)); !fetched) {
    return tl::unexpected<Error>(std::move(fetched.error()));
  }
  std::optional<Places> places;
  TableReader table([&](const TableHeader& header, const TableRow& row) -> Result<void> {
    if (!places) {
      places = Places{first_of(header, options_.sku_columns), first_of(header, options_.error_columns),
                      first_of(header, options_.status_columns)};
    }
    if (places->sku < 0 || (places->error < 0 && places->status < 0)) {
      return fail("rithum.bad_table",
                  fmt::format("A result file of Rithum has the columns {}, none of which is known to hold the SKU or the "
                              "error.",
                              fmt::join(header.names(), ", ")),
                  "Name them under rithum.result_file.");
    }
    if (const auto sku = trim(row.at(places->sku)); !sku.empty()) {
      outcomes.push_back({std::string(sku), error_of(*places, row)});
    }
    return {};
  });
  if (auto done = read_result_file(file.path(), [&](std::string_view bytes) { return table.feed(bytes); }); !done) {
    return tl::unexpected<Error>(std::move(done.error()));
  }
  if (auto done = table.finish(); !done) return tl::unexpected<Error>(std::move(done.error()));
  return outcomes;
}

}  // namespace product_sync::rithum
