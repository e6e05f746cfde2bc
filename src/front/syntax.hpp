#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

/// The grammar of HTTP/1.1 (RFC 9110, 9112) as far as requests need it; each function is total and allows nothing more.
namespace product_sync::front {

[[nodiscard]] bool is_token(std::string_view text);  ///< RFC 9110 §5.6.2; not empty

/// Control characters but the tab: none of them may stand in a head.
[[nodiscard]] constexpr bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

[[nodiscard]] constexpr std::string_view trim_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

[[nodiscard]] bool equal_ignoring_case(std::string_view left, std::string_view right);

/// Origin-form: a path from `/`, perhaps a query; characters of RFC 3986 alone, complete percent escapes, no `%00`.
[[nodiscard]] bool is_origin_form(std::string_view target);

/// `host`, `host:port`, `[v6]`, `[v6]:port`; not empty.
[[nodiscard]] bool is_host(std::string_view text);

/// Decimal digits alone; absent when there is anything else or the number does not fit 63 bits.
[[nodiscard]] std::optional<std::uint64_t> parse_length(std::string_view text);

[[nodiscard]] constexpr std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace product_sync::front
