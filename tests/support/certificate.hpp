#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace product_sync {

struct CertificateOptions {
  std::vector<std::string> hosts{"DNS:localhost", "IP:127.0.0.1", "IP:127.0.0.2"};
  std::chrono::seconds valid_from = std::chrono::hours(-2);  ///< both from now
  std::chrono::seconds valid_to = std::chrono::hours(24);
};

/// Writes a self-signed certificate and its private key as PEM files; trusting the certificate trusts the server.
void make_certificate(const std::filesystem::path& certificate, const std::filesystem::path& key,
                      const CertificateOptions& options = {});

}  // namespace product_sync
