#include "front/syntax.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/ip_address.hpp"

namespace product_sync::front {
namespace {

using Table = std::array<bool, 256>;

constexpr Table letters_and_digits_and(std::string_view others) {
  Table table{};
  for (int c = 0; c < 256; ++c) {
    table[static_cast<std::size_t>(c)] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
  for (const char c : others) table[static_cast<unsigned char>(c)] = true;
  return table;
}

constexpr Table kToken = letters_and_digits_and("!#$%&'*+-.^_`|~");
// Unreserved, sub-delims, `:` `@` `/` `?`, and the brackets that many clients leave as they are in queries.
constexpr Table kTarget = letters_and_digits_and("-._~!$&'()*+,;=:@/?%[]");
constexpr Table kRegisteredName = letters_and_digits_and("-._~!$&'()*+,;=");

bool all_of(std::string_view text, const Table& table) {
  return std::ranges::all_of(text, [&](char c) { return table[static_cast<unsigned char>(c)]; });
}

bool has_sound_escapes(std::string_view text) {
  for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    if (text.size() - at < 3) return false;
    const auto high = hex_digit(text[at + 1]);
    const auto low = hex_digit(text[at + 2]);
    if (!high || !low || (*high == 0 && *low == 0)) return false;
  }
  return true;
}

bool is_port(std::string_view text) {
  return text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_token(std::string_view text) { return !text.empty() && all_of(text, kToken); }

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(left, right, [&](char a, char b) { return lower(a) == lower(b); });
}

bool is_origin_form(std::string_view target) {
  return target.starts_with('/') && all_of(target, kTarget) && has_sound_escapes(target);
}

bool is_host(std::string_view text) {
  std::string_view port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return false;
    const auto inside = text.substr(1, end - 1);
    const auto rest = text.substr(end + 1);
    if (inside.find(':') == std::string_view::npos || !IpAddress::parse(inside)) return false;
    if (!rest.empty() && rest.front() != ':') return false;
    port = rest.empty() ? rest : rest.substr(1);
  } else {
    const auto colon = std::min(text.find(':'), text.size());
    if (colon == 0 || !all_of(text.substr(0, colon), kRegisteredName)) return false;
    port = colon == text.size() ? std::string_view{} : text.substr(colon + 1);
  }
  return is_port(port);
}

std::optional<std::uint64_t> parse_length(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  std::uint64_t length = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return length <= kMost ? std::optional(length) : std::nullopt;
}

}  // namespace product_sync::front
