#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "transfer/destination.hpp"

namespace product_sync::transfer {

enum class FtpSecurity {
  plain,         ///< password and files travel readable
  explicit_tls,  ///< AUTH TLS on the ordinary port
  implicit_tls,  ///< TLS from the first byte, on a port of its own
};

struct FtpOptions {
  std::string host{};
  std::uint16_t port = 0;  ///< 0: 21, or 990 with implicit TLS
  std::string user{};      ///< may hold anything, such as `prefix:user@company.com`
  Secret password{};
  FtpSecurity security = FtpSecurity::explicit_tls;
  std::filesystem::path ca_file{};  ///< PEM file of trusted certificates; empty: the system's
  bool passive = true;              ///< we open data connections; false: the server opens them to us
  bool extended = true;     ///< EPSV and EPRT first; false: only PASV and PORT, for firewalls that know no others
  std::string directory{};  ///< absolute, or relative to the login directory; empty: the latter
  std::chrono::milliseconds connect_timeout{30'000};    ///< for connection, TLS and sign-in together
  std::chrono::milliseconds operation_timeout{60'000};  ///< between two signs of life
  std::uint64_t lowest_bytes_per_second = 2'048;        ///< an upload that is slower on the whole ends by time-out
  std::chrono::milliseconds idle_limit{60'000};         ///< a connection unused for longer is replaced
};

/// A directory on an FTP server. With TLS 1.2 for commands and data, a server whose certificate does not
/// prove its name is refused. FTP acknowledges nothing but whole files: progress counts bytes given to the network.
/// `clock` and `logger` must outlive the destination.
[[nodiscard]] std::unique_ptr<Destination> make_ftp(FtpOptions options, const Clock& clock, Logger& logger);

}  // namespace product_sync::transfer
