#pragma once

#include <chrono>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace product_sync::net {

/// How to reach a server that takes mail.
struct MailServer {
  std::string url;  ///< `smtps://host:465`, or `smtp://host:587`, which then must offer STARTTLS unless `allow_plain`
  bool allow_plain = false;
  std::string user;  ///< empty: no sign-in
  Secret password;
  std::filesystem::path ca_file;  ///< PEM file of trusted certificates; empty: the system's
  std::chrono::seconds longest{30};
};

struct Mail {
  std::string from;             ///< an address without a name
  std::vector<std::string> to;  ///< the same
  std::string subject;          ///< UTF-8, one line
  std::string text;             ///< UTF-8
  Instant date;
};

/// Sends it. Errors are `mail.connect_failed`, `mail.tls`, `mail.login`, `mail.refused` (address or mail), `mail.broken` and
/// `cancelled`.
[[nodiscard]] Result<void> send_mail(const MailServer& server, const Mail& mail, std::stop_token stop);

/// The mail as it goes over the wire (RFC 5322), with lines that end in CR LF.
[[nodiscard]] std::string written(const Mail& mail);

}  // namespace product_sync::net
