#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "acumatica/notification.hpp"
#include "base/accepted_secrets.hpp"
#include "base/clock.hpp"
#include "base/exchange.hpp"
#include "base/ip_address.hpp"
#include "base/log.hpp"
#include "base/log_sampler.hpp"
#include "base/secret.hpp"
#include "server/http.hpp"
#include "server/in_flight.hpp"
#include "server/source_rate.hpp"
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
  std::vector<IpRange> allow_from;  ///< none: everywhere
  std::size_t rate_limit = 0;       ///< notifications a second from one address; 0 = no limit
  bool record_bodies = false;       ///< whether `recorded` is shown the bodies
};

/// Takes Acumatica's push notifications: checks the secret, parses, commits to the inbox, and only then answers 200.
/// Answers 401 wrong secret, 403 address not allowed, 429 too often, 404 unknown site, 411 no length, 413 too large,
/// 400 malformed (the body goes to quarantine), 503 overloaded. Holds no thread while it waits for the commit.
class Intake {
 public:
  /// `stored` is called with the site after each commit of a new notification, on a thread of the store: must be quick.
  using Stored = std::function<void(const std::string& site)>;

  /// Called with each request that was answered, on any thread: must be quick. Of those that were refused before their
  /// body was read only as many as the log samples, since strangers can send them.
  using Recorded = std::function<void(const std::string& site, const Exchange&)>;

  Intake(std::vector<IntakeSite> sites, store::Inbox& inbox, Clock& clock, Logger& log, Stored stored,
         Recorded recorded = {});
  /// Waits for what the inbox is still storing.
  ~Intake() { in_flight_.wait(); }
  Intake(const Intake&) = delete;
  Intake& operator=(const Intake&) = delete;

  /// For ListenerOptions: notifications that come together are committed together.
  void burst_begins() { inbox_.burst_begins(); }
  void burst_ends() { inbox_.burst_ends(); }

  /// One `POST /v1/sites/{id}/notifications` for each site, and the answer for sites that do not exist.
  [[nodiscard]] std::vector<Route> routes();

 private:
  struct Door {
    explicit Door(IntakeSite of);
    IntakeSite site;
    std::string header;  // site.header in lower case
    AcceptedSecrets secrets;
    SourceRate rate;
  };
  [[nodiscard]] std::optional<Response> admit(Door& door, const Request& request) const;
  void record_refusal(const IntakeSite& site, const Request& request, const Response& refusal) const;
  void take(const IntakeSite& site, Request request, Reply reply);
  void refuse(const IntakeSite& site, Request request, const acumatica::Malformed& fault, Reply reply);
  void warn_of_missing_keys(const IntakeSite& site, const std::string& query) const;
  Response not_stored(const IntakeSite& site, const Error& error) const;
  struct Pending;
  [[nodiscard]] std::shared_ptr<Pending> pending(const IntakeSite& site, const Request& request, Reply reply);
  /// `reason` says why it was refused; empty: it was not.
  void answer(const IntakeSite& site, Pending& pending, Response response, std::string_view reason = {}) const;

  std::vector<Door> doors_;
  store::Inbox& inbox_;
  Clock& clock_;
  Logger& log_;
  Stored stored_;
  Recorded recorded_;
  mutable LogSampler sampler_;  // for what strangers can cause
  InFlight in_flight_;
};

}  // namespace product_sync::server
