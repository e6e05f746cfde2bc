#include "rithum/reply.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>
#include <optional>

#include "base/bytes.hpp"
#include "net/retry.hpp"

namespace product_sync::rithum {
namespace {

constexpr std::size_t kLongestText = 500;
constexpr std::string_view kDenied = "Authorization has been denied for this request.";
/// A refusal is a few words. Longer bodies are data, which may hold any text.
constexpr std::size_t kLongestRefusal = 1000;

struct Meaning {
  int status;
  std::string_view code;
  std::string_view remedy;
};
constexpr std::array kMeanings{
    Meaning{400, "rithum.refused", "Check rithum.profile_id and the names in the request."},
    Meaning{401, "rithum.unauthorized",
            "Check that the application has the scope `inventory` and may use this profile."},
    Meaning{404, "rithum.not_found", "Check rithum.url and rithum.profile_id."},
    Meaning{413, "rithum.too_large", "Lower the size of what is sent at once."},
    Meaning{414, "rithum.too_large", "Lower the size of what is sent at once."},
    Meaning{429, "rithum.throttled", "Lower rithum.limits, or let other integrations run at other times."},
};

std::optional<std::string> message_of(std::string_view body) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(simdjson::padded_string(body)).get_object().get(object) != simdjson::SUCCESS) return std::nullopt;
  std::string_view text;
  if (object["error"]["message"].get_string().get(text) == simdjson::SUCCESS) return std::string(text);
  if (object["Message"].get_string().get(text) == simdjson::SUCCESS) return std::string(text);
  return std::nullopt;
}

}  // namespace

std::string failure_text(std::string_view body) {
  if (const auto message = message_of(body)) return excerpt(*message, kLongestText);
  return trim(body).starts_with('<') ? "an HTML page" : excerpt(body, kLongestText);
}

Error failure(std::string_view what, const net::HttpResponse& response, Instant now) {
  const std::string text = failure_text(response.body);
  Error error{"rithum.unexpected_status",
              fmt::format("{}: Rithum answered {}{}", what, response.status,
                          text.empty() ? "." : fmt::format(" ({}).", text)),
              {},
              Retry::never,
              {}};
  for (const Meaning& meaning : kMeanings) {
    if (meaning.status != response.status) continue;
    error.code = meaning.code;
    error.remedy = meaning.remedy;
  }
  // Codes are to be read by range (rithum.md §5.7): every 5xx may pass.
  if (response.status == 429 || response.status >= 500) {
    if (response.status != 429) error.code = "rithum.server_error";
    error.retry = Retry::later;
    error.retry_after = net::retry_after(response, now);
  }
  return error;
}

bool says_denied(const net::HttpResponse& response) {
  if (response.status == 401) return true;
  if (response.status != 200 || response.body.size() > kLongestRefusal) return false;
  if (response.body.find(kDenied) == std::string::npos) return false;
  return failure_text(response.body) == kDenied;
}

}  // namespace product_sync::rithum
