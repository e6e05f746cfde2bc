#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/error.hpp"
#include "transfer/host_key.hpp"
#include "transfer/known_hosts.hpp"

namespace product_sync::transfer {

enum class KeyVerdict { trusted, unknown, changed, revoked };

/// Which host keys of one server are trusted: fingerprints from the configuration and what a known_hosts file says.
class HostKeyPins {
 public:
  /// `file` may be empty. Errors: `sftp.fingerprint_malformed`, `sftp.known_hosts_unreadable`.
  [[nodiscard]] static Result<HostKeyPins> load(const std::vector<std::string>& fingerprints,
                                                const std::filesystem::path& file, const std::string& host,
                                                std::uint16_t port);

  [[nodiscard]] KeyVerdict judge(const HostKey& key) const;

  /// Key types that known_hosts has for the server: the server must be asked for these first, else it may offer another
  /// key, which would look like a changed one.
  [[nodiscard]] std::vector<std::string> known_types() const;

  /// Whether a key of another type may still match: a fingerprint does not tell the type it belongs to.
  [[nodiscard]] bool types_unknown() const { return !fingerprints_.empty(); }

  /// The error for a server none of whose keys (not empty) is trusted; `verdict` is that of the first.
  [[nodiscard]] Error refusal(const std::vector<HostKey>& offered, KeyVerdict verdict) const;

 private:
  struct Fingerprint {
    std::string text;
    std::string digest;
  };

  [[nodiscard]] std::string pinned_text() const;

  std::string server_;  // host:port
  std::string file_;
  std::vector<Fingerprint> fingerprints_;
  std::vector<KnownHostKey> known_;
};

}  // namespace product_sync::transfer
