#include "acumatica/reply.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>

#include "base/bytes.hpp"
#include "net/retry.hpp"

namespace product_sync::acumatica {
namespace {

constexpr std::size_t kLongestExcerpt = 500;

/// Where messages stand: Acumatica's ErrorMessage (acumatica.md §2.5), then OAuth's (RFC 6749 §5.2).
constexpr std::array<std::string_view, 4> kMessageMembers{"message", "exceptionMessage", "error", "error_description"};

struct Meaning {
  int status;
  std::string_view code;
  std::string_view remedy;
};
constexpr std::array kMeanings{
    Meaning{401, "acumatica.unauthorized", "Check the user's name, password and tenant."},
    Meaning{403, "acumatica.forbidden",
            "Give the user View rights on Stock Items (IN202500), and check that the feature is switched on."},
    Meaning{404, "acumatica.not_found", "Check the instance's address and the endpoint version."},
    Meaning{429, "acumatica.throttled",
            "Lower the share of the licence, or let other integrations run at other times."},
};

}  // namespace

std::string failure_text(std::string_view body) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(simdjson::padded_string(body)).get_object().get(object) != simdjson::SUCCESS) {
    return trim(body).starts_with('<') ? "an HTML page" : excerpt(body, kLongestExcerpt);
  }
  std::string text;
  for (const std::string_view member : kMessageMembers) {
    std::string_view value;
    if (object[member].get_string().get(value) != simdjson::SUCCESS || value.empty()) continue;
    if (!text.empty()) text += " ";
    text += value;
  }
  return excerpt(text.empty() ? body : std::string_view(text), kLongestExcerpt);
}

bool says_seats_exhausted(const net::HttpResponse& response) {
  return response.status >= 400 && response.body.find("API Login Limit") != std::string::npos;
}

Error failure(std::string_view what, const net::HttpResponse& response, Instant now) {
  const std::string text = failure_text(response.body);
  Error error{"acumatica.unexpected_status",
              fmt::format("{}: Acumatica answered {}", what, response.status),
              {},
              Retry::never,
              {}};
  error.message += text.empty() ? "." : fmt::format(" ({}).", text);
  if (says_seats_exhausted(response)) {
    error.code = "acumatica.seats_exhausted";
    error.remedy =
        "All API seats of the licence are taken: sign other integrations out, or see License Monitoring Console "
        "(SM604000).";
    error.retry = Retry::later;
    return error;
  }
  for (const Meaning& meaning : kMeanings) {
    if (meaning.status != response.status) continue;
    error.code = meaning.code;
    error.remedy = meaning.remedy;
  }
  if (response.status == 500 && (response.body.find("Optimization cannot be performed") != std::string::npos ||
                                 response.body.find("CannotOptimizeException") != std::string::npos)) {
    error.code = "acumatica.not_optimizable";
    return error;
  }
  if (net::is_passing(response.status)) {
    if (response.status != 429) error.code = "acumatica.server_error";
    error.retry = Retry::later;
    error.retry_after = net::retry_after(response, now);
  }
  return error;
}

}  // namespace product_sync::acumatica
