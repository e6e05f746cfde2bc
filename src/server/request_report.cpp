#include "server/request_report.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "base/time.hpp"
#include "server/csv.hpp"

namespace product_sync::server {
namespace {

auto bad_filter(std::string_view name, std::string_view text, std::string_view expected) {
  return fail("requests.bad_filter", fmt::format("{}: \"{}\" is not {}.", name, text, expected));
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// `404`, `4xx`, `400-499`
bool read_status(std::string_view text, store::ExchangeFilter& filter) {
  if (text.size() == 3 && text.ends_with("xx") && text[0] >= '1' && text[0] <= '5') {
    filter.least_status = (text[0] - '0') * 100;
    filter.most_status = filter.least_status + 99;
    return true;
  }
  const auto dash = text.find('-');
  const auto first = parse_number<int>(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_number<int>(text.substr(dash + 1));
  if (!first || !last || *first < 0 || *last < *first || *last == 0) return false;
  filter.least_status = *first;
  filter.most_status = *last;
  return true;
}

Result<void> read_time(std::string_view name, std::string_view text, std::optional<Instant>& time) {
  if (text.empty()) return {};
  const auto instant = parse_iso8601(std::string(text));
  if (!instant) return bad_filter(name, text, "a time, like 2026-11-01T08:00:00Z");
  time = *instant;
  return {};
}

}  // namespace

Json to_json(const store::LoggedExchange& exchange) {
  Json json{{"number", exchange.number},
            {"at", to_iso8601(exchange.at)},
            {"site", exchange.site},
            {"run", exchange.run_id},
            {"trace", exchange.trace_id},
            {"peer", store::to_text(exchange.peer)},
            {"direction", store::to_text(exchange.direction)},
            {"method", exchange.method},
            {"target", exchange.target},
            {"status", exchange.status},
            {"failed", exchange.failed},
            {"error_code", exchange.error_code},
            {"error", exchange.error},
            {"elapsed_ms", exchange.elapsed.count()},
            {"bytes_sent", exchange.bytes_sent},
            {"bytes_received", exchange.bytes_received},
            {"correlation", exchange.correlation},
            {"bodies", exchange.bodies}};
  if (!exchange.request_body.empty()) json["request_body"] = exchange.request_body;
  if (!exchange.response_body.empty()) json["response_body"] = exchange.response_body;
  return json;
}

std::string exchanges_csv_header() {
  std::string csv;
  add_csv_line(csv, {"number", "at", "site", "run", "trace", "peer", "direction", "method", "target", "status", "failed",
                     "error_code", "error", "elapsed_ms", "bytes_sent", "bytes_received", "correlation"});
  return csv;
}

std::string exchange_csv(const store::LoggedExchange& exchange) {
  std::string csv;
  add_csv_line(csv, {std::to_string(exchange.number), to_iso8601(exchange.at), exchange.site, exchange.run_id,
                     exchange.trace_id, store::to_text(exchange.peer), store::to_text(exchange.direction),
                     exchange.method, exchange.target, std::to_string(exchange.status),
                     exchange.failed ? "true" : "false", exchange.error_code, exchange.error,
                     std::to_string(exchange.elapsed.count()), std::to_string(exchange.bytes_sent),
                     std::to_string(exchange.bytes_received), exchange.correlation});
  return csv;
}

Result<store::ExchangeFilter> parse_exchange_filter(const std::function<std::string_view(std::string_view)>& value) {
  store::ExchangeFilter filter;
  filter.site = value("site");
  filter.run_id = value("run");
  filter.trace_id = value("trace");
  filter.method = value("method");
  filter.text = value("text");
  if (const auto text = value("peer"); !text.empty()) {
    filter.peer = store::parse_peer(text);
    if (!filter.peer) return bad_filter("peer", text, "acumatica, rithum or destination");
  }
  if (const auto text = value("direction"); !text.empty()) {
    filter.direction = store::parse_direction(text);
    if (!filter.direction) return bad_filter("direction", text, "outgoing or incoming");
  }
  if (const auto text = value("status"); !text.empty() && !read_status(text, filter)) {
    return bad_filter("status", text, "a status like 404, a class like 4xx, or a range like 400-499");
  }
  if (const auto text = value("failed"); !text.empty()) {
    if (text != "true" && text != "false") return bad_filter("failed", text, "true or false");
    filter.failed = text == "true";
  }
  if (auto read = read_time("from", value("from"), filter.from); !read) return tl::unexpected(read.error());
  if (auto read = read_time("to", value("to"), filter.to); !read) return tl::unexpected(read.error());
  if (const auto text = value("at_least_ms"); !text.empty()) {
    const auto number = parse_number<std::uint32_t>(text);
    if (!number) return bad_filter("at_least_ms", text, "a number of milliseconds");
    filter.at_least = std::chrono::milliseconds(*number);
  }
  if (const auto text = value("least_bytes"); !text.empty()) {
    const auto number = parse_number<std::uint32_t>(text);
    if (!number) return bad_filter("least_bytes", text, "a number of bytes");
    filter.least_bytes = *number;
  }
  return filter;
}

}  // namespace product_sync::server
