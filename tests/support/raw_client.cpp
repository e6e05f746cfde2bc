#include "support/raw_client.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace product_sync {
namespace {

sockaddr_in address_of(const std::string& host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  return address;
}

}  // namespace

RawClient::RawClient(std::uint16_t port, const std::string& from)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval minute{60, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof minute);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &minute, sizeof minute);
  const auto here = address_of(from, 0);
  const auto there = address_of("127.0.0.1", port);
  if (::bind(socket_, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0 ||
      ::connect(socket_, reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0) {
    ::close(socket_);
    throw std::runtime_error("cannot connect to port " + std::to_string(port));
  }
}

RawClient::~RawClient() { ::close(socket_); }

void RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;  // the other side has closed; what it said before can still be read
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void RawClient::end() { ::shutdown(socket_, SHUT_WR); }

bool RawClient::receive_some() {
  std::array<char, 65'536> buffer;
  const auto count = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) throw std::runtime_error("nothing came for a minute");
  if (count <= 0) return false;
  received_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

std::string RawClient::take(std::size_t count) {
  auto taken = received_.substr(0, count);
  received_.erase(0, taken.size());
  return taken;
}

std::string RawClient::receive_until(std::string_view text) {
  auto found = received_.find(text);
  while (found == std::string::npos && receive_some()) found = received_.find(text);
  return take(found == std::string::npos ? found : found + text.size());
}

std::string RawClient::receive_all() {
  while (receive_some()) {
  }
  return std::exchange(received_, {});
}

std::string RawClient::receive_response() {
  auto response = receive_until("\r\n\r\n");
  constexpr std::string_view kLength = "Content-Length: ";
  const auto field = response.find(kLength);
  const auto length = field == std::string::npos ? 0 : std::stoul(response.substr(field + kLength.size()));
  while (received_.size() < length && receive_some()) {
  }
  return response + take(length);
}

std::string exchange(std::uint16_t port, std::string_view bytes) {
  RawClient client(port);
  client.send(bytes);
  client.end();
  return client.receive_all();
}

}  // namespace product_sync
