#include "options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace acumatica_sim {
namespace {

constexpr const char* kFooter = R"(
Control interface, no part of Acumatica (JSON bodies; all members optional unless said):
  POST /control/change       {"keys":[..] | "count":N,"seed":S,"where":"<$filter>", "set":{..}, "notify":true,
                              "rows_per_notification":1, "tell":true, "first_number":1}
                             set: {"Field":value, "Attributes":{"ID":"value"}, "CrossReferences":[rows as in PUT],
                             "custom":{"View.Field":value}}; {key} and {n} in text are replaced; without set, Description
                             and DefaultPrice change; unknown keys are inserted -> {"count","changed":[{"key","touched","inserted"}]}
  POST /control/delete       {"keys":[..] | "count":N,"seed":S,"where":"..", "notify":true} -> {"count","deleted":[..]}
  POST /control/rename       {"key":"..","to":"..","notify":true}: Change ID -> {"renamed":bool}
                             All three take "entity": StockItem (default), NonStockItem, TemplateItems, KitSpecification,
                             ..; keys of KitSpecification are KitInventoryID/RevisionID
  GET|POST /control/behaviour  latency_ms, fail_next, fail_status, fail_tokens_next, retry_after_s, unauthorized_next, cut_next,
                             cut_after_bytes, truncate_next, truncate_bytes, repeat_pages, order (ascending|shuffled), cannot_optimize [..],
                             duplicate_notifications, reorder_window, malformed_every, hold_pushes
  GET  /control/stats        requests by kind and status, sessions, licence, notifications;  POST /control/reset-stats
  POST /control/wait-pushes  {"timeout_ms":10000} -> {"idle":bool}: waits until no notification waits
  GET  /control/failures     the failure list;  POST /control/resend: all of it again
  POST /control/notify       posts this body to the webhook as it is
  POST /control/webhook      {"url":".."}: notifications go there from now on
  POST /control/expire       {"all":false}: forgets access tokens (all: every grant and session)

Generated records: see item_generator.hpp and kit_generator.hpp. Facts: acumatica.md sections 1 and 2.
)";

void add_site(CLI::App& app, SiteOptions& site) {
  app.add_option("--items", site.catalogue.items, "plain stock items, up to 9999999")->capture_default_str();
  app.add_option("--templates", site.catalogue.templates,
                 "templates, each with 2 to 40 children beside the items (default none, but some items name one)");
  app.add_option("--kits", site.catalogue.kits,
                 "stock kits with specifications, beside the items (default none, but every 50th item says it is one)");
  app.add_option("--non-stock-items", site.catalogue.non_stock_items, "plain non-stock items")->capture_default_str();
  app.add_option("--non-stock-kits", site.catalogue.non_stock_kits, "non-stock kits")->capture_default_str();
  app.add_option("--seed", site.catalogue.seed, "seed of the catalogue")->capture_default_str();
  app.add_flag("--plain-keys", site.catalogue.plain_keys, "no InventoryID with blanks, quotes or unicode");
  app.add_option("--build", site.build, "acumaticaBuildVersion")->capture_default_str();
  app.add_option("--endpoints", site.endpoints, "versions of the endpoint Default")
      ->delimiter(',')
      ->capture_default_str();
  app.add_flag("--probe-as-array", site.probe_as_array, "GET /entity answers in the older form, a bare array");
  app.add_option("--utc-offset-minutes", site.catalogue.utc_offset_minutes, "the tenant's time zone")
      ->capture_default_str();
  app.add_flag("--ignore-filter-offset", site.ignore_filter_offset, "take every datetime of a filter as local time");
  app.add_flag("--details-keep-stamp", site.stamps.details_keep_stamp,
               "changes of detail rows alone do not move LastModified");
  app.add_flag("--children-stamp-template", site.stamps.children_stamp_template,
               "a change of a matrix item moves LastModified of its template");
  app.add_option("--switched-off", site.switched_off, "entities that answer 403, e.g. KitSpecification")
      ->delimiter(',');
  app.add_option("--order", site.behaviour.order, "order of lists")->check(CLI::IsMember({"ascending", "shuffled"}));
  app.add_option("--cannot-optimize", site.behaviour.cannot_optimize,
                 "lists that expand one of these (Detail or Entity/Detail) answer 500")
      ->delimiter(',');
}

void add_sign_in(CLI::App& app, SignInRules& rules) {
  app.add_option("--tenant", rules.tenant, "login name of the tenant")->capture_default_str();
  app.add_flag("--any-tenant", rules.any_tenant, "a site with one tenant: any tenant name signs in");
  app.add_option("--user", rules.user, "user name")->capture_default_str();
  app.add_option("--password", rules.password, "its password")->capture_default_str();
  app.add_option("--client-id", rules.client_id, "of the connected application (default product-sync@<tenant>)");
  app.add_option("--client-secret", rules.client_secret, "its secret")->capture_default_str();
  app.add_option("--seats", rules.seats, "API users at a time, 0 = no limit")->capture_default_str();
  app.add_option_function<std::int64_t>(
      "--token-ms", [&rules](std::int64_t value) { rules.token_life = std::chrono::milliseconds{value}; },
      "life of an access token (default 3600000)");
  app.add_option_function<std::int64_t>(
      "--grant-seconds", [&rules](std::int64_t value) { rules.grant_life = std::chrono::seconds{value}; },
      "life of a refresh chain (default 30 days)");
  app.add_flag("--expires-in-as-text", rules.expires_in_as_text, "expires_in is a string");
}

void add_licence(CLI::App& app, LicenceLimits& limits) {
  app.add_option("--requests-per-minute", limits.requests_per_minute, "licence limit M, 0 = none")
      ->capture_default_str();
  app.add_option("--concurrency", limits.concurrency, "licence limit C, 0 = none")->capture_default_str();
  app.add_option_function<std::int64_t>(
      "--minute-ms", [&limits](std::int64_t value) { limits.minute = std::chrono::milliseconds{value}; },
      "length of the licence's minute (default 60000)");
}

void add_push(CLI::App& app, SiteOptions& site) {
  app.add_option("--webhook", site.push.url, "address of the push destination; none = no notifications");
  app.add_option("--webhook-header", site.push.header_name, "name of its one custom header");
  app.add_option("--webhook-secret", site.push.header_value, "value of that header");
  app.add_option_function<std::int64_t>(
      "--push-retry-ms", [&site](std::int64_t value) { site.push.retry_pause = std::chrono::milliseconds{value}; },
      "pause between attempts (default 1000; not documented)");
  app.add_option_function<std::int64_t>(
      "--push-timeout-ms", [&site](std::int64_t value) { site.push.timeout = std::chrono::milliseconds{value}; },
      "time for one attempt (default 30000; not documented)");
  app.add_option_function<std::vector<std::string>>(
      "--query", [&site](const auto& names) { site.notification.queries["StockItem"] = names; },
      "inquiries that see a change of a stock item: one notification each (default Stock Items: Last Modified Date)");
  app.add_option_function<std::vector<std::string>>(
      "--query-of",
      [&site](const auto& assignments) {
        for (const std::string& each : assignments) {
          const std::size_t equals = std::min(each.find('='), each.size());
          site.notification.queries[each.substr(0, equals)].push_back(each.substr(std::min(equals + 1, each.size())));
        }
      },
      "Entity=Inquiry: sees changes of an entity (default: one for each of NonStockItem, TemplateItems, "
      "KitSpecification; an empty name: none); Entity.Detail=Inquiry: sees changes of these rows, and the entity's "
      "own inquiry does not");
  app.add_option("--push-attribute", site.notification.attribute, "attribute with a column in the inquiry")
      ->capture_default_str();
  app.add_option("--track", site.tracked, "only changes of these fields trigger (Field, Detail, View.Field)")
      ->delimiter(',');
}

}  // namespace

CommandLine read_command_line(int argc, const char* const* argv) {
  CommandLine result;
  ProgramOptions& options = result.options;
  CLI::App app("Simulates an Acumatica instance for Product Sync: contract-based REST and push notifications.",
               "acumatica-simulator");
  app.footer(kFooter);
  std::string base_time;
  app.add_option("--port", options.port, "port on 127.0.0.1, 0 = any free one")->capture_default_str();
  app.add_option("--threads", options.threads, "connections served at a time")->capture_default_str();
  app.add_option("--base-time", base_time, "newest generated LastModified (default 2026-11-01T00:00:00Z)");
  add_site(app, options.site);
  add_sign_in(app, options.site.sign_in);
  add_licence(app, options.site.licence);
  add_push(app, options.site);
  try {
    app.parse(argc, argv);
    if (!base_time.empty()) {
      const auto time = parse_datetime(base_time, 0);
      if (!time) throw CLI::ValidationError("--base-time", "yyyy-MM-ddTHH:mm:ssZ is expected");
      options.site.catalogue.base_time = *time;
    }
  } catch (const CLI::ParseError& error) {
    result.exit_code = app.exit(error);
  }
  options.site.notification.tenant = options.site.sign_in.tenant;
  options.site.notification.utc_offset_minutes = options.site.catalogue.utc_offset_minutes;
  options.site.notification.seed = options.site.catalogue.seed;
  return result;
}

}  // namespace acumatica_sim
