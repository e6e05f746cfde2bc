#include "front/socket.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace product_sync::front {
namespace {

// The kernel cuts it to net.core.somaxconn.
constexpr int kBacklog = 4'096;

IpAddress address_of(const sockaddr_storage& storage) {
  if (storage.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage);
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
    return IpAddress::v4(bytes);
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage);
  IpAddress::Bytes bytes{};
  std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
  return IpAddress(bytes);
}

tl::unexpected<Error> bind_failed(const std::string& host, std::uint16_t port, const char* cause) {
  return fail("listener.bind_failed", fmt::format("Cannot listen on {}:{}: {}.", host, port, cause),
              "Another program may have the port, or the address is not this machine's: see server.listen.");
}

Result<Descriptor> listen_on(const addrinfo& address, const std::string& host, std::uint16_t port) {
  Descriptor socket(::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int yes = 1;
  // Not SO_REUSEPORT: two processes on one port would each get a part of the connections.
  if (!socket.is_open() || ::setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      ::bind(socket.number(), address.ai_addr, address.ai_addrlen) != 0 || ::listen(socket.number(), kBacklog) != 0) {
    return bind_failed(host, port, std::strerror(errno));
  }
  return socket;
}

}  // namespace

void Descriptor::close() {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

Result<Descriptor> listen_on(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int failure = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); failure != 0) {
    return bind_failed(host, port, gai_strerror(failure));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, ::freeaddrinfo);
  return listen_on(*addresses, host, port);
}

std::uint16_t port_of(const Descriptor& socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (::getsockname(socket.number(), reinterpret_cast<sockaddr*>(&storage), &size) != 0) return 0;
  const bool is_v4 = storage.ss_family == AF_INET;
  return ntohs(is_v4 ? reinterpret_cast<sockaddr_in&>(storage).sin_port
                     : reinterpret_cast<sockaddr_in6&>(storage).sin6_port);
}

Accepted accept_from(const Descriptor& listening) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  Descriptor socket(
      ::accept4(listening.number(), reinterpret_cast<sockaddr*>(&storage), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket.is_open()) return {{}, {}, errno};
  const int yes = 1;
  ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return {std::move(socket), address_of(storage), 0};
}

bool somebody_waits_at(const Descriptor& listening) {
  pollfd look{listening.number(), POLLIN, 0};
  return ::poll(&look, 1, 0) > 0;
}

std::size_t raise_descriptor_limit() {
  constexpr rlim_t kEnough = 1U << 20U;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1'024;
  const auto wanted = std::min(limit.rlim_max, kEnough);
  if (limit.rlim_cur < wanted) {
    const rlimit raised{wanted, limit.rlim_max};
    if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) return wanted;
  }
  return limit.rlim_cur;
}

}  // namespace product_sync::front
