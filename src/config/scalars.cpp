#include "config/scalars.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <span>

#include "base/bytes.hpp"

namespace product_sync::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr Unit kDurations[] = {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}};

constexpr Unit kSizes[] = {{"TiB", 1ULL << 40U},
                           {"TB", 1'000'000'000'000},
                           {"GiB", 1ULL << 30U},
                           {"GB", 1'000'000'000},
                           {"MiB", 1ULL << 20U},
                           {"MB", 1'000'000},
                           {"KiB", 1ULL << 10U},
                           {"kB", 1'000},
                           {"B", 1}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Digits without leading zeros that fit.
std::optional<std::uint64_t> parse_digits(std::string_view text) {
  if (text.empty() || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{}) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> parse_with_unit(std::string_view text, std::span<const Unit> units) {
  const auto digits = static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
  const auto unit = std::ranges::find(units, text.substr(digits), &Unit::name);
  const auto number = parse_digits(text.substr(0, digits));
  if (unit == units.end() || !number) return std::nullopt;
  if (*number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / unit->factor)
    return std::nullopt;
  return *number * unit->factor;
}

/// The largest unit that gives a whole number.
std::string format_with_unit(std::uint64_t value, std::span<const Unit> units) {
  const Unit* unit = &units.back();
  if (value != 0) unit = &*std::ranges::find_if(units, [&](const Unit& each) { return value % each.factor == 0; });
  return fmt::format("{}{}", value / unit->factor, unit->name);
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  const auto port = parse_digits(text);
  if (!port || *port > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(*port);
}

bool is_ipv6(std::string_view text) {
  const auto allowed = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
  };
  return std::ranges::count(text, ':') >= 2 && std::ranges::all_of(text, allowed);
}

struct Authority {
  std::string_view host;
  std::string_view port;  ///< empty: none was given
};

/// `host`, `host:port`, `[v6]` or `[v6]:port`.
std::optional<Authority> split_authority(std::string_view text) {
  Authority parts;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos || !is_ipv6(text.substr(1, end - 1))) return std::nullopt;
    parts.host = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    if (text.empty()) return parts;
    if (text.size() < 2 || text.front() != ':') return std::nullopt;
    parts.port = text.substr(1);
    return parts;
  }
  const auto colon = text.find(':');
  parts.host = text.substr(0, colon);
  if (!is_host(parts.host)) return std::nullopt;
  if (colon == std::string_view::npos) return parts;
  parts.port = text.substr(colon + 1);
  if (parts.port.empty()) return std::nullopt;
  return parts;
}

}  // namespace

std::optional<bool> parse_boolean(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  const bool negative = text.starts_with('-');
  const auto digits = parse_digits(text.substr(negative ? 1 : 0));
  if (!digits || *digits > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  const auto number = static_cast<std::int64_t>(*digits);
  if (negative && number == 0) return std::nullopt;
  return negative ? -number : number;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto count = parse_with_unit(text, kDurations);
  if (!count) return std::nullopt;
  return std::chrono::milliseconds{static_cast<std::int64_t>(*count)};
}

std::string format_duration(std::chrono::milliseconds duration) {
  return duration.count() == 0 ? "0s" : format_with_unit(static_cast<std::uint64_t>(duration.count()), kDurations);
}

std::optional<std::uint64_t> parse_size(std::string_view text) { return parse_with_unit(text, kSizes); }

std::string format_size(std::uint64_t bytes) { return format_with_unit(bytes, kSizes); }

std::optional<Address> parse_address(std::string_view text) {
  const auto parts = split_authority(text);
  if (!parts) return std::nullopt;
  const auto port = parse_port(parts->port);
  if (!port) return std::nullopt;
  return Address{std::string(parts->host), *port};
}

std::string format_address(const Address& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", v6 ? "[" : "", address.host, v6 ? "]" : "", address.port);
}

std::optional<std::chrono::minutes> parse_utc_offset(std::string_view text) {
  if (text == "Z") return std::chrono::minutes{0};
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const auto two_digits = [&](std::size_t at) -> int {
    if (!is_digit(text[at]) || !is_digit(text[at + 1])) return 99;
    return (text[at] - '0') * 10 + (text[at + 1] - '0');
  };
  const int hours = two_digits(1);
  const int minutes = two_digits(4);
  if (hours > 14 || minutes > 59 || (hours == 14 && minutes > 0)) return std::nullopt;
  const auto offset = std::chrono::minutes{hours * 60 + minutes};
  return text[0] == '-' ? -offset : offset;
}

std::string format_utc_offset(std::chrono::minutes offset) {
  const auto total = std::chrono::abs(offset).count();
  return fmt::format("{}{:02}:{:02}", offset.count() < 0 ? "-" : "+", total / 60, total % 60);
}

bool is_host(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  if (is_ipv6(text)) return true;
  const auto allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.'; };
  return std::ranges::all_of(text, allowed) && text.front() != '.' && text.front() != '-';
}

bool is_loopback(std::string_view host) {
  if (host == "::1" || to_lower_ascii(host) == "localhost") return true;
  // 127.example.com is a name like any other: only four numbers make an address.
  const bool numbers = std::ranges::all_of(host, [](char c) { return is_digit(c) || c == '.'; });
  return numbers && host.starts_with("127.") && std::ranges::count(host, '.') == 3;
}

std::optional<Url> parse_url(std::string_view text) {
  Url url;
  url.tls = text.starts_with("https://");
  if (!url.tls && !text.starts_with("http://")) return std::nullopt;
  while (text.ends_with('/')) text.remove_suffix(1);
  const auto printable = [](char c) {
    return c > ' ' && c < 0x7F && std::string_view("?#@\\\"<>").find(c) == std::string_view::npos;
  };
  if (!std::ranges::all_of(text, printable)) return std::nullopt;
  const auto scheme = std::string_view(url.tls ? "https://" : "http://").size();
  if (text.size() <= scheme) return std::nullopt;
  const auto rest = text.substr(scheme);
  const auto parts = split_authority(rest.substr(0, rest.find('/')));
  if (!parts || (!parts->port.empty() && parse_port(parts->port).value_or(0) == 0)) return std::nullopt;
  url.text = text;
  url.host = parts->host;
  return url;
}

}  // namespace product_sync::config
