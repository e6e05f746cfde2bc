#pragma once

#include <map>
#include <mutex>
#include <string>

#include "acumatica/credentials.hpp"
#include "acumatica/session.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "net/http_client.hpp"
#include "net/single_flight.hpp"

namespace product_sync::acumatica {

/// A session by name and password and cookies. It holds a seat of the licence from the first authorize() until close()
/// or the destructor, which sign out whatever happened between.
class CookieSession final : public Session {
 public:
  struct Options {
    std::string base_url;
    std::string tenant;
    CookieLogin login;
  };

  CookieSession(Options options, net::HttpClient& client, Clock& clock, Logger& logger);
  ~CookieSession() override;

  /// Errors: `acumatica.login_refused`, `acumatica.seats_exhausted`, passing faults.
  Result<Generation> authorize(net::HttpRequest& request, std::stop_token stop) override;
  void answered(Generation generation, const net::HttpResponse& response) override;
  void close() override;

 private:
  using Cookies = std::map<std::string, std::string>;

  Result<void> sign_in();
  void sign_out(const Cookies& cookies);

  const Options options_;
  net::HttpClient& client_;
  Clock& clock_;
  Logger& logger_;
  std::mutex mutex_;  // guards the members below
  net::SingleFlight flight_{"Signing in to Acumatica"};
  Cookies cookies_;  // empty: signed out
  Generation generation_ = 0;
};

}  // namespace product_sync::acumatica
