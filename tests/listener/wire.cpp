#include "wire.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <stdexcept>

namespace product_sync::hostile {
namespace {

constexpr int kHandshakePatienceMs = 60'000;
constexpr std::size_t kReadAtOnce = 64 * 1024;

sockaddr_in address_of(const std::string& host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) throw std::runtime_error("no address: " + host);
  return address;
}

class PlainWire final : public Wire {
 public:
  explicit PlainWire(const Socket& socket) : socket_(socket) {}

  Moved read(std::string& to) override {
    std::array<char, kReadAtOnce> buffer;
    const auto count = ::recv(socket_.descriptor(), buffer.data(), buffer.size(), 0);
    if (count > 0) to.append(buffer.data(), static_cast<std::size_t>(count));
    return moved(count);
  }

  Moved write(std::string_view& from) override {
    const auto count = ::send(socket_.descriptor(), from.data(), from.size(), MSG_NOSIGNAL);
    if (count > 0) from.remove_prefix(static_cast<std::size_t>(count));
    return moved(count);
  }

  void end_sending() override { ::shutdown(socket_.descriptor(), SHUT_WR); }

 private:
  static Moved moved(ssize_t count) {
    if (count > 0) return Moved::some;
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? Moved::later : Moved::ended;
  }

  const Socket& socket_;
};

/// What a call of OpenSSL that may write needs around it: no errors left over from an earlier one, and no SIGPIPE for a
/// connection that is gone.
class TlsCall {
 public:
  TlsCall() {
    ::ERR_clear_error();
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~TlsCall() {
    const timespec at_once{};
    ::sigtimedwait(&pipe_, nullptr, &at_once);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  TlsCall(const TlsCall&) = delete;
  TlsCall& operator=(const TlsCall&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
};

}  // namespace

Socket::Socket(std::uint16_t port, const std::string& from)
    : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int yes = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  // The port of our end is chosen at connect(), so that thousands of connections share few addresses.
  ::setsockopt(descriptor_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  auto own = address_of(from, 0);
  auto other = address_of("127.0.0.1", port);
  if (::bind(descriptor_, reinterpret_cast<sockaddr*>(&own), sizeof own) != 0 ||
      ::connect(descriptor_, reinterpret_cast<sockaddr*>(&other), sizeof other) != 0) {
    const int error = errno;
    ::close(descriptor_);
    throw std::runtime_error(std::string("cannot connect: ") + std::strerror(error));
  }
  ::fcntl(descriptor_, F_SETFL, O_NONBLOCK);
}

Socket::~Socket() { ::close(descriptor_); }

bool Socket::wait(bool to_read, bool to_write, int milliseconds) const {
  pollfd watched{descriptor_, static_cast<short>((to_read ? POLLIN : 0) | (to_write ? POLLOUT : 0)), 0};
  return ::poll(&watched, 1, milliseconds) > 0;
}

std::uint16_t Socket::own_port() const {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.sin_port);
}

void Socket::end_with_reset() const {
  const linger now{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

std::unique_ptr<Wire> plain_wire(const Socket& socket) { return std::make_unique<PlainWire>(socket); }

void TlsWire::Free::operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
void TlsWire::Free::operator()(SSL* session) const { ::SSL_free(session); }

TlsWire::TlsWire(const Socket& socket, const TlsOptions& options)
    : socket_(socket), context_(::SSL_CTX_new(::TLS_client_method())), session_(nullptr) {
  ::SSL_CTX_set_min_proto_version(context_.get(), options.oldest);
  ::SSL_CTX_set_max_proto_version(context_.get(), options.newest);
  ::SSL_CTX_set_security_level(context_.get(), 0);  // offers what no honest client would
  ::SSL_CTX_set_mode(context_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  session_.reset(::SSL_new(context_.get()));
  ::SSL_set_fd(session_.get(), socket.descriptor());
  while (true) {
    const TlsCall call;
    const int result = ::SSL_connect(session_.get());
    if (result == 1) return;
    if (moved(result) == Moved::ended) throw std::runtime_error("the TLS handshake was refused");
    const bool to_write = SSL_want_write(session_.get());
    if (!socket_.wait(!to_write, to_write, kHandshakePatienceMs)) throw std::runtime_error("no TLS handshake");
  }
}

TlsWire::~TlsWire() = default;

Moved TlsWire::moved(int result) const {
  if (result > 0) return Moved::some;
  const int error = ::SSL_get_error(session_.get(), result);
  return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? Moved::later : Moved::ended;
}

Moved TlsWire::read(std::string& to) {
  std::array<char, kReadAtOnce> buffer;
  const TlsCall call;
  const int count = ::SSL_read(session_.get(), buffer.data(), static_cast<int>(buffer.size()));
  if (count > 0) to.append(buffer.data(), static_cast<std::size_t>(count));
  return moved(count);
}

Moved TlsWire::write(std::string_view& from) {
  std::size_t count = 0;
  const TlsCall call;
  const int result = ::SSL_write_ex(session_.get(), from.data(), from.size(), &count);
  from.remove_prefix(count);
  return moved(result);
}

void TlsWire::end_sending() {
  const TlsCall call;
  ::SSL_shutdown(session_.get());
  ::shutdown(socket_.descriptor(), SHUT_WR);
}

std::string TlsWire::certificate_serial() const {
  const std::unique_ptr<X509, decltype(&::X509_free)> certificate(::SSL_get1_peer_certificate(session_.get()),
                                                                  &::X509_free);
  const std::unique_ptr<BIGNUM, decltype(&::BN_free)> number(
      ::ASN1_INTEGER_to_BN(::X509_get0_serialNumber(certificate.get()), nullptr), &::BN_free);
  char* const text = ::BN_bn2hex(number.get());
  std::string serial = text;
  ::OPENSSL_free(text);
  return serial;
}

bool TlsWire::renegotiate() {
  if (::SSL_renegotiate(session_.get()) != 1) return false;
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::milliseconds(kHandshakePatienceMs);
  while (std::chrono::steady_clock::now() < give_up) {
    const TlsCall call;
    const int result = ::SSL_do_handshake(session_.get());
    if (result == 1 && ::SSL_renegotiate_pending(session_.get()) == 0) return true;
    if (result != 1 && moved(result) == Moved::ended) return false;
    if (!socket_.wait(true, false, kHandshakePatienceMs)) return false;
  }
  return false;
}

}  // namespace product_sync::hostile
