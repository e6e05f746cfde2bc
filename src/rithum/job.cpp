#include "rithum/job.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "net/url.hpp"

namespace product_sync::rithum {
namespace {

using enum JobPhase;

constexpr std::array<std::pair<std::string_view, JobPhase>, 18> kPhases{{
    {"Aborted", failed},
    {"AbortedAcknowledged", failed},
    {"AcknowledgedNotVisible", failed},
    {"Complete", complete},
    {"CompleteWithErrors", partial},
    {"CompleteWithSystemicErrors", partial},
    {"DeletedReadyForRemoval", failed},
    {"FailedValidation", failed},
    {"InProgress", running},
    {"InProgressPartitioning", running},
    {"InProgressProcessing", running},
    {"InProgressQueuedforProcessing", running},
    {"InProgressValidation", running},
    {"Pending", running},
    {"PendingPartitioning", running},
    {"Requeue", running},
    {"SelectedForPartitioning", running},
    {"SystemicFailure", failed},
}};

}  // namespace

JobPhase phase_of(std::string_view status) {
  const auto found = std::ranges::find(kPhases, status, &std::pair<std::string_view, JobPhase>::first);
  return found == kPhases.end() ? running : found->second;
}

std::array<std::string_view, 18> known_statuses() {
  std::array<std::string_view, 18> names;
  std::ranges::transform(kPhases, names.begin(), &std::pair<std::string_view, JobPhase>::first);
  return names;
}

Result<Job> parse_job(std::string_view what, const std::string& body) {
  const auto unexpected = [&] {
    return fail("rithum.unexpected_reply", fmt::format("{} was answered without a token and a status.", what),
                "Check rithum.url.");
  };
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(body).get(root) != simdjson::SUCCESS) return unexpected();
  Job job;
  std::string_view text;
  if (root["Token"].get_string().get(text) != simdjson::SUCCESS || text.empty()) return unexpected();
  job.token = text;
  if (root["Status"].get_string().get(text) != simdjson::SUCCESS) return unexpected();
  job.status = text;
  if (root["ResponseFileUrl"].get_string().get(text) == simdjson::SUCCESS) job.result_url = text;
  return job;
}

Result<Job> look_at_job(Account& account, std::string_view resource, const std::string& token, Account::Kind kind,
                        std::stop_token stop) {
  net::HttpRequest request;
  request.url = net::QueryBuilder().add("token", token).append_to(fmt::format("v1/{}", resource));
  return account.call(request, kind, std::move(stop), [&](const net::HttpResponse& response) -> Result<Job> {
    const auto what = fmt::format("Asking for a {}", resource);
    if (response.status != 200) return tl::unexpected<Error>(account.failure(what, response));
    return parse_job(what, response.body);
  });
}

}  // namespace product_sync::rithum
