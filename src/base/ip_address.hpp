#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace product_sync {

/// An IPv4 or IPv6 address. IPv4 addresses are kept as IPv6 ones (`::ffff:a.b.c.d`), so that both spellings of one
/// address are equal.
class IpAddress {
 public:
  using Bytes = std::array<std::uint8_t, 16>;

  IpAddress() = default;  ///< `::`
  explicit IpAddress(const Bytes& bytes) : bytes_(bytes) {}
  static IpAddress v4(const std::array<std::uint8_t, 4>& bytes);

  /// `203.0.113.9`, `2001:db8::1`, `::ffff:203.0.113.9`; no brackets, port or zone.
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  [[nodiscard]] bool is_v4() const;
  [[nodiscard]] bool is_loopback() const;
  /// The part that one subscriber holds: an IPv4 address as a whole, the first 64 bits of an IPv6 address.
  [[nodiscard]] IpAddress network() const;
  /// IPv4 in dotted form.
  [[nodiscard]] std::string text() const;

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  Bytes bytes_{};
};

/// A block of addresses: `10.0.0.0/8`, `2001:db8::/32`, or a single address.
class IpRange {
 public:
  /// Bits behind the prefix must be zero: `10.0.0.1/8` is a slip, not a range.
  [[nodiscard]] static std::optional<IpRange> parse(std::string_view text);

  [[nodiscard]] bool contains(const IpAddress& address) const;
  [[nodiscard]] std::string text() const;

  friend bool operator==(const IpRange&, const IpRange&) = default;

 private:
  IpAddress first_;
  unsigned prefix_ = 128;  ///< bits, of the IPv6 form
};

}  // namespace product_sync

template <>
struct std::hash<product_sync::IpAddress> {
  std::size_t operator()(const product_sync::IpAddress& address) const noexcept {
    const auto& bytes = address.bytes();
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
};
