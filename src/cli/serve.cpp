#include <fmt/format.h>
#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <thread>
#include <utility>

#include "base/metrics.hpp"
#include "cli/alerting.hpp"
#include "cli/commands.hpp"
#include "cli/installation.hpp"
#include "net/curl_http_client.hpp"
#include "server/alert_report.hpp"
#include "server/control_api.hpp"
#include "server/drift_api.hpp"
#include "server/event_streams.hpp"
#include "server/intake.hpp"
#include "server/listener.hpp"
#include "server/notification_api.hpp"
#include "server/pages.hpp"
#include "server/request_api.hpp"
#include "server/schedule_api.hpp"
#include "server/sign_in_api.hpp"
#include "server/sites_api.hpp"
#include "server/sync_metrics.hpp"
#include "sync/loop.hpp"
#include "sync/service.hpp"

namespace product_sync::cli {
namespace {

sync::ServedSite served(SiteParts& parts) {
  const auto& config = parts.config();
  return {parts.sync(),
          parts.delivery(),
          parts.confirmation(),
          parts.reconciliation(),
          sync::CoalescerOptions{.debounce = config.notifications.debounce,
                                 .longest_wait = config.notifications.longest_wait,
                                 .flood = config.notifications.flood},
          parts.spool(),
          config.feed.keep_files,
          parts.schedules()};
}

server::IntakeSite intake_site(const config::SiteConfig& site) {
  return {site.id,
          site.acumatica.tenant,
          site.notifications.header,
          site.notifications.secrets,
          site.notifications.longest_body,
          {.key_columns = site.notifications.key_columns},
          site.notifications.allow_from,
          site.notifications.rate_limit,
          site.request_log == RecordLevel::bodies};
}

server::ListenerOptions listener_options(const config::ServerConfig& from) {
  const auto& limits = from.limits;
  server::ListenerOptions options;
  const bool secure = !from.tls.certificate.empty();
  options.front.endpoints.push_back({from.listen.host, from.listen.port, false, secure});
  if (secure) options.front.tls = {from.tls.certificate, from.tls.private_key};
  if (const auto& own = from.private_listen) options.front.endpoints.push_back({own->host, own->port, true});
  options.front.trusted_proxies = from.trusted_proxies;
  options.front.proxy_protocol = from.proxy_protocol;
  options.front.connections = limits.connections;
  options.front.connections_per_address = limits.connections_per_address;
  options.front.body_memory = limits.body_memory;
  options.front.deadlines.head = limits.head_deadline;
  options.front.deadlines.body = limits.body_deadline;
  options.front.deadlines.bytes_per_second = limits.body_rate;
  options.front.deadlines.idle = limits.idle;
  options.front.drain = from.grace / 2;  // the rest is for the sync service
  options.threads = from.threads;
  options.longest_queue = limits.queue;
  return options;
}

std::vector<server::User> users(const config::ServerConfig& from) {
  using server::Role;
  std::vector<server::User> all;
  if (from.operator_token) all.push_back({"operator", Role::operator_, std::nullopt, from.operator_token});
  for (const auto& user : from.users) {
    all.push_back({user.name, user.is_operator ? Role::operator_ : Role::viewer, user.password, user.token});
  }
  return all;
}

server::EventStreamLimits event_stream_limits(const config::ServerLimits& from) {
  return {.streams = from.event_streams, .per_address = from.event_streams_per_address};
}

template <class T>
void append(std::vector<T>& to, std::vector<T> from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

/// Ends the process when stopping takes longer than it may: whatever is under way is safe to be killed.
std::jthread watchdog(std::chrono::seconds grace, Clock& clock, Logger& log) {
  return std::jthread([grace, &clock, &log](std::stop_token stop) {
    if (clock.sleep(grace, stop) != WaitEnd::deadline) return;
    log.error("serve.grace_over",
              "Stopping took too long; the process ends now. Unfinished work is taken up at the next start.",
              {{"grace_s", grace.count()}});
    std::_Exit(static_cast<int>(ExitCode::failed));
  });
}

/// Has every large body return to the system when it is freed. Left alone, glibc raises this limit up to 32 MiB with
/// each large block that is freed, and keeps a hundred megabytes after a flood of them.
void give_large_blocks_back() {
  constexpr int kLargeBlock = 1 << 20;
  ::mallopt(M_MMAP_THRESHOLD, kLargeBlock);
}

}  // namespace

ExitCode serve(const config::Config& config, StopOnSignal& signals) {
  give_large_blocks_back();
  auto opened = Installation::open(config, {});
  if (!opened) {
    fmt::print(stderr, "product-sync: {}\n", opened.error().text());
    return ExitCode::failed;
  }
  auto& installation = **opened;
  auto& log = installation.log();

  std::vector<sync::ServedSite> sites;
  std::vector<server::IntakeSite> intake_sites;
  std::vector<std::string> site_ids;
  for (const auto& site : installation.sites()) {
    sites.push_back(served(*site));
    intake_sites.push_back(intake_site(site->config()));
    site_ids.push_back(site->config().id);
  }
  Metrics metrics;
  sync::Service service(std::move(sites), housekeeping_options(config),
                        installation.store(), installation.clock(), log, &installation.events());
  server::Intake intake(std::move(intake_sites), installation.store().inbox(), installation.clock(), log,
                        [&service](const std::string& site) { service.notified(site); },
                        [&installation](const std::string& site, const Exchange& exchange) {
                          installation.record_notification(site, exchange);
                        });
  server::PlanArchive plans(config.store.directory / "plans");
  server::ControlApi control(site_ids, service, installation.store(), plans, installation.clock());
  server::DriftApi drift(service, installation.store());
  server::NotificationApi notifications(service, installation.store());
  server::SitesApi site_list(site_ids, installation.store(), installation.clock());
  server::ScheduleApi schedules(service, installation.store(), installation.clock());

  server::RequestApi requests(site_ids, installation.store().request_log(), installation.recorder());

  server::Sessions sessions({.lifetime = config.server.session_lifetime}, installation.clock());
  const server::AccessControl access(users(config.server), &sessions);
  server::SignInApi sign_in(access, sessions, installation.clock(), log);

  server::SyncMetrics sync_metrics(metrics);
  server::add_store_metrics(metrics, site_ids, installation.store());
  auto& recorder = installation.recorder();
  metrics.counter("product_sync_request_log_written_total", "Exchanges that the request log holds or held.", {},
                  [&recorder] { return recorder.written(); });
  metrics.counter("product_sync_request_log_dropped_total", "Exchanges that the request log had no room or no disk for.",
                  {}, [&recorder] { return recorder.dropped(); });

  server::EventHistory history;
  server::EventStreams events(site_ids, history, event_stream_limits(config.server.limits), metrics);

  auto routes = intake.routes();
  append(routes, control.routes());
  append(routes, drift.routes());
  append(routes, notifications.routes());
  append(routes, site_list.routes());
  append(routes, schedules.routes());
  append(routes, requests.routes());
  append(routes, sign_in.routes());
  routes.push_back(server::alerts_route(installation.store().alerts()));
  routes.push_back(events.route());
  append(routes, server::page_routes([&installation] { return installation.store().check(); }));
  routes.push_back(server::metrics_route(metrics));
  auto options = listener_options(config.server);
  options.access = access;
  options.burst_begins = [&intake] { intake.burst_begins(); };
  options.burst_ends = [&intake] { intake.burst_ends(); };
  server::Listener listener(std::move(options), std::move(routes), installation.clock(), metrics, log);

  const auto watching = installation.events().subscribe([&](const sync::Event& event) {
    history.add(event);
    sync_metrics.take(event);
    listener.streams_have_more();
  });

  net::CurlHttpClient webhook_client({}, installation.clock());
  const auto watch = make_watch(config, installation, webhook_client);
  sync::Loop alerts(
      "alerts", [&watch](std::stop_token stop) { return watch->round(std::move(stop)); }, installation.clock(), log);

  service.start();
  alerts.start();
  if (auto listening = listener.start(); !listening) {
    log.error("serve.failed", listening.error().text(), {{"code", listening.error().code}});
    service.stop();
    return ExitCode::failed;
  }
  log.info("serve.ready",
           fmt::format("Product Sync listens on {}://{}:{}.", config.server.tls.certificate.empty() ? "http" : "https",
                       config.server.listen.host, listener.port()),
           {{"sites", site_ids.size()}, {"port", listener.port()}});

  signals.on_hangup([&listener] { listener.reload_certificate(); });
  signals.wait();
  signals.on_hangup(nullptr);
  log.info("serve.stopping", "Stopping: the intake closes, work under way is finished or put back.");
  const auto guard = watchdog(config.server.grace, installation.clock(), log);
  listener.stop();
  service.stop();
  log.info("serve.stopped", "Product Sync has stopped.");
  return ExitCode::ok;
}

}  // namespace product_sync::cli
