#include "base/ip_address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace product_sync {
namespace {

constexpr std::array<std::uint8_t, 12> kV4Prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr unsigned kV4PrefixBits = 96;
constexpr unsigned kBits = 128;

bool bit(const IpAddress::Bytes& bytes, unsigned index) { return ((bytes[index / 8] >> (7U - index % 8)) & 1U) != 0; }

}  // namespace

IpAddress IpAddress::v4(const std::array<std::uint8_t, 4>& bytes) {
  IpAddress address;
  std::ranges::copy(kV4Prefix, address.bytes_.begin());
  std::ranges::copy(bytes, address.bytes_.begin() + kV4Prefix.size());
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  if (terminated.size() != text.size() || terminated.find('\0') != std::string::npos) return std::nullopt;
  std::array<std::uint8_t, 4> four{};
  if (inet_pton(AF_INET, terminated.c_str(), four.data()) == 1) return v4(four);
  IpAddress address;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes_.data()) == 1) return address;
  return std::nullopt;
}

bool IpAddress::is_v4() const { return std::equal(kV4Prefix.begin(), kV4Prefix.end(), bytes_.begin()); }

bool IpAddress::is_loopback() const {
  if (is_v4()) return bytes_[kV4Prefix.size()] == 127;
  return std::all_of(bytes_.begin(), bytes_.end() - 1, [](auto byte) { return byte == 0; }) && bytes_.back() == 1;
}

IpAddress IpAddress::network() const {
  if (is_v4()) return *this;
  auto network = *this;
  std::fill(network.bytes_.begin() + 8, network.bytes_.end(), std::uint8_t{0});
  return network;
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (is_v4()) {
    inet_ntop(AF_INET, bytes_.data() + kV4Prefix.size(), buffer.data(), buffer.size());
  } else {
    inet_ntop(AF_INET6, bytes_.data(), buffer.data(), buffer.size());
  }
  return buffer.data();
}

std::optional<IpRange> IpRange::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  IpRange range;
  range.first_ = *address;
  if (slash == std::string_view::npos) return range;

  const auto digits = text.substr(slash + 1);
  const unsigned offset = address->is_v4() ? kV4PrefixBits : 0;
  unsigned prefix = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  if (failure != std::errc{} || end != digits.data() + digits.size() || prefix > kBits - offset) return std::nullopt;
  range.prefix_ = prefix + offset;
  for (unsigned i = range.prefix_; i < kBits; ++i) {
    if (bit(address->bytes(), i)) return std::nullopt;
  }
  return range;
}

bool IpRange::contains(const IpAddress& address) const {
  const unsigned whole = prefix_ / 8;
  if (!std::equal(first_.bytes().begin(), first_.bytes().begin() + whole, address.bytes().begin())) return false;
  for (unsigned i = whole * 8; i < prefix_; ++i) {
    if (bit(first_.bytes(), i) != bit(address.bytes(), i)) return false;
  }
  return true;
}

std::string IpRange::text() const {
  if (prefix_ == kBits) return first_.text();
  return fmt::format("{}/{}", first_.text(), first_.is_v4() ? prefix_ - kV4PrefixBits : prefix_);
}

}  // namespace product_sync
