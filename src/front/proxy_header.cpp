#include "front/proxy_header.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace product_sync::front {
namespace {

// https://www.haproxy.org/download/1.8/doc/proxy-protocol.txt, §2.1 and §2.2
constexpr std::string_view kLineStart = "PROXY ";
constexpr std::size_t kLongestLine = 107;
constexpr std::string_view kSignature{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t kBinaryHead = 16;  // signature, version and command, family, length
constexpr std::size_t kLongestExtension = 1'024;

bool is_prefix(std::string_view part, std::string_view whole) {
  const auto size = std::min(part.size(), whole.size());
  return part.substr(0, size) == whole.substr(0, size);
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    const auto end = line.find(' ');
    words.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return words;
    line.remove_prefix(end + 1);
  }
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failure == std::errc{} && end == text.data() + text.size() && port <= 0xFFFF;
}

template <std::size_t size>
std::array<std::uint8_t, size> bytes_at(std::string_view text, std::size_t start) {
  std::array<std::uint8_t, size> bytes{};
  std::transform(text.begin() + static_cast<std::ptrdiff_t>(start),
                 text.begin() + static_cast<std::ptrdiff_t>(start + size), bytes.begin(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  return bytes;
}

}  // namespace

std::size_t ProxyHeader::read(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && state_ == State::reading) {
    header_ += bytes[taken++];
    look();
  }
  return taken;
}

void ProxyHeader::look() {
  if (is_prefix(header_, kSignature)) return read_binary();
  if (is_prefix(header_, kLineStart)) return read_line();
  state_ = State::malformed;
}

void ProxyHeader::read_line() {
  if (!header_.ends_with("\r\n")) {
    if (header_.size() >= kLongestLine) state_ = State::malformed;
    return;
  }
  const auto words = words_of(std::string_view(header_).substr(0, header_.size() - 2));
  if (words.size() >= 2 && words[1] == "UNKNOWN") return finish(std::nullopt);
  state_ = State::malformed;
  if (words.size() != 6 || (words[1] != "TCP4" && words[1] != "TCP6")) return;
  const auto source = IpAddress::parse(words[2]);
  const auto destination = IpAddress::parse(words[3]);
  if (!source || !destination || !is_port(words[4]) || !is_port(words[5])) return;
  finish(source);
}

void ProxyHeader::read_binary() {
  if (header_.size() < kBinaryHead) return;
  const auto byte = [this](std::size_t at) { return static_cast<unsigned char>(header_[at]); };
  const std::size_t length = byte(14) * 256U + byte(15);
  const unsigned version = byte(12) >> 4U;
  const unsigned command = byte(12) & 0x0FU;
  if (version != 2 || command > 1 || length > kLongestExtension) {
    state_ = State::malformed;
    return;
  }
  if (header_.size() < kBinaryHead + length) return;
  const bool is_local = command == 0;
  const unsigned family = byte(13) >> 4U;
  if (is_local || family == 0 || family == 3) return finish(std::nullopt);  // 3: a Unix socket
  constexpr std::size_t kV4 = 12;                                           // two addresses and two ports
  constexpr std::size_t kV6 = 36;
  if (family == 1 && length >= kV4) return finish(IpAddress::v4(bytes_at<4>(header_, kBinaryHead)));
  if (family == 2 && length >= kV6) return finish(IpAddress(bytes_at<16>(header_, kBinaryHead)));
  state_ = State::malformed;
}

void ProxyHeader::finish(std::optional<IpAddress> client) {
  client_ = client;
  header_ = {};
  state_ = State::complete;
}

}  // namespace product_sync::front
