#include "job_api.hpp"

#include <algorithm>
#include <sstream>

#include "instant.hpp"
#include "product_table.hpp"
#include "replies.hpp"
#include "result_table.hpp"
#include "zip_archive.hpp"

namespace rithum_simulator {
namespace {

using nlohmann::json;

constexpr std::string_view kTab = "text/tab-separated-values";
constexpr std::string_view kZip = "application/zip";

HttpReply job_reply(const HttpRequest& request, const JobState& state) {
  json url;
  if (state.has_response_file) {
    url = "http://" + request.host + std::string(JobApi::kFiles) + percent_encode(state.token);
  }
  return json_reply({{"$id", "1"},
                     {"Token", state.token},
                     {"Status", state.status},
                     {"StartedOnUtc", to_iso(state.started_at)},
                     {"ResponseFileUrl", url}});
}

}  // namespace

bool JobApi::is_own_profile(const HttpRequest& request) const {
  return request.param("profileid") == std::to_string(account_.profile_id);
}

HttpReply JobApi::start_upload(const HttpRequest& request) {
  if (!is_own_profile(request)) return message_reply(400, "The profile ID is not one of this authorization.");
  if (request.body.size() > limits_.rules().upload_bytes) return {413, "Request Entity Too Large", "text/plain"};
  std::optional<std::string> content;
  if (request.content_type.starts_with(kTab)) content = request.body;
  if (request.content_type.starts_with(kZip)) content = unzip(request.body);
  if (!content) return message_reply(415, "The content type '" + request.content_type + "' cannot be read.");

  FeedName name;
  name.mode = names_.default_mode;
  if (const auto wanted = request.param("importtype"); !wanted.empty()) {
    const auto mode = mode_from(wanted);
    if (!mode) return odata_error(400, "The import type '" + wanted + "' does not exist.");
    name.mode = *mode;
  }
  name.template_code = request.param("templatecode");
  const bool known = name.template_code.empty() || std::ranges::count(names_.template_codes, name.template_code) != 0;
  if (!known) return odata_error(400, "There is no template '" + name.template_code + "'.");
  if (!limits_.take_upload(now_ms())) return injected_error(429);
  return job_reply(request, jobs_.start([this, content = *std::move(content), name](const std::stop_token& stop) {
    return upload(content, name, stop);
  }));
}

Jobs::Result JobApi::upload(const std::string& content, const FeedName& name, const std::stop_token& stop) {
  FileRecord record = processor_.next_record();
  record.name = "upload " + std::to_string(record.number);
  record.directory = "upload";
  record.feed_name = name;
  record.first_seen_at = record.picked_up_at = now_ms();
  ResultTable table;
  std::istringstream stream(content);
  record = processor_.process(stream, std::move(record), stop,
                              [&](const FeedRow& row, std::string_view sku, const RowResult& result) {
                                table.add(row, sku, result);
                              });
  if (!record.refusal.empty()) return {"FailedValidation", std::nullopt};
  const bool clean = record.outcomes[Outcome::rejected] == 0;
  return {clean ? "Complete" : "CompleteWithErrors", ResponseFile{table.text(), "text/tab-separated-values"}};
}

HttpReply JobApi::start_export(const HttpRequest& request) {
  if (!is_own_profile(request)) return message_reply(400, "The profile ID is not one of this authorization.");
  if (const auto unknown = unknown_property(request.body); !unknown.empty()) {
    return odata_error(400, "Could not find a property named '" + unknown + "' on type 'Product'.");
  }
  std::optional<Filter> filter;
  if (const auto text = request.param("$filter"); !text.empty()) {
    std::string error;
    filter = Filter::parse(text, error);
    if (!filter) return odata_error(400, error);
  }
  if (!limits_.take_export(now_ms())) return injected_error(429);
  return job_reply(request, jobs_.start([this, wanted = request.body, filter](const std::stop_token&) -> Jobs::Result {
    std::string table;
    {
      const std::lock_guard lock(world_.mutex);
      table = product_table(world_.catalogue, account_.profile_id, wanted, filter);
    }
    return {"Complete", ResponseFile{zip_of("products.txt", table), "application/zip"}};
  }));
}

HttpReply JobApi::look(const HttpRequest& request) {
  const auto state = jobs_.look(request.param("token"));
  return state ? job_reply(request, *state) : odata_error(404, "There is no job with this token.");
}

HttpReply JobApi::response_file(const HttpRequest& request) const {
  auto file = jobs_.response_file(request.path.substr(kFiles.size()));
  if (!file) return {404, "<html><body><h1>Not Found</h1></body></html>", "text/html"};
  return {200, std::move(file->content), std::move(file->content_type)};
}

}  // namespace rithum_simulator
