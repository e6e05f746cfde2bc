#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace product_sync::acumatica {

/// An OAuth grant as it is kept between runs of the program.
struct Grant {
  std::string origin;  ///< digest of the configured credentials it came from: others in the configuration void it
  Secret refresh_token;
  Secret access_token;
  Instant use_until;  ///< renew the access token from here on
};

/// Where a grant is kept. Refresh tokens rotate on use (acumatica.md §2.2), so losing the newest one ends the grant.
/// Used by one thread at a time.
class TokenStore {
 public:
  /// Held while a grant is being renewed, so that two processes never spend one refresh token.
  class Lock {
   public:
    virtual ~Lock() = default;
  };

  virtual ~TokenStore() = default;
  virtual Result<std::unique_ptr<Lock>> lock(std::stop_token stop) = 0;
  virtual Result<std::optional<Grant>> load() = 0;
  /// When it returns a success, the grant survives a power cut.
  virtual Result<void> save(const Grant& grant) = 0;
};

/// A TokenStore in a file that only its owner may read (0600), replaced atomically. Beside it lies `<file>.lock`.
class FileTokenStore final : public TokenStore {
 public:
  FileTokenStore(std::filesystem::path file, Clock& clock);

  Result<std::unique_ptr<Lock>> lock(std::stop_token stop) override;
  Result<std::optional<Grant>> load() override;
  Result<void> save(const Grant& grant) override;

 private:
  const std::filesystem::path file_;
  Clock& clock_;
};

}  // namespace product_sync::acumatica
