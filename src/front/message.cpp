#include "front/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/bytes.hpp"

namespace product_sync::front {
namespace {

struct Phrase {
  int status;
  std::string_view text;
};

constexpr std::array kPhrases = {
    Phrase{200, "OK"},
    Phrase{201, "Created"},
    Phrase{202, "Accepted"},
    Phrase{204, "No Content"},
    Phrase{304, "Not Modified"},
    Phrase{400, "Bad Request"},
    Phrase{401, "Unauthorized"},
    Phrase{403, "Forbidden"},
    Phrase{404, "Not Found"},
    Phrase{405, "Method Not Allowed"},
    Phrase{408, "Request Timeout"},
    Phrase{409, "Conflict"},
    Phrase{411, "Length Required"},
    Phrase{413, "Content Too Large"},
    Phrase{414, "URI Too Long"},
    Phrase{415, "Unsupported Media Type"},
    Phrase{417, "Expectation Failed"},
    Phrase{422, "Unprocessable Content"},
    Phrase{429, "Too Many Requests"},
    Phrase{431, "Request Header Fields Too Large"},
    Phrase{500, "Internal Server Error"},
    Phrase{501, "Not Implemented"},
    Phrase{503, "Service Unavailable"},
    Phrase{505, "HTTP Version Not Supported"},
};

constexpr std::string_view kForEveryResponse = "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n";
// nginx would keep a stream back until it has much of it.
constexpr std::string_view kUnbuffered = "X-Accel-Buffering: no\r\n";
constexpr std::string_view kClose = "Connection: close\r\n";

}  // namespace

void Fields::add(std::string_view name, std::string_view value) {
  spans_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()),
                    static_cast<std::uint32_t>(value.size())});
  for (const char c : name) text_ += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  text_ += value;
}

Fields::Field Fields::operator[](std::size_t index) const {
  const auto& span = spans_[index];
  const std::string_view text = text_;
  return {text.substr(span.start, span.name_size), text.substr(span.start + span.name_size, span.value_size)};
}

std::string_view Fields::find(std::string_view name) const {
  for (std::size_t i = 0; i < spans_.size(); ++i) {
    if (const auto field = (*this)[i]; field.name == name) return field.value;
  }
  return {};
}

std::size_t Fields::count(std::string_view name) const {
  std::size_t found = 0;
  for (std::size_t i = 0; i < spans_.size(); ++i) found += (*this)[i].name == name ? 1U : 0U;
  return found;
}

std::string_view RequestHead::path() const { return std::string_view(target).substr(0, target.find('?')); }

std::string_view RequestHead::query() const {
  const auto mark = target.find('?');
  return mark == std::string::npos ? std::string_view{} : std::string_view(target).substr(mark + 1);
}

Response problem(int status, std::string_view code, std::string_view title, std::string_view remedy) {
  auto body = fmt::format(R"({{"status":{},"code":{},"title":{})", status, json_quote(code), json_quote(title));
  if (!remedy.empty()) body += fmt::format(R"(,"detail":{})", json_quote(remedy));
  return {status, "application/problem+json", body + "}\n", {}, std::string(code)};
}

Response to_response(const Refusal& refusal) { return problem(refusal.status, refusal.code, refusal.title); }

Response internal_error() { return problem(500, "internal", "Product Sync failed to answer; its log has the cause."); }

std::string_view reason_phrase(int status) {
  const auto found = std::ranges::find(kPhrases, status, &Phrase::status);
  return found == kPhrases.end() ? std::string_view{} : found->text;
}

std::string serialize(const Response& response, std::string_view date, bool keep_alive, int minor_version,
                      bool is_head) {
  std::string bytes;
  bytes.reserve(256 + response.body.size());
  const auto out = std::back_inserter(bytes);
  fmt::format_to(out, "HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, reason_phrase(response.status), date);
  if (!response.content_type.empty()) fmt::format_to(out, "Content-Type: {}\r\n", response.content_type);
  fmt::format_to(out, "Content-Length: {}\r\n", response.body.size());
  for (const auto& [name, value] : response.headers) fmt::format_to(out, "{}: {}\r\n", name, value);
  bytes += kForEveryResponse;
  if (!keep_alive) {
    bytes += kClose;
  } else if (minor_version == 0) {
    bytes += "Connection: keep-alive\r\n";
  }
  bytes += "\r\n";
  if (!is_head) bytes += response.body;
  return bytes;
}

std::string serialize_stream_head(int status, std::string_view content_type, std::string_view date,
                                  int minor_version) {
  const std::string_view framing = minor_version == 0 ? "" : "Transfer-Encoding: chunked\r\n";
  return fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\nContent-Type: {}\r\n{}{}{}{}\r\n", status, reason_phrase(status),
                     date, content_type, framing, kForEveryResponse, kUnbuffered, kClose);
}

std::string chunk_of(std::string_view piece) { return fmt::format("{:x}\r\n{}\r\n", piece.size(), piece); }

}  // namespace product_sync::front
