#include "transfer/tcp_connection.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <system_error>

namespace product_sync::transfer {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Result<Addresses> resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (code == 0) return Addresses(found, &::freeaddrinfo);
  const bool passing = code == EAI_AGAIN || code == EAI_SYSTEM;
  return fail("sftp.host_not_found", fmt::format("No address found for {}: {}.", host, ::gai_strerror(code)),
              "Check the spelling of the host and the name server.", passing ? Retry::later : Retry::never);
}

std::string numeric(const addrinfo& address) {
  char text[NI_MAXHOST] = "?";
  ::getnameinfo(address.ai_addr, address.ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  return text;
}

int pending_error(int socket) {
  int code = 0;
  socklen_t length = sizeof code;
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &length) == 0 ? code : errno;
}

/// The outcome of one address: 0 or an errno value; the limit's own error when it was reached or cancelled.
Result<int> try_address(const addrinfo& address, FileDescriptor& socket, const Limit& limit) {
  socket = FileDescriptor(::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return errno;
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  for (;;) {
    pollfd watched{socket.get(), POLLOUT, 0};
    if (::poll(&watched, 1, 0) > 0) return pending_error(socket.get());
    if (auto waited = await_socket(socket.get(), POLLOUT, limit); !waited) return tl::unexpected(waited.error());
  }
}

void tune(int socket) {
  const int on = 1;
  const int idle_seconds = 30;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &idle_seconds, sizeof idle_seconds);
}

}  // namespace

Result<FileDescriptor> connect_tcp(const std::string& host, std::uint16_t port, const Limit& limit) {
  const auto addresses = resolve(host, port);
  if (!addresses) return tl::unexpected(addresses.error());
  int untried = 0;
  for (const auto* address = addresses->get(); address != nullptr; address = address->ai_next) ++untried;

  std::string reasons;
  for (const auto* address = addresses->get(); address != nullptr; address = address->ai_next, --untried) {
    if (auto within = limit.check(); !within) return tl::unexpected(within.error());
    Limit share = limit;  // so that one dead address leaves time for the others
    share.deadline = limit.clock.monotonic() + (limit.deadline - limit.clock.monotonic()) / untried;
    FileDescriptor socket;
    const auto outcome = try_address(*address, socket, share);
    if (!outcome && outcome.error().retry == Retry::cancelled) return tl::unexpected(outcome.error());
    if (outcome && *outcome == 0) {
      tune(socket.get());
      return socket;
    }
    const auto reason = outcome ? std::system_category().message(*outcome) : std::string("no answer in time");
    reasons += fmt::format("{}{} ({})", reasons.empty() ? "" : ", ", numeric(*address), reason);
  }
  return fail("sftp.connect_failed", fmt::format("No connection to {}:{}: {}.", host, port, reasons),
              "Check host and port, that the server runs, and the firewalls between.", Retry::later);
}

bool peer_has_left(int socket) {
  char byte = 0;
  const auto count = ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

}  // namespace product_sync::transfer
