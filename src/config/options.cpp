#include "config/options.hpp"

#include <algorithm>

#include "config/codecs.hpp"
#include "config/family_codecs.hpp"
#include "config/mapping_codecs.hpp"
#include "config/schedule_codecs.hpp"

namespace product_sync::config {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

enum Flags : unsigned { kNone = 0, kRequired = 1, kLive = 2 };

Section group(std::string_view path, unsigned flags, std::string_view help) {
  Section section;
  section.path = path;
  section.help = help;
  section.required = (flags & kRequired) != 0;
  return section;
}

/// A section in the making, whose options are members of `Struct`. One statement a row: as elements of one list, their
/// temporaries would cost the compiler a minute.
template <class Struct>
class Rows {
 public:
  /// `locate` finds the struct; null when another alternative is chosen.
  Rows(std::string_view path, Struct* (*locate)(const Target&), unsigned flags, std::string_view help)
      : locate_(locate), section_(group(path, flags, help)) {}

  template <class Member>
  void add(std::string_view key, Member Struct::*member, const Codec<Member>& codec, unsigned flags,
           std::string_view help) {
    add_located<Member>(
        key,
        [locate = locate_, member](const Target& target) -> Member* {
          auto* found = locate(target);
          return found != nullptr ? &(found->*member) : nullptr;
        },
        codec, flags, help);
  }

  /// The same for a member that lies one struct deeper.
  template <class Inner, class Member>
  void add(std::string_view key, Inner Struct::*inner, Member Inner::*member, const Codec<Member>& codec,
           unsigned flags, std::string_view help) {
    add_located<Member>(
        key,
        [locate = locate_, inner, member](const Target& target) -> Member* {
          auto* found = locate(target);
          return found != nullptr ? &(found->*inner.*member) : nullptr;
        },
        codec, flags, help);
  }

  Section take() { return std::move(section_); }

 private:
  template <class Member>
  void add_located(std::string_view key, std::function<Member*(const Target&)> locate, const Codec<Member>& codec,
                   unsigned flags, std::string_view help) {
    Option option;
    option.key = key;
    option.type = codec.type;
    option.limits = codec.limits;
    option.required = (flags & kRequired) != 0;
    option.secret = codec.secret;
    option.reloadable = (flags & kLive) != 0;
    option.help = help;
    option.read = [locate, read = codec.read](const Value& value, const Target& target) {
      if (auto* out = locate(target)) read(value, *out);
    };
    option.write = [locate, write = codec.write](const Target& target) -> std::optional<Node> {
      const auto* from = locate(target);
      return from != nullptr ? write(*from) : std::nullopt;
    };
    section_.options.push_back(std::move(option));
  }

  Struct* (*locate_)(const Target&);
  Section section_;
};

Section alternative(std::string_view name, std::function<void(const Target&)> choose, Section section) {
  section.alternative = name;
  section.choose = std::move(choose);
  return section;
}

/// A section without which a part of the configuration is absent.
Section optional_section(std::function<void(const Target&)> choose, Section section) {
  section.choose = std::move(choose);
  return section;
}

bool is_token_character(char c) {  // of an HTTP header's name, RFC 9110 §5.6.2
  const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return alphanumeric || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}
bool is_code_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}
/// A second dot in the file's name would be taken for a template code (rithum.md §1.4).
bool is_prefix_character(char c) { return is_code_character(c) || c == ' ' || c == '+' || c == '(' || c == ')'; }
bool is_suffix_character(char c) { return is_code_character(c) || c == '.'; }

bool is_endpoint_version(const std::string& text) {
  static constexpr std::string_view kOldest = "24.200.001";
  if (text.size() != kOldest.size() || text[2] != '.' || text[6] != '.') return false;
  const auto digits = std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; });
  return digits == 8 && text >= kOldest;
}
bool is_fingerprint(const std::string& text) {
  static constexpr std::string_view kPrefix = "SHA256:";
  constexpr std::size_t kDigits = 43;  // 32 bytes as base64 without padding
  if (!text.starts_with(kPrefix) || text.size() != kPrefix.size() + kDigits) return false;
  return std::ranges::all_of(text.substr(kPrefix.size()), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
  });
}
bool is_host_text(const std::string& text) { return is_host(text); }
bool starts_with_dot(const std::string& text) { return text.starts_with('.') && text.find("..") == std::string::npos; }

bool is_label(const std::string& text) {
  return !text.starts_with('-') && text.find_first_of(",\t|\"") == std::string::npos;
}
/// An account knows no header that starts with a digit (rithum.md §1.2).
bool is_header(const std::string& text) {
  return text.empty() ||
         ((text.front() < '0' || text.front() > '9') && text.find_first_of("\t|\",") == std::string::npos);
}

Codec<std::string> name(std::string_view expected) { return text({.shortest = 1, .expected = expected}); }

Section server() {
  Rows<ServerConfig> rows(
      "server", [](const Target& t) { return &t.config->server; }, kNone,
      "The HTTP listener: intake of push notifications, control API, health.");
  rows.add("listen", &ServerConfig::listen, address(), kNone, "Address to listen on. With `tls`, it speaks TLS alone.");
  rows.add("private_listen", &ServerConfig::private_listen, optional_address(), kNone,
           "A second address, for an internal network: with it, `listen` serves notifications and nothing else.");
  rows.add("trusted_proxies", &ServerConfig::trusted_proxies, ip_ranges(100), kNone,
           "Proxies whose word on the client's address counts: X-Forwarded-For, or a PROXY header.");
  rows.add("proxy_protocol", &ServerConfig::proxy_protocol, boolean(), kNone,
           "Connections of trusted proxies begin with a PROXY header (version 1 or 2).");
  rows.add("threads", &ServerConfig::threads, integer<std::size_t>(1, 1024), kNone,
           "Requests to control API and dashboard that are served at the same time.");
  rows.add("operator_token", &ServerConfig::operator_token, optional_secret(8), kLive,
           "Bearer token of the control API, also for signing in at the dashboard; its holder is an operator. Without it and "
           "`users`, only loopback addresses may use the control API.");
  rows.add("session_lifetime", &ServerConfig::session_lifetime, duration<minutes>(minutes{5}, hours{24 * 30}), kLive,
           "How long a sign-in at the dashboard lasts. A restart ends it too.");
  rows.add("grace", &ServerConfig::grace, duration<seconds>(seconds{1}, minutes{10}), kLive,
           "How long a stop may take: running work finishes or is put back.");
  return rows.take();
}

Section server_users() {
  Rows<UserConfig> rows(
      "server.users.*", [](const Target& t) { return t.user; }, kNone, "One user, with `password`, `token` or both.");
  rows.add("role", &UserConfig::is_operator, choice<bool>({{"viewer", false}, {"operator", true}}), kLive,
           "A viewer sees everything; an operator also starts, changes and stops.");
  rows.add("password", &UserConfig::password, password_hash(), kLive,
           "For the dashboard: the hash that `product-sync hash-password` prints.");
  rows.add("token", &UserConfig::token, optional_secret(8), kLive, "For programs: sent as `Authorization: Bearer`.");
  return rows.take();
}

Section server_tls() {
  Rows<TlsConfig> rows(
      "server.tls", [](const Target& t) { return &t.config->server.tls; }, kNone,
      "TLS for `listen`. The files are read again when they change.");
  rows.add("certificate", &TlsConfig::certificate, path("the path of a PEM file"), kNone,
           "The server's certificate, and behind it those that lead to the root.");
  rows.add("private_key", &TlsConfig::private_key, path("the path of a PEM file"), kNone,
           "The key of the certificate, not encrypted.");
  return rows.take();
}

Section server_limits() {
  Rows<ServerLimits> rows(
      "server.limits", [](const Target& t) { return &t.config->server.limits; }, kNone,
      "What clients may take. docs/listener.md explains what happens at each limit.");
  rows.add("connections", &ServerLimits::connections, integer<std::size_t>(16, 1'000'000), kNone,
           "Connections at the same time; the oldest idle one makes room for a new one.");
  rows.add("connections_per_address", &ServerLimits::connections_per_address, integer<std::size_t>(1, 1'000'000), kNone,
           "Those from one IPv4 address or IPv6 /64 network.");
  rows.add("body_memory", &ServerLimits::body_memory, size(1'000'000, 1ULL << 40U), kNone,
           "Memory for bodies that are being received (503 above); an eighth of it is for those up to 64 KiB alone.");
  rows.add("queue", &ServerLimits::queue, integer<std::size_t>(1, 100'000), kNone,
           "Requests that wait for a thread (503 above).");
  rows.add("event_streams", &ServerLimits::event_streams, integer<std::size_t>(0, 10'000), kNone,
           "Streams of events (`/v1/events`) at the same time (503 above).");
  rows.add("event_streams_per_address", &ServerLimits::event_streams_per_address, integer<std::size_t>(1, 10'000), kNone,
           "Those from one IPv4 address or IPv6 /64 network (503 above).");
  rows.add("head_deadline", &ServerLimits::head_deadline, duration<milliseconds>(milliseconds{100}, minutes{5}), kNone,
           "Time for the head of a request, and for a TLS handshake (408 above).");
  rows.add("body_deadline", &ServerLimits::body_deadline, duration<milliseconds>(milliseconds{100}, hours{1}), kNone,
           "Time for a whole body (408 above).");
  rows.add("body_rate", &ServerLimits::body_rate, size(1, 1ULL << 30U), kNone,
           "Bytes of a body that must arrive in a second, on average, once `head_deadline` has passed again.");
  rows.add("idle", &ServerLimits::idle, duration<milliseconds>(milliseconds{100}, hours{1}), kNone,
           "Time between two requests of a connection.");
  return rows.take();
}

Section log() {
  Rows<LogConfig> rows(
      "log", [](const Target& t) { return &t.config->log; }, kNone, "The log, on standard error.");
  rows.add("format", &LogConfig::format, choice<LogFormat>({{"text", LogFormat::text}, {"json", LogFormat::json}}),
           kLive, "`text` for people, `json` (a line an event) for collectors.");
  rows.add("level", &LogConfig::level,
           choice<LogLevel>({{"debug", LogLevel::debug},
                             {"info", LogLevel::info},
                             {"warning", LogLevel::warning},
                             {"error", LogLevel::error}}),
           kLive, "The lowest level that is written.");
  return rows.take();
}

Section store() {
  Rows<StoreConfig> rows(
      "store", [](const Target& t) { return &t.config->store; }, kRequired,
      "The embedded database: notifications, the ledger of what Rithum was told, runs, files to deliver.");
  rows.add("directory", &StoreConfig::directory, path("the path of a directory"), kRequired,
           "Directory of the database and of the feed files. Needs a local disk that survives restarts.");
  rows.add("disk_floor", &StoreConfig::disk_floor, size(16ULL << 20U, 1ULL << 40U), kLive,
           "Free space below which new notifications are refused (503) rather than half written.");
  rows.add("keep_notifications", &StoreConfig::keep_notifications, duration<hours>(hours{1}, hours{24 * 3650}), kLive,
           "How long processed notifications are kept for inspection and replay.");
  rows.add("keep_history", &StoreConfig::keep_history, duration<hours>(hours{1}, hours{24 * 3650}), kLive,
           "How long the story of each product is kept: what was read, decided, sent, answered, and when.");
  rows.add("history_per_product", &StoreConfig::history_per_product, integer<std::uint64_t>(10, 100'000), kLive,
           "Events that are kept of one product; older ones make room.");
  return rows.take();
}

Section request_log() {
  Rows<RequestLogConfig> rows(
      "request_log", [](const Target& t) { return &t.config->request_log; }, kNone,
      "What is kept of the exchanges with other systems; `request_log` of each site says which are recorded. See "
      "docs/request_log.md.");
  rows.add("keep", &RequestLogConfig::keep, duration<hours>(hours{1}, hours{24 * 3650}), kLive, "For how long.");
  rows.add("most_bytes", &RequestLogConfig::most_bytes, size(16ULL << 20U, 1ULL << 40U), kLive,
           "And how much of the disk it may take: the oldest make room.");
  rows.add("body_bytes", &RequestLogConfig::body_bytes, size(1'000, 16ULL << 20U), kLive,
           "What is kept of one body, with `bodies`.");
  return rows.take();
}

Section alerts() {
  Rows<AlertsConfig> rows(
      "alerts", [](const Target& t) { return &t.config->alerts; }, kNone,
      "What operators are told of: in the log, and by `webhook` and `mail`. See docs/alerts.md.");
  rows.add("repeat", &AlertsConfig::repeat, duration<hours>(hours{0}, hours{24 * 30}), kLive,
           "How often they are reminded of what is still there; 0s: never.");
  rows.add("freshness", &AlertsConfig::freshness, duration<minutes>(minutes{0}, hours{24 * 30}), kLive,
           "How long a change may wait to be read and delivered; 0s: the rule is off, as below.");
  rows.add("run_failed", &AlertsConfig::run_failed, boolean(), kLive, "Whether a sync that failed is an alert.");
  rows.add("withdrawals_held", &AlertsConfig::withdrawals_held, boolean(), kLive,
           "Whether withdrawals that wait for an operator's word are an alert.");
  rows.add("rejected", &AlertsConfig::rejected, integer<std::uint64_t>(0, 100'000'000), kLive,
           "Products that Rithum has refused; 0: off.");
  rows.add("silence", &AlertsConfig::silence, duration<hours>(hours{0}, hours{24 * 30}), kLive,
           "Time without a notification, although items change.");
  rows.add("schedule_skipped", &AlertsConfig::schedule_skipped, boolean(), kLive,
           "Whether a schedule that was left out is an alert.");
  rows.add("grant_unused", &AlertsConfig::grant_unused, duration<hours>(hours{0}, hours{24 * 365}), kLive,
           "How long the refresh token of Acumatica may lie unused.");
  rows.add("disk", &AlertsConfig::disk, size(0, 1ULL << 50U), kLive, "Free bytes on the disk of `store.directory`.");
  return rows.take();
}

Section alerts_webhook() {
  Rows<WebhookConfig> rows(
      "alerts.webhook",
      [](const Target& t) { return t.config->alerts.webhook ? &*t.config->alerts.webhook : nullptr; }, kNone,
      "An address that alerts are posted to. Leave it out to post none.");
  rows.add("url", &WebhookConfig::url, secret(8), kRequired, "The address; a secret, since it lets whoever has it post.");
  rows.add("form", &WebhookConfig::form,
           choice<WebhookForm>({{"json", WebhookForm::json}, {"slack", WebhookForm::slack}}), kLive,
           "`json`: an object with all there is to say; `slack`: a text, as Slack and what is compatible with it take it.");
  return optional_section([](const Target& t) { t.config->alerts.webhook.emplace(); }, rows.take());
}

bool is_mail_server(const std::string& text) { return text.starts_with("smtp://") || text.starts_with("smtps://"); }
bool is_mail_address(const std::string& text) {
  const auto at = text.find('@');
  return at != std::string::npos && at > 0 && at + 1 < text.size() && text.find_first_of(" <>,;\"\\") == std::string::npos;
}

Section alerts_mail() {
  Rows<MailConfig> rows(
      "alerts.mail", [](const Target& t) { return t.config->alerts.mail ? &*t.config->alerts.mail : nullptr; }, kNone,
      "A server that sends alerts by mail. Leave it out to send none.");
  const TextRule address{.shortest = 3, .expected = "a mail address such as ops@example.com", .accepts = is_mail_address};
  rows.add("server", &MailConfig::server,
           text({.shortest = 8, .expected = "smtps://host:465 or smtp://host:587", .accepts = is_mail_server}), kRequired,
           "`smtps://` for TLS from the start; `smtp://` for STARTTLS.");
  rows.add("allow_plain", &MailConfig::allow_plain, boolean(), kNone,
           "Permits `smtp://` without STARTTLS: mail and password then travel readable.");
  rows.add("user", &MailConfig::user, text({.expected = "a user"}), kNone, "User; empty: no sign-in.");
  rows.add("password", &MailConfig::password, secret(), kNone, "Password of the user.");
  rows.add("from", &MailConfig::from, text(address), kRequired, "Address that the mail comes from.");
  rows.add("to", &MailConfig::to, text_list(1, 20, address), kRequired, "Addresses that it goes to.");
  rows.add("ca_file", &MailConfig::ca_file, path("the path of a PEM file"), kNone,
           "Certificates to trust instead of the system's.");
  return optional_section([](const Target& t) { t.config->alerts.mail.emplace(); }, rows.take());
}

Section acumatica() {
  Rows<AcumaticaConfig> rows(
      "sites.*.acumatica", [](const Target& t) { return &t.site->acumatica; }, kRequired,
      "The Acumatica tenant that items are read from. Give exactly one of `oauth` and `cookie`.");
  rows.add("url", &AcumaticaConfig::url, url(), kRequired,
           "Address of the instance, as in the browser up to the instance's name.");
  rows.add("allow_plain_http", &AcumaticaConfig::allow_plain_http, boolean(), kNone,
           "Permits `http://` to another machine: passwords and tokens then travel readable for everyone between.");
  rows.add("tenant", &AcumaticaConfig::tenant, name("the tenant's login name"), kRequired,
           "Login name of the tenant (company), as on the sign-in page.");
  rows.add("endpoint_version", &AcumaticaConfig::endpoint_version,
           text({.longest = 10,
                 .expected = "a version of the Default endpoint from 24.200.001 on, or \"\" for the newest",
                 .accepts = is_endpoint_version}),
           kNone, "Version of the `Default` endpoint; empty: the newest that the instance offers.");
  rows.add("page_size", &AcumaticaConfig::page_size, integer<std::size_t>(1, 5000), kLive,
           "Items asked for in one request.");
  rows.add("utc_offset", &AcumaticaConfig::utc_offset, utc_offset(), kNone,
           "Zone of times that Acumatica sends without one.");
  rows.add("read_timeout", &AcumaticaConfig::read_timeout, duration<seconds>(seconds{10}, hours{2}), kLive,
           "Longest wait for an answer. Acumatica may hold a throttled request for ten minutes.");
  rows.add("ca_file", &AcumaticaConfig::ca_file, path("the path of a PEM file"), kNone,
           "Certificates to trust instead of the system's, for an instance with a certificate of its own.");
  return rows.take();
}

AcumaticaConfig* locate_acumatica(const Target& t) { return &t.site->acumatica; }

Section oauth() {
  Rows<OAuthConfig> rows(
      "sites.*.acumatica.oauth",
      [](const Target& t) { return std::get_if<OAuthConfig>(&t.site->acumatica.authentication); }, kNone,
      "Sign-in as a connected application (form SM303010). Holds one session and needs no sign-out.");
  rows.add("client_id", &OAuthConfig::client_id, name("the client ID of the connected application"), kRequired,
           "Client ID of the connected application, with `@` and the tenant.");
  rows.add("client_secret", &OAuthConfig::client_secret, secret(), kRequired, "Its shared secret.");
  rows.add("grant", &OAuthConfig::password_grant, choice<bool>({{"password", true}, {"refresh_token", false}}), kNone,
           "`password` signs in with `user` and `password`; `refresh_token` starts from a token that was granted in "
           "the browser.");
  rows.add("user", &OAuthConfig::user, name("an Acumatica user"), kNone, "User, for `grant: password`.");
  rows.add("password", &OAuthConfig::password, secret(), kNone, "Password, for `grant: password`.");
  rows.add("refresh_token", &OAuthConfig::refresh_token, secret(), kNone,
           "First refresh token, for `grant: refresh_token`. Its successors are kept in the store.");
  return alternative(
      "sign-in", [](const Target& t) { t.site->acumatica.authentication = OAuthConfig{}; }, rows.take());
}

Section cookie() {
  Rows<CookieConfig> rows(
      "sites.*.acumatica.cookie",
      [](const Target& t) { return std::get_if<CookieConfig>(&t.site->acumatica.authentication); }, kNone,
      "Sign-in with user and password. Takes a seat of the licence until it signs out; prefer `oauth`.");
  rows.add("user", &CookieConfig::user, name("an Acumatica user"), kRequired, "User.");
  rows.add("password", &CookieConfig::password, secret(), kRequired, "Password.");
  rows.add("branch", &CookieConfig::branch, text({.expected = "a branch"}), kNone,
           "Branch to sign in to; empty: the user's default.");
  return alternative(
      "sign-in", [](const Target& t) { t.site->acumatica.authentication = CookieConfig{}; }, rows.take());
}

Section licence() {
  Rows<AcumaticaConfig> rows(
      "sites.*.acumatica.licence", locate_acumatica, kNone,
      "How much of the Acumatica licence (form SM604000) may be used. Acumatica slows down everybody from half of the "
      "limit on.");
  rows.add("requests_per_minute", &AcumaticaConfig::requests_per_minute, integer<int>(1, 100'000), kLive,
           "The licence's limit of web service requests a minute.");
  rows.add("share_percent", &AcumaticaConfig::licence_share, integer<int>(1, 100), kLive,
           "Share of it that this program takes at most.");
  rows.add("concurrency", &AcumaticaConfig::concurrency, integer<int>(1, 32), kLive, "Requests at the same time.");
  return rows.take();
}

Section notifications() {
  Rows<NotificationConfig> rows(
      "sites.*.notifications", [](const Target& t) { return &t.site->notifications; }, kNone,
      "Push notifications, and how a burst of them becomes one read.");
  rows.add(
      "header", &NotificationConfig::header,
      text({.shortest = 1, .longest = 100, .expected = "the name of an HTTP header", .allowed = is_token_character}),
      kLive, "Header in which Acumatica sends the secret: the one that its notification destination is set up with.");
  rows.add("secrets", &NotificationConfig::secrets, secrets(2, 8), kLive,
           "Accepted secrets: one, or two while a new one is introduced. None: notifications are refused.");
  rows.add("allow_from", &NotificationConfig::allow_from, ip_ranges(100), kNone,
           "Addresses that may send notifications (403 to others). None: all.");
  rows.add("rate_limit", &NotificationConfig::rate_limit, integer<std::size_t>(0, 1'000'000), kNone,
           "Notifications a second that are taken from one address (429 above); 0 = no limit.");
  rows.add("key_columns", &NotificationConfig::key_columns,
           text_list(1, 8, {.shortest = 1, .longest = 100, .expected = "a column of the inquiry"}), kLive,
           "Columns of the generic inquiry that hold inventory IDs. Each one that a row has names an item to read.");
  rows.add("longest_body", &NotificationConfig::longest_body, size(1'000, 256'000'000), kLive,
           "Largest notification that is taken (413 above).");
  rows.add("debounce", &NotificationConfig::debounce, duration<milliseconds>(milliseconds{0}, minutes{10}), kLive,
           "Quiet time after the last notification of an item before it is read.");
  rows.add("longest_wait", &NotificationConfig::longest_wait, duration<milliseconds>(milliseconds{0}, hours{1}), kLive,
           "After this time it is read even if notifications keep coming. Not below `debounce`.");
  rows.add("flood", &NotificationConfig::flood, integer<std::size_t>(1, 1'000'000), kLive,
           "Items in one burst from which the change is read by modification time instead of item by item.");
  return rows.take();
}

Section mapping() {
  using catalog::Mapping;
  using Conditions = catalog::ExportConditions;
  Rows<Mapping> rows(
      "sites.*.mapping", [](const Target& t) { return &t.site->mapping; }, kRequired,
      "Which items are exported, and what Rithum is told of them. Values are written in the language of "
      "[mapping.md](mapping.md): the simplest are sources such as `field:Description`, `attribute:BRAND.label` or "
      "`constant:New`, and in a list the first counts that is not empty.");
  rows.add("classifications", &Mapping::conditions, &Conditions::classifications, classifications(), kRequired | kLive,
           "Item class in Acumatica to classification in Rithum. Items of other classes are not exported.");
  rows.add("active_on_rithum", &Mapping::conditions, &Conditions::active, sources(), kRequired | kLive,
           "The box that must be ticked on an item before it is exported.");
  rows.add("exported_statuses", &Mapping::conditions, &Conditions::exported_statuses, names("an item status"), kLive,
           "Item statuses with which items are exported.");
  rows.add("withdrawn_statuses", &Mapping::conditions, &Conditions::withdrawn_statuses, names("an item status"), kLive,
           "Item statuses with which they are not. An item with a status of neither list is parked.");
  rows.add("export_when", &Mapping::conditions, &Conditions::when, condition(), kLive,
           "What else must hold for an item to be exported.");
  rows.add("violations", &Mapping::policies, policies(), kLive,
           "What becomes of values that break a rule: `park` (the product waits; the default), `shorten`, `drop` (the "
           "value is left out) or `send`. A column may say otherwise.");
  rows.add("columns", &Mapping::values, columns(), kLive,
           "Columns of Rithum's standard spreadsheet ([columns.md](columns.md)), by header. The long form `{from: …, "
           "clearable: true}` lets an emptied value be cleared in Rithum.");
  rows.add("own_columns", &Mapping::values, own_columns(), kLive,
           "Columns that the account maps in its template (`feed.template_code`), by header: the same forms, with `type` "
           "(`text`, `html`, `money`, `decimal`, `integer`, `boolean`) and `longest` (characters; 0: no limit).");
  rows.add("attributes", &Mapping::values, attributes(), kLive, "Rithum attributes, by name, in the same forms.");
  rows.add("non_stock_items", &Mapping::non_stock_items, boolean(), kNone,
           "Whether non-stock items are read and exported too: by the same conditions and mapping.");
  return rows.take();
}

Section references() {
  using catalog::References;
  Rows<References> rows(
      "sites.*.mapping.references", [](const Target& t) { return &t.site->mapping.references; }, kNone,
      "Names that exist in Rithum. Where some are given, others are found before a file is sent; where none are, "
      "nothing is checked.");
  rows.add("classifications", &References::classifications, names("a classification"), kLive, "Classifications.");
  rows.add("suppliers", &References::suppliers, names("a supplier code"), kLive, "Supplier codes.");
  rows.add("relationships", &References::relationships, names("a variation relationship"), kLive,
           "Variation relationships.");
  rows.add("distribution_centers", &References::distribution_centers, names("a distribution center's code"), kLive,
           "Codes of distribution centers.");
  return rows.take();
}

Section variations() {
  using catalog::FamilyHeaders;
  using catalog::MovedChild;
  using Rules = catalog::VariationRules;
  Rows<Rules> rows(
      "sites.*.mapping.variations",
      [](const Target& t) { return t.site->mapping.variations ? &*t.site->mapping.variations : nullptr; }, kNone,
      "Template items and their matrix items as variation parents and children. Without this section templates are not "
      "read, and matrix items are not exported. A family goes whole or not at all.");
  rows.add("relationships", &Rules::relationships, relationships(), kRequired,
           "Variation relationships as they are set up in Rithum, by name: the attributes in which products differ "
           "(Rithum's name to source of a child's value), and the item classes or templates that use them.");
  rows.add("headers", &Rules::headers,
           choice<FamilyHeaders>({{"classic", FamilyHeaders::classic}, {"vary_by", FamilyHeaders::vary_by}}), kNone,
           "`classic`: `Relationship Name` and `Variation Parent SKU`; `vary_by`: `SKU Type`, `Vary By` and `Parent SKU`.");
  rows.add("inherited", &Rules::inherited,
           text_list(0, 100, {.shortest = 1, .longest = 100, .expected = "a column of Rithum's standard spreadsheet"}),
           kLive, "Columns that a child takes from its template where its own value is empty or zero.");
  rows.add("moved_children", &Rules::moved,
           choice<MovedChild>({{"park", MovedChild::park}, {"send", MovedChild::send}}), kLive,
           "What to do with a child that Rithum has under another parent. How a file moves one is not documented: `park` "
           "waits until it was moved in Rithum, `send` names the new parent.");
  return optional_section([](const Target& t) { t.site->mapping.variations.emplace(); }, rows.take());
}

Section bundles() {
  using catalog::RevisionRule;
  using Rules = catalog::BundleRules;
  Rows<Rules> rows(
      "sites.*.mapping.bundles",
      [](const Target& t) { return t.site->mapping.bundles ? &*t.site->mapping.bundles : nullptr; }, kNone,
      "Kits as bundles. Without this section kits are not exported, and kit specifications not read. Write `bundles: {}` "
      "for the defaults.");
  rows.add("revision", &Rules::revision,
           choice<RevisionRule>(
               {{"active", RevisionRule::active}, {"newest", RevisionRule::newest}, {"named", RevisionRule::named}}),
           kLive,
           "Which revision of a kit specification counts: the only `active` one, the `newest` active one by its last "
           "change, or the active one that is `named` by `revision_name`.");
  rows.add("revision_name", &Rules::revision_name, text({.longest = 30, .expected = "a revision"}), kLive,
           "Revision, for `revision: named`.");
  rows.add("non_stock_components", &Rules::with_non_stock_components,
           choice<bool>({{"required", true}, {"ignored", false}}), kLive,
           "Non-stock components, such as labour: `required` in the bundle, hence in Rithum, or `ignored`.");
  rows.add("most_bundles", &Rules::most_bundles, integer<std::uint64_t>(1, 100'000'000), kLive,
           "Bundles that the Rithum account may hold. A kit beyond that is parked, `violations` permitting.");
  rows.add("most_with_component", &Rules::most_with_component, integer<std::uint64_t>(1, 100'000'000), kLive,
           "Bundles that may hold the same component.");
  return optional_section([](const Target& t) { t.site->mapping.bundles.emplace(); }, rows.take());
}

Section withdrawals() {
  using Rules = catalog::WithdrawalRules;
  Rows<Rules> rows(
      "sites.*.withdrawals", [](const Target& t) { return &t.site->mapping.withdrawal; }, kNone,
      "What Rithum is told of a product that is no longer exported: see [withdrawals.md](withdrawals.md).");
  rows.add("policy", &Rules::steps, withdrawal_steps(), kLive,
           "Any of: `quantity_zero` (no stock), `blocked` (a blocked product does not list; needs `blocked_column`), `label` "
           "(for rules in Rithum that look at labels). None: Rithum is told nothing.");
  rows.add("quantity_type", &Rules::quantity_type,
           choice<std::string>({{"ABSOLUTE", "ABSOLUTE"},
                                {"AVAILABLE", "AVAILABLE"},
                                {"INSTOCK", "INSTOCK"},
                                {"UNSHIPPED", "UNSHIPPED"}}),
           kLive, "Quantity Update Type with which `quantity_zero` sends its zero.");
  rows.add("label", &Rules::label,
           text({.shortest = 1, .longest = 50, .expected = "a label without a comma", .accepts = is_label}), kLive,
           "Label of withdrawn products, for `label`.");
  rows.add("blocked_column", &Rules::blocked_column,
           text({.longest = 100, .expected = "the header of a column", .accepts = is_header}), kLive,
           "Column that blocks a product, for `blocked`. Rithum does not document its name: ask for it, or map one in a "
           "template.");
  return rows.take();
}

Section withdrawal_guard() {
  using catalog::RemovalGuard;
  Rows<RemovalGuard> rows(
      "sites.*.withdrawals.guard", [](const Target& t) { return &t.site->guard; }, kNone,
      "How many products may be withdrawn without a look. More are held back until an operator confirms them.");
  rows.add("always_allowed", &RemovalGuard::always_allowed, integer<std::uint64_t>(0, 1'000'000), kLive,
           "So few are never held back, whatever share of the products they are.");
  rows.add("most", &RemovalGuard::most, integer<std::uint64_t>(0, 100'000'000), kLive, "Products that may be withdrawn.");
  rows.add("most_percent", &RemovalGuard::most_percent, integer<std::uint64_t>(0, 100), kLive,
           "And what share of those that Rithum was told of.");
  rows.add("within", &RemovalGuard::within, duration<hours>(hours{0}, hours{24 * 365}), kLive,
           "Earlier withdrawals of so long count with those of a run; 0h: each run is counted by itself.");
  return rows.take();
}

Section feed() {
  Rows<FeedConfig> rows(
      "sites.*.feed", [](const Target& t) { return &t.site->feed; }, kNone,
      "The files that Rithum reads. Give `mode_prefix`, or confirm with `account_default_is_safe` that none is "
      "needed.");
  rows.add("mode_prefix", &FeedConfig::mode_prefix,
           text({.longest = 40, .expected = "a file name prefix without dots", .allowed = is_prefix_character}), kLive,
           "Start of each file's name. Rithum chooses the processing method by it; the prefixes stand in the account's "
           "FTP settings. Must not stand for Detect Dropped Products.");
  rows.add("account_default_is_safe", &FeedConfig::account_default_is_safe, boolean(), kLive,
           "Confirms that the account's default processing method is not Detect Dropped Products, which would set "
           "every product that a file does not name to quantity 0.");
  rows.add("template_code", &FeedConfig::template_code,
           text({.longest = 40, .expected = "a template code without dots", .allowed = is_code_character}), kLive,
           "Code of a Rithum template, put before the extension; empty: standard headers.");
  rows.add("delimiter", &FeedConfig::delimiter, choice<char>({{"tab", '\t'}, {"pipe", '|'}}), kLive,
           "Must agree with the account's FTP settings.");
  rows.add("byte_order_mark", &FeedConfig::byte_order_mark, boolean(), kLive,
           "Puts a UTF-8 byte order mark in front of the file.");
  rows.add("line_ending", &FeedConfig::crlf, choice<bool>({{"lf", false}, {"crlf", true}}), kLive, "End of each line.");
  rows.add("clear_marker", &FeedConfig::clear_marker,
           choice<std::string>({{"_DELETE_", "_DELETE_"}, {"_Delete_", "_Delete_"}}), kLive,
           "What clears a value in Rithum; sent only for values mapped with `clearable: true`.");
  rows.add(
      "quantity_for_new", &FeedConfig::quantity_for_new, boolean(), kLive,
      "Rithum makes a product only from a row with a quantity. When on, and `Quantity` is not mapped, rows of products "
      "that may be new to Rithum add 0 (RELATIVE) to its quantity, which leaves stock as it is.");
  rows.add("rows_per_file", &FeedConfig::rows_per_file, integer<std::uint64_t>(0, 100'000'000), kLive,
           "Rows that one file holds at most; 0: no limit. A run with more writes several, parents in an earlier one than "
           "their children and components than their bundles: Rithum splits large files itself, without regard to that.");
  rows.add("bytes_per_file", &FeedConfig::bytes_per_file, size(0, 1ULL << 40U), kLive,
           "The same for the size of a file; 0B: no limit.");
  rows.add("keep_files", &FeedConfig::keep_files, duration<hours>(hours{1}, hours{24 * 3650}), kLive,
           "How long copies of delivered files are kept.");
  return rows.take();
}

Section destination() {
  Rows<DestinationConfig> rows(
      "sites.*.destination", [](const Target& t) { return &t.site->destination; }, kRequired,
      "Where feed files go. Give exactly one of `sftp`, `ftp` and `directory`.");
  rows.add(
      "upload_then_rename", &DestinationConfig::upload_then_rename, boolean(), kLive,
      "Writes under a temporary name first, so that no half file is read. Turn off where renaming is not allowed.");
  rows.add("temporary_suffix", &DestinationConfig::temporary_suffix,
           text({.shortest = 2,
                 .longest = 20,
                 .expected = "a suffix such as .part",
                 .allowed = is_suffix_character,
                 .accepts = starts_with_dot}),
           kLive, "Suffix of the temporary name; one that Rithum does not read.");
  rows.add("attempts", &DestinationConfig::attempts, integer<int>(1, 100), kLive,
           "Attempts of one delivery before it waits for the next round.");
  return rows.take();
}

Section sftp() {
  Rows<SftpConfig> rows(
      "sites.*.destination.sftp", [](const Target& t) { return std::get_if<SftpConfig>(&t.site->destination.target); },
      kNone,
      "An SFTP server. Give `password`, `private_key` or both; and `host_keys` or `known_hosts`, so that the server is "
      "known. `product-sync check` shows the fingerprint of an unknown server.");
  rows.add("host", &SftpConfig::host,
           text({.shortest = 1, .longest = 253, .expected = "a host name or IP address", .accepts = is_host_text}),
           kRequired, "Name or address of the server.");
  rows.add("port", &SftpConfig::port, integer<std::uint16_t>(1, 65535), kNone, "Port.");
  rows.add("user", &SftpConfig::user, name("a user of the SFTP server"), kRequired, "User.");
  rows.add("password", &SftpConfig::password, optional_secret(), kNone, "Password.");
  rows.add("private_key", &SftpConfig::private_key, path("the path of a private key file"), kNone,
           "Private key file (ed25519, ECDSA or RSA).");
  rows.add("passphrase", &SftpConfig::passphrase, secret(), kNone, "Passphrase of `private_key`.");
  rows.add(
      "host_keys", &SftpConfig::host_keys,
      text_list(
          0, 16,
          {.shortest = 1,
           .longest = 60,
           .expected =
               "a fingerprint such as \"SHA256:…\" with 43 characters behind the colon, as ssh-keygen -l prints it",
           .accepts = is_fingerprint}),
      kNone, "Fingerprints of the server's keys.");
  rows.add("known_hosts", &SftpConfig::known_hosts, path("the path of a known_hosts file"), kNone,
           "OpenSSH `known_hosts` file to look the server up in.");
  rows.add("directory", &SftpConfig::directory, text({.longest = 1000, .expected = "a path on the server"}), kNone,
           "Directory on the server; empty: where the login arrives.");
  rows.add("buffer", &SftpConfig::buffer_bytes, size(32ULL << 10U, 64ULL << 20U), kNone,
           "Bytes under way at a time. Speed is this divided by the round trip.");
  rows.add("connect_timeout", &SftpConfig::connect_timeout, duration<seconds>(seconds{1}, minutes{10}), kNone,
           "Longest wait for the connection and sign-in.");
  rows.add("operation_timeout", &SftpConfig::operation_timeout, duration<seconds>(seconds{1}, hours{1}), kNone,
           "Longest wait without progress.");
  return alternative(
      "place", [](const Target& t) { t.site->destination.target = SftpConfig{}; }, rows.take());
}

Section ftp() {
  Rows<FtpConfig> rows(
      "sites.*.destination.ftp", [](const Target& t) { return std::get_if<FtpConfig>(&t.site->destination.target); },
      kNone,
      "An FTP server. With TLS (1.2, for commands and data) its certificate must prove the name `host`; "
      "without, password and products travel readable.");
  rows.add("host", &FtpConfig::host,
           text({.shortest = 1, .longest = 253, .expected = "a host name or IP address", .accepts = is_host_text}),
           kRequired, "Name or address of the server.");
  rows.add("port", &FtpConfig::port, integer<std::uint16_t>(0, 65535), kNone,
           "Port; 0: 21, or 990 with `tls: implicit`.");
  rows.add("user", &FtpConfig::user, name("a user of the FTP server"), kRequired,
           "User; at Rithum `<login prefix>:<e-mail>`, in quotes.");
  rows.add("password", &FtpConfig::password, secret(), kRequired, "Password.");
  rows.add("tls", &FtpConfig::tls,
           choice<FtpTls>(
               {{"explicit", FtpTls::explicit_tls}, {"implicit", FtpTls::implicit_tls}, {"none", FtpTls::none}}),
           kNone, "`explicit` begins TLS on the ordinary port, `implicit` with the first byte on a port of its own.");
  rows.add("allow_plain", &FtpConfig::allow_plain, boolean(), kNone,
           "Confirms that `tls: none` is meant, although the password travels readable.");
  rows.add("ca_file", &FtpConfig::ca_file, path("the path of a PEM file"), kNone,
           "Certificates to trust instead of the system's, for a server with a certificate of its own.");
  rows.add("mode", &FtpConfig::passive, choice<bool>({{"passive", true}, {"active", false}}), kNone,
           "Who opens the connections for data: this program (`passive`) or the server (`active`).");
  rows.add("extended", &FtpConfig::extended, boolean(), kNone,
           "Tries EPSV and EPRT first. Turn off for a firewall that knows only PASV and PORT.");
  rows.add("directory", &FtpConfig::directory, text({.longest = 1000, .expected = "a path on the server"}), kNone,
           "Directory on the server; empty: where the login arrives.");
  rows.add("connect_timeout", &FtpConfig::connect_timeout, duration<seconds>(seconds{1}, minutes{10}), kNone,
           "Longest wait for the connection and sign-in.");
  rows.add("operation_timeout", &FtpConfig::operation_timeout, duration<seconds>(seconds{1}, hours{1}), kNone,
           "Longest wait without progress.");
  return alternative(
      "place", [](const Target& t) { t.site->destination.target = FtpConfig{}; }, rows.take());
}

Section directory() {
  Rows<DirectoryConfig> rows(
      "sites.*.destination.directory",
      [](const Target& t) { return std::get_if<DirectoryConfig>(&t.site->destination.target); }, kNone,
      "A directory of this machine, for another program to collect from.");
  rows.add("path", &DirectoryConfig::path, path("the path of a directory"), kRequired, "The directory.");
  return alternative(
      "place", [](const Target& t) { t.site->destination.target = DirectoryConfig{}; }, rows.take());
}

bool is_profile(const std::string& text) {
  return text.empty() || std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Where a product ID can be written: a place that one item alone owns.
bool is_id_target(const std::string& text) {
  if (text.empty()) return true;
  const auto source = catalog::parse_source(text);
  if (!source) return false;
  const auto* attribute = std::get_if<catalog::AttributeSource>(&*source);
  return std::holds_alternative<catalog::CustomFieldSource>(*source) || (attribute != nullptr && !attribute->label);
}

RithumConfig* locate_rithum(const Target& t) { return &t.site->rithum; }

Section rithum() {
  Rows<RithumConfig> rows(
      "sites.*.rithum", locate_rithum, kNone,
      "Rithum's REST interface: small changes go through it at once, with an outcome for each row; what went by file is "
      "read back; product IDs are fetched. Give all of `profile_id`, `application_id`, `shared_secret` and "
      "`refresh_token`, or none: without them everything goes to the destination, and stays unproven.");
  rows.add("url", &RithumConfig::url, url(), kNone, "Address of the interface.");
  rows.add("allow_plain_http", &RithumConfig::allow_plain_http, boolean(), kNone,
           "Permits `http://` to another machine: tokens then travel readable for everyone between.");
  rows.add("profile_id", &RithumConfig::profile_id,
           text({.longest = 10, .expected = "the digits of a profile ID", .accepts = is_profile}), kNone,
           "The account's profile: the digits behind `apid=` in the address of Rithum's pages.");
  rows.add("application_id", &RithumConfig::application_id, text({.expected = "an application ID"}), kNone,
           "Of the application in Rithum's Developer Console.");
  rows.add("shared_secret", &RithumConfig::shared_secret, secret(), kNone, "Its shared secret.");
  rows.add("refresh_token", &RithumConfig::refresh_token, secret(), kNone,
           "The refresh token that the Developer Console gave for it, with the scope `inventory`.");
  rows.add("ca_file", &RithumConfig::ca_file, path("the path of a PEM file"), kNone,
           "Certificates to trust instead of the system's.");
  rows.add("message_queue_threshold", &RithumConfig::message_queue_threshold, integer<std::size_t>(0, 100'000), kLive,
           "Up to so many changed products go through the interface at once; more go to the destination as one file, and "
           "so does everything of a full sync. 0: everything goes to the destination.");
  rows.add("import_type", &RithumConfig::import_type,
           choice<std::string>({{"AddUpdate", "AddUpdate"}, {"AddOnly", "AddOnly"}, {"UpdateOnly", "UpdateOnly"}}),
           kLive, "Processing method of uploads. Detect Dropped Products is never used.");
  return rows.take();
}

Section rithum_limits() {
  Rows<RithumConfig> rows("sites.*.rithum.limits", locate_rithum, kNone,
                          "How much of the account's limits is taken; all integrations of the account share them.");
  rows.add("requests_per_minute", &RithumConfig::requests_per_minute, integer<int>(2, 2000), kLive,
           "Requests in any minute. The account has 2,000.");
  rows.add("concurrency", &RithumConfig::concurrency, integer<int>(1, 5), kLive,
           "Requests at the same time. The integration has 5.");
  rows.add("uploads_per_hour", &RithumConfig::uploads_per_hour, integer<int>(2, 60), kLive,
           "Uploads in any hour. The account has 60.");
  rows.add("export_requests_per_minute", &RithumConfig::export_requests_per_minute, integer<int>(2, 10), kLive,
           "Requests of exports in any minute. The account has 10.");
  return rows.take();
}

Section result_file() {
  Rows<ResultFileConfig> rows(
      "sites.*.rithum.result_file", [](const Target& t) { return &t.site->rithum.result_file; }, kNone,
      "Columns of the file in which Rithum answers an upload. Rithum does not document them; of each list, the first one "
      "that the file has counts, compared without case.");
  const TextRule header{.shortest = 1, .longest = 100, .expected = "the header of a column"};
  rows.add("sku_columns", &ResultFileConfig::sku_columns, text_list(1, 16, header), kLive, "Where the SKU stands.");
  rows.add("error_columns", &ResultFileConfig::error_columns, text_list(0, 16, header), kLive,
           "Where the reason stands; a row without one was taken.");
  rows.add("status_columns", &ResultFileConfig::status_columns, text_list(0, 16, header), kLive,
           "Where a word such as `Updated` or `Failed` stands; words with error, fail, invalid, reject, refus or skip in them "
           "say that the row was not taken.");
  return rows.take();
}

Section confirmation() {
  Rows<ConfirmationConfig> rows(
      "sites.*.confirmation", [](const Target& t) { return &t.site->confirmation; }, kNone,
      "Proof that Rithum holds what it was sent, and product IDs. Needs `rithum`, or `response_files`.");
  rows.add("first_look", &ConfirmationConfig::first_look, duration<seconds>(seconds{0}, hours{24}), kLive,
           "How long after a delivery by file products are first read back. Rithum collects files within an hour.");
  rows.add("interval", &ConfirmationConfig::interval, duration<seconds>(seconds{1}, hours{24}), kLive,
           "Time between two looks.");
  rows.add("overdue_after", &ConfirmationConfig::overdue_after, duration<seconds>(seconds{1}, hours{24 * 30}), kLive,
           "Without proof for so long, a product is overdue, which is reported.");
  rows.add("filtered_reads_up_to", &ConfirmationConfig::filtered_reads_up_to, integer<std::size_t>(0, 100'000), kLive,
           "Up to so many products are read back by their SKUs; more by an export of all products.");
  rows.add("refresh", &ConfirmationConfig::refresh, duration<hours>(hours{0}, hours{24 * 90}), kLive,
           "How often the whole map of product IDs is read; IDs that changed or vanished are reported. 0h: never.");
  rows.add("job_waits", &ConfirmationConfig::job_waits, duration<seconds>(seconds{0}, hours{24}), kLive,
           "How long the command `sync` waits for the outcome of what it sent.");
  rows.add("product_id_to", &ConfirmationConfig::product_id_to,
           text({.expected = "custom:VIEW.FIELD or attribute:ID", .accepts = is_id_target}), kLive,
           "Where product IDs are written on the items in Acumatica: `custom:VIEW.FIELD` (also a user-defined field) or "
           "`attribute:ID`. Without it they are not written. The Acumatica user then needs to edit stock items.");
  return rows.take();
}

Section response_files() {
  Rows<ResponseFilesConfig> rows(
      "sites.*.confirmation.response_files", [](const Target& t) { return &t.site->confirmation.response_files; }, kNone,
      "Files in which Rithum answers what came by file. It has them, and documents neither where they lie nor what is in "
      "them: look at one of yours, and say it here. Assumed is delimited text with a header and a row for each product, or a "
      "ZIP archive with one. A file with the name of a feed file in its own answers that one; any other answers what was "
      "sent before it was written. See docs/response_files.md.");
  const TextRule header{.shortest = 1, .longest = 100, .expected = "the header of a column"};
  const TextRule word{.shortest = 1, .longest = 60, .expected = "a word"};
  rows.add("directory", &ResponseFilesConfig::directory, text({.longest = 1000, .expected = "a path at the destination"}),
           kLive, "Directory at the destination where they lie. Without it none are looked for.");
  rows.add("names", &ResponseFilesConfig::names,
           text({.shortest = 1, .longest = 200, .expected = "a pattern such as *_response*.txt"}), kLive,
           "Which files are meant: a pattern with `*` for any characters and `?` for one.");
  rows.add("longest", &ResponseFilesConfig::longest, size(1'000, 1ULL << 30U), kLive,
           "A larger file is reported, and not read.");
  rows.add("sku_columns", &ResponseFilesConfig::sku_columns, text_list(1, 16, header), kLive,
           "Where the SKU stands: the first of these that the file has, compared without case.");
  rows.add("status_columns", &ResponseFilesConfig::status_columns, text_list(0, 16, header), kLive,
           "Where one of the words below stands. None: a row without a message was taken.");
  rows.add("message_columns", &ResponseFilesConfig::message_columns, text_list(0, 16, header), kLive,
           "Where the reason stands.");
  rows.add("success_words", &ResponseFilesConfig::success_words, text_list(1, 32, word), kLive,
           "What says that a row was taken. A word of neither list makes the whole file wait for a configuration that knows it.");
  rows.add("error_words", &ResponseFilesConfig::error_words, text_list(1, 32, word), kLive, "And what says that it was not.");
  return rows.take();
}

Section reconciliation() {
  static const std::vector<std::pair<std::string, DriftPolicy>> kPolicies{{"report_only", DriftPolicy::report_only},
                                                                          {"ours_wins", DriftPolicy::ours_wins}};
  Rows<ReconciliationConfig> rows(
      "sites.*.reconciliation", [](const Target& t) { return &t.site->reconciliation; }, kNone,
      "What `product-sync reconcile --repair` may send again where Rithum is not as it was told. Needs `rithum`. See "
      "docs/reconciliation.md.");
  rows.add("values", &ReconciliationConfig::values, choice<DriftPolicy>(kPolicies), kLive,
           "Values that Rithum shows otherwise: `ours_wins` sends them again, `report_only` leaves them to people.");
  rows.add("columns", &ReconciliationConfig::columns, choices_by_name<DriftPolicy>("map: column to choice", kPolicies),
           kLive, "The same for single columns, by their headers; for an attribute `attribute:` and its name.");
  rows.add("missing", &ReconciliationConfig::missing, choice<DriftPolicy>(kPolicies), kLive,
           "Products that Rithum was told of and does not have: `ours_wins` sends all of their values again.");
  rows.add("most", &ReconciliationConfig::most, integer<std::uint64_t>(0, 1'000'000), kLive,
           "Products that one repair sends at most; `--most` says otherwise.");
  return rows.take();
}

Section sync() {
  Rows<SyncConfig> rows(
      "sites.*.sync", [](const Target& t) { return &t.site->sync; }, kNone, "Runs.");
  rows.add("overlap", &SyncConfig::overlap, duration<minutes>(minutes{0}, hours{24}), kLive,
           "How far a delta run reaches back behind the start of the last successful run, for clocks that differ and "
           "transactions that end late.");
  return rows.take();
}

Section site() {
  Rows<SiteConfig> rows(
      "sites.*", [](const Target& t) { return t.site; }, kNone, "One site.");
  rows.add("time_zone", &SiteConfig::time_zone, time_zone(), kLive,
           "Zone of the site's schedules, by its name in the IANA database; a schedule can have another.");
  rows.add("request_log", &SiteConfig::request_log,
           choice<RecordLevel>({{"off", RecordLevel::off},
                                {"errors", RecordLevel::errors},
                                {"all", RecordLevel::all},
                                {"bodies", RecordLevel::bodies}}),
           kLive,
           "Which exchanges with Acumatica, Rithum and the destination are recorded: none, those that failed, all, or all "
           "with their bodies, secrets replaced.");
  return rows.take();
}

Section schedule_rows() {
  using schedule::InBlackout;
  using schedule::Timing;
  using schedule::WhenMissed;
  Rows<ScheduleConfig> rows(
      "sites.*.schedules.*", [](const Target& t) { return t.schedule; }, kNone,
      "One schedule. A new one needs `task` and `cron`; what `full`, `delta`, `id_refresh`, `reconcile` and `clean_up` leave out is as above.");
  rows.add("task", &ScheduleConfig::task, task(), kLive, "What it starts.");
  rows.add("active", &ScheduleConfig::active, boolean(), kLive,
           "Whether it runs. An operator's switch, by dashboard, API or command line, goes before what stands here.");
  rows.add("cron", &ScheduleConfig::timing, &Timing::cron, cron_expression(), kLive,
           "When: minute, hour, day of the month, month and day of the week, in quotes; or `@daily` and the like.");
  rows.add("zone", &ScheduleConfig::zone, optional_time_zone(), kLive, "Its time zone; without it the site's.");
  rows.add("jitter", &ScheduleConfig::timing, &Timing::jitter, duration<seconds>(seconds{0}, hours{6}), kLive,
           "Up to so much later, by a time that differs from site to site and from occurrence to occurrence.");
  rows.add("blackout", &ScheduleConfig::timing, &Timing::blackout, blackout(), kLive,
           "Hours of its zone in which it starts nothing.");
  rows.add("in_blackout", &ScheduleConfig::timing, &Timing::in_blackout,
           choice<InBlackout>({{"postpone", InBlackout::postpone}, {"skip", InBlackout::skip}}), kLive,
           "What falls into a blackout runs once when it ends, or not at all.");
  rows.add("missed", &ScheduleConfig::timing, &Timing::when_missed,
           choice<WhenMissed>({{"run_once", WhenMissed::run_once}, {"skip", WhenMissed::skip}}), kLive,
           "What was due while the program did not run is caught up on once, or not at all.");
  rows.add("missed_up_to", &ScheduleConfig::timing, &Timing::longest_lateness, duration<minutes>(minutes{1}, hours{24 * 30}),
           kLive, "What is later than that is not caught up on.");
  return rows.take();
}

std::vector<Section> make_sections() {
  return {
      group("", kNone, "The file has six keys: `store` and `sites` must be there."),
      server(),
      server_tls(),
      group("server.users", kNone,
            "Who may use the control API and the dashboard. Each key is a user's name, 1 to 32 characters of `a-z`, `0-9`, `-` "
            "and `_`. See docs/dashboard.md."),
      server_users(),
      server_limits(),
      log(),
      store(),
      request_log(),
      alerts(),
      alerts_webhook(),
      alerts_mail(),
      group(
          "sites", kRequired,
          "The sites: one Acumatica tenant and one Rithum account each, in isolation from each other. Each key is the "
          "site's id, 1 to 32 characters of `a-z`, `0-9` and `-`; it is part of the site's addresses."),
      site(),
      acumatica(),
      oauth(),
      cookie(),
      licence(),
      notifications(),
      mapping(),
      references(),
      variations(),
      bundles(),
      withdrawals(),
      withdrawal_guard(),
      feed(),
      destination(),
      sftp(),
      ftp(),
      directory(),
      rithum(),
      rithum_limits(),
      result_file(),
      confirmation(),
      response_files(),
      reconciliation(),
      sync(),
      group("sites.*.schedules", kNone, schedules_help()),
      schedule_rows()};
}

std::string_view parent_of(std::string_view path) {
  const auto dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
}

}  // namespace

const Option* Section::find(std::string_view key) const {
  const auto found = std::ranges::find(options, key, &Option::key);
  return found == options.end() ? nullptr : &*found;
}

const std::vector<Section>& sections() {
  static const auto kSections = make_sections();
  return kSections;
}

const Section* find_section(std::string_view path) {
  const auto found = std::ranges::find(sections(), path, &Section::path);
  return found == sections().end() ? nullptr : &*found;
}

std::vector<const Section*> sections_in(std::string_view path) {
  std::vector<const Section*> inside;
  for (const auto& section : sections()) {
    if (!section.path.empty() && parent_of(section.path) == path) inside.push_back(&section);
  }
  return inside;
}

std::string_view last_key(std::string_view path) {
  const auto dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

std::string default_text(const Section& section, const Option& option) {
  Config config;
  SiteConfig site;
  ScheduleConfig schedule;
  UserConfig user;
  const Target target{&config, &site, &schedule, &user};
  if (section.choose) section.choose(target);
  const auto node = option.write(target);
  return node ? to_inline_yaml(*node) : "";
}

}  // namespace product_sync::config
