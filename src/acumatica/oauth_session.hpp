#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "acumatica/credentials.hpp"
#include "acumatica/session.hpp"
#include "acumatica/token_store.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "net/http_client.hpp"
#include "net/single_flight.hpp"
#include "net/url.hpp"

namespace product_sync::acumatica {

/// A session by OAuth 2.0, scope `api offline_access`: one seat per grant, no logout. However many threads find the
/// token expired, one refresh request is made. A new grant is used only after the store has it; since a spent refresh
/// token cannot be used again, the store is proved writable before one is spent.
class OAuthSession final : public Session {
 public:
  struct Options {
    std::string base_url;
    std::string tenant;
    std::variant<PasswordGrant, RefreshTokenGrant> grant;
  };

  OAuthSession(Options options, net::HttpClient& client, TokenStore& store, Clock& clock, Logger& logger);

  /// Errors: `acumatica.authorization_lost` (a person must act), `acumatica.token_store`, `acumatica.seats_exhausted`,
  /// passing faults.
  Result<Generation> authorize(net::HttpRequest& request, std::stop_token stop) override;
  void answered(Generation generation, const net::HttpResponse& response) override;
  /// Nothing: with offline_access the grant keeps its one session (acumatica.md §2.2).
  void close() override {}

 private:
  struct Refusal {
    Error error;
    std::string refresh_token;
    Instant until;
  };

  Result<void> renew(std::stop_token stop);
  Result<void> renew_from(const std::optional<Grant>& stored);
  Result<void> refresh(const Grant& current);
  Result<void> sign_in(const PasswordGrant& grant);
  Result<void> request_token(const std::string& refresh_token, const net::QueryBuilder& form);
  Result<void> keep(Grant grant);
  void use(Grant grant);
  [[nodiscard]] tl::unexpected<Error> refused(const std::string& refresh_token, const net::HttpResponse& response);
  [[nodiscard]] net::QueryBuilder form(std::string_view grant_type) const;

  const Options options_;
  net::HttpClient& client_;
  TokenStore& store_;
  Clock& clock_;
  Logger& logger_;
  const std::string client_id_;
  const Secret client_secret_;
  const std::string origin_;

  std::mutex mutex_;  // guards grant_, generation_, rejected_
  net::SingleFlight flight_{"Signing in to Acumatica"};
  std::optional<Grant> grant_;
  Generation generation_ = 0;
  std::string rejected_;  // the access token that last got a 401

  // Only the thread in flight touches these.
  std::optional<Grant> unsaved_;  // received, but the store failed: not used yet
  std::optional<Refusal> refusal_;
};

}  // namespace product_sync::acumatica
