#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace product_sync::hostile {

/// A connected TCP socket that never blocks; closed at the end of the scope.
class Socket {
 public:
  /// Connects to 127.0.0.1:`port` from the loopback address `from`. Throws std::runtime_error when that is refused.
  Socket(std::uint16_t port, const std::string& from);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] std::uint16_t own_port() const;
  /// Waits until the socket is readable (and/or writable); false when `milliseconds` passed.
  [[nodiscard]] bool wait(bool to_read, bool to_write, int milliseconds) const;
  /// The end of the scope will send a reset instead of a regular end.
  void end_with_reset() const;

 private:
  int descriptor_;
};

/// What became of one attempt to move bytes.
enum class Moved {
  some,   ///< at least one byte
  later,  ///< nothing now
  ended   ///< the other side closed, or broke, the connection
};

/// How bytes travel over a socket. Attempts never wait.
class Wire {
 public:
  virtual ~Wire() = default;
  virtual Moved read(std::string& to) = 0;          ///< appends
  virtual Moved write(std::string_view& from) = 0;  ///< removes what was taken from the front
  virtual void end_sending() = 0;
};

[[nodiscard]] std::unique_ptr<Wire> plain_wire(const Socket& socket);

struct TlsOptions {
  int newest = 0;  ///< version as OpenSSL numbers it; 0: the newest there is
  int oldest = 0;
};

/// TLS without a look at who the server is.
class TlsWire final : public Wire {
 public:
  /// Shakes hands, at most a minute. Throws std::runtime_error when that fails.
  TlsWire(const Socket& socket, const TlsOptions& options);
  ~TlsWire() override;

  Moved read(std::string& to) override;
  Moved write(std::string_view& from) override;
  void end_sending() override;

  /// Of the server's certificate, hexadecimal.
  [[nodiscard]] std::string certificate_serial() const;
  /// Asks for a new handshake within the connection, as TLS 1.2 allowed; false when the server does not take part.
  [[nodiscard]] bool renegotiate();

 private:
  struct Free {
    void operator()(SSL_CTX* context) const;
    void operator()(SSL* session) const;
  };
  [[nodiscard]] Moved moved(int result) const;

  const Socket& socket_;
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> session_;
};

}  // namespace product_sync::hostile
