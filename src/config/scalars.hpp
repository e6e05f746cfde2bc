#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/config.hpp"

/// The spellings of single values in the file. Each parser is strict and total; each formatter writes what its parser
/// reads.
namespace product_sync::config {

/// `true` or `false` and nothing else.
[[nodiscard]] std::optional<bool> parse_boolean(std::string_view text);

/// Decimal digits, perhaps a minus; no plus, no leading zeros, no underscores.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);

/// A whole number and one of ms, s, m, h, d: `15s`.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
[[nodiscard]] std::string format_duration(std::chrono::milliseconds duration);

/// A whole number and one of B, kB, MB, GB, TB (powers of 1000) or KiB, MiB, GiB, TiB (powers of 1024). Bytes.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);
[[nodiscard]] std::string format_size(std::uint64_t bytes);

/// `127.0.0.1:8080`, `host:port` or `[::1]:8080`; port 0 to 65535.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);
[[nodiscard]] std::string format_address(const Address& address);

/// `+02:00`, `-04:30` or `Z`, at most 14 hours.
[[nodiscard]] std::optional<std::chrono::minutes> parse_utc_offset(std::string_view text);
[[nodiscard]] std::string format_utc_offset(std::chrono::minutes offset);

/// A host name, an IPv4 address, or an IPv6 address without brackets.
[[nodiscard]] bool is_host(std::string_view text);
/// Whether connections to it stay on this machine.
[[nodiscard]] bool is_loopback(std::string_view host);

/// The parts of an `http://` or `https://` address that decide about it.
struct Url {
  std::string text;  ///< without trailing slashes
  std::string host;  ///< without brackets
  bool tls = false;
};
/// Without user, password, query or fragment: none of them belongs to the address of an instance.
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);

}  // namespace product_sync::config
