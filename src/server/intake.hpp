#pragma once

#include <functional>
#include <string>
#include <vector>

#include "acumatica/notification.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "server/http.hpp"
#include "store/inbox.hpp"

namespace product_sync::server {

/// What the intake knows of one site.
struct IntakeSite {
  std::string id;
  std::string tenant;           ///< notifications of another tenant are refused; empty = any
  std::string header;           ///< that carries the secret, as Acumatica is to send it
  std::vector<Secret> secrets;  ///< any of them opens the door; none: it stays shut
  std::uint64_t longest_body = 0;
  acumatica::NotificationRules rules;
};

/// Takes Acumatica's push notifications: checks the secret, parses, commits to the inbox, and only then answers 200.
/// Answers 401 wrong secret, 404 unknown site, 413 too large, 400 malformed (the body goes to quarantine), 503
/// overloaded.
class Intake {
 public:
  /// `stored` is called with the site after each commit of a new notification.
  using Stored = std::function<void(const std::string& site)>;

  Intake(std::vector<IntakeSite> sites, store::Inbox& inbox, Clock& clock, Logger& log, Stored stored);

  /// One `POST /v1/sites/{id}/notifications` for each site, and the answer for sites that do not exist.
  [[nodiscard]] std::vector<Route> routes();

 private:
  [[nodiscard]] std::optional<Response> admit(const IntakeSite& site, const Request& request) const;
  Response take(const IntakeSite& site, const Request& request);
  Response refuse(const IntakeSite& site, const Request& request, const acumatica::Malformed& fault);

  std::vector<IntakeSite> sites_;
  store::Inbox& inbox_;
  Clock& clock_;
  Logger& log_;
  Stored stored_;
};

}  // namespace product_sync::server
