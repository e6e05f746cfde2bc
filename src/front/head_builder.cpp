#include "front/head_builder.hpp"

#include <algorithm>
#include <array>

#include "front/refusals.hpp"
#include "front/syntax.hpp"

namespace product_sync::front {
namespace {

// CONNECT is left out: this server is no proxy. TRACE is known and served nowhere.
constexpr std::array<std::string_view, 8> kMethods{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"};

/// Whether a comma-separated list names `wanted`.
bool lists(std::string_view list, std::string_view wanted) {
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    if (equal_ignoring_case(trim_blanks(list.substr(0, end)), wanted)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

bool is_version(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return text.size() == 8 && text.starts_with("HTTP/") && is_digit(text[5]) && text[6] == '.' && is_digit(text[7]);
}

}  // namespace

std::optional<Refusal> HeadBuilder::add(std::string_view line) {
  if (expects_request_line()) return request_line(line);
  if (!line.empty()) return field(line);
  return finish();
}

std::optional<Refusal> HeadBuilder::request_line(std::string_view line) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || last == first) return refusals::kRequestLine;
  const auto method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  const auto version = line.substr(last + 1);
  if (!is_token(method) || !is_version(version)) return refusals::kRequestLine;
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return refusals::kVersion;
  if (std::ranges::find(kMethods, method) == kMethods.end()) return refusals::kMethod;
  if (!is_origin_form(target)) return refusals::kTarget;
  head_.method = method;
  head_.target = target;
  head_.minor_version = version.back() - '0';
  return std::nullopt;
}

std::optional<Refusal> HeadBuilder::field(std::string_view line) {
  if (line.front() == ' ' || line.front() == '\t') return refusals::kFoldedLine;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return refusals::kFieldLine;
  if (head_.fields.size() == most_fields_) return refusals::kTooManyFields;
  const auto name = line.substr(0, colon);
  const auto value = line.substr(colon + 1);
  if (auto refused = check_tabs(name, value)) return refused;
  head_.fields.add(name, trim_blanks(value));
  return std::nullopt;
}

/// Tabs around a value are allowed (RFC 9110 §5.5), but readers disagree about them where they frame a message: llhttp takes
/// no length with a tab behind it.
std::optional<Refusal> HeadBuilder::check_tabs(std::string_view name, std::string_view value) {
  if (value.find('\t') == std::string_view::npos) return std::nullopt;
  if (equal_ignoring_case(name, "content-length")) return refusals::kContentLength;
  if (equal_ignoring_case(name, "transfer-encoding")) return refusals::kTransferEncoding;
  return std::nullopt;
}

std::optional<Refusal> HeadBuilder::finish() {
  if (auto refused = check_host()) return refused;
  if (auto refused = read_framing()) return refused;
  if (auto refused = read_expectation()) return refused;
  read_connection();
  complete_ = true;
  return std::nullopt;
}

std::optional<Refusal> HeadBuilder::check_host() const {
  const auto hosts = head_.fields.count("host");
  if (hosts == 0 && head_.minor_version == 0) return std::nullopt;
  if (hosts != 1 || !is_host(head_.fields.find("host"))) return refusals::kHost;
  return std::nullopt;
}

std::optional<Refusal> HeadBuilder::read_framing() {
  const auto lengths = head_.fields.count("content-length");
  const auto codings = head_.fields.count("transfer-encoding");
  if (lengths > 0 && codings > 0) return refusals::kTwoFramings;
  if (lengths > 0) {
    head_.content_length = parse_length(head_.fields.find("content-length"));
    if (lengths > 1 || !head_.content_length) return refusals::kContentLength;
  }
  if (codings > 0) {
    const auto coding = head_.fields.find("transfer-encoding");
    if (codings > 1 || head_.minor_version == 0) return refusals::kTransferEncoding;
    if (!equal_ignoring_case(coding, "chunked")) {
      return is_token(coding) ? refusals::kTransferCoding : refusals::kTransferEncoding;
    }
    head_.chunked = true;
  }
  const auto content_codings = head_.fields.count("content-encoding");
  const bool plain = content_codings == 1 && equal_ignoring_case(head_.fields.find("content-encoding"), "identity");
  if (content_codings > 0 && !plain) return refusals::kContentCoding;
  return std::nullopt;
}

std::optional<Refusal> HeadBuilder::read_expectation() {
  // RFC 9110 §10.1.1: HTTP/1.0 knows no expectations.
  if (head_.fields.count("expect") == 0 || head_.minor_version == 0) return std::nullopt;
  if (!equal_ignoring_case(head_.fields.find("expect"), "100-continue")) return refusals::kExpectation;
  head_.expects_continue = head_.has_body();
  return std::nullopt;
}

void HeadBuilder::read_connection() {
  bool close = false;
  bool keep = false;
  for (std::size_t i = 0; i < head_.fields.size(); ++i) {
    const auto [name, value] = head_.fields[i];
    if (name != "connection") continue;
    // What follows an offer of another protocol is read as that protocol by some: nothing of it is served here.
    close = close || lists(value, "close") || lists(value, "upgrade");
    keep = keep || lists(value, "keep-alive");
  }
  head_.keep_alive = !close && (head_.minor_version == 1 || keep);
}

}  // namespace product_sync::front
