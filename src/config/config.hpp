#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/exchange.hpp"
#include "base/ip_address.hpp"
#include "base/log.hpp"
#include "base/password_hash.hpp"
#include "base/secret.hpp"
#include "catalog/mapping.hpp"
#include "catalog/removal_guard.hpp"
#include "schedule/task.hpp"
#include "schedule/verdict.hpp"

/// The configuration as plain, checked values: defaults filled in, secrets resolved, ranges kept. Each member's
/// meaning, range and default stand in the option table (options.cpp), from which config.yaml.example is checked.
namespace product_sync::config {

struct Address {
  std::string host;
  std::uint16_t port = 0;
};

/// What clients may take.
struct ServerLimits {
  std::size_t connections = 10'000;
  std::size_t connections_per_address = 1'000;
  std::uint64_t body_memory = 256'000'000;  ///< bytes of all bodies at one time
  std::size_t queue = 256;                  ///< requests that wait for a thread
  std::size_t event_streams = 100;
  std::size_t event_streams_per_address = 20;
  std::chrono::milliseconds head_deadline{5'000};
  std::chrono::milliseconds body_deadline{120'000};
  std::uint64_t body_rate = 4'000;  ///< bytes a second
  std::chrono::milliseconds idle{60'000};
};

/// PEM files; both are given, or neither.
struct TlsConfig {
  std::filesystem::path certificate;
  std::filesystem::path private_key;
};

/// Somebody who may use the control API and the dashboard.
struct UserConfig {
  std::string name;
  bool is_operator = false;
  std::optional<PasswordHash> password;
  std::optional<Secret> token;
};

struct ServerConfig {
  Address listen{"127.0.0.1", 8080};
  std::optional<Address> private_listen;  ///< for everything but the intake; absent: `listen` serves all
  TlsConfig tls;
  std::vector<IpRange> trusted_proxies;
  bool proxy_protocol = false;
  std::size_t threads = 8;
  ServerLimits limits;
  std::optional<Secret> operator_token;
  std::vector<UserConfig> users;  ///< none, and no operator token: the control API answers loopback addresses only
  std::chrono::minutes session_lifetime{12 * 60};
  std::chrono::seconds grace{30};        ///< how long a stop may take
};

struct LogConfig {
  LogFormat format = LogFormat::text;
  LogLevel level = LogLevel::info;
};

struct StoreConfig {
  std::filesystem::path directory;
  std::uint64_t disk_floor = 256ULL << 20U;
  std::chrono::hours keep_notifications{24 * 30};
  std::chrono::hours keep_history{24 * 90};
  std::uint64_t history_per_product = 200;
};

struct RequestLogConfig {
  std::chrono::hours keep{24 * 30};
  std::uint64_t most_bytes = 1ULL << 30U;    ///< on the disk
  std::uint64_t body_bytes = 64ULL << 10U;   ///< of one body
};

enum class WebhookForm { json, slack };

struct WebhookConfig {
  Secret url;
  WebhookForm form = WebhookForm::json;
};

struct MailConfig {
  std::string server;  ///< `smtps://host:465` or `smtp://host:587`
  bool allow_plain = false;
  std::string user;
  Secret password;
  std::string from;
  std::vector<std::string> to;
  std::filesystem::path ca_file;  ///< empty: the system's certificates
};

/// Zero and false switch a rule off.
struct AlertsConfig {
  std::chrono::hours repeat{24};
  std::chrono::minutes freshness{30};
  bool run_failed = true;
  bool withdrawals_held = true;
  std::uint64_t rejected = 100;
  std::chrono::hours silence{12};
  bool schedule_skipped = true;
  std::chrono::hours grant_unused{24 * 7};
  std::uint64_t disk = 1ULL << 30U;
  std::optional<WebhookConfig> webhook;
  std::optional<MailConfig> mail;
};

struct OAuthConfig {
  std::string client_id;
  Secret client_secret;
  bool password_grant = true;  ///< false: refresh-token grant, started from `refresh_token`
  std::string user;
  Secret password;
  Secret refresh_token;
};

struct CookieConfig {
  std::string user;
  Secret password;
  std::string branch;
};

struct AcumaticaConfig {
  std::string url;                ///< of the instance, without a trailing slash
  bool allow_plain_http = false;  ///< `http://` to another machine: passwords and tokens travel in clear text
  std::string tenant;
  std::variant<OAuthConfig, CookieConfig> authentication;
  std::string endpoint_version;  ///< empty: the newest Default endpoint from 24.200.001 on
  std::size_t page_size = 500;
  int requests_per_minute = 50;  ///< the licence's limit
  int licence_share = 40;        ///< percent of it that this program may use
  int concurrency = 2;
  std::chrono::minutes utc_offset{0};  ///< of times without a zone in the tenant's data
  std::chrono::seconds read_timeout{660};
  std::filesystem::path ca_file;  ///< empty: the system's certificates
};

struct NotificationConfig {
  std::string header = "X-Product-Sync-Secret";
  std::vector<Secret> secrets;      ///< one or two: two during a rotation; none closes the intake
  std::vector<IpRange> allow_from;  ///< none: everywhere
  std::size_t rate_limit = 0;       ///< notifications a second from one address; 0 = no limit
  std::vector<std::string> key_columns{"InventoryID"};
  std::uint64_t longest_body = 32'000'000;
  std::chrono::milliseconds debounce{15'000};
  std::chrono::milliseconds longest_wait{60'000};
  std::size_t flood = 500;  ///< keys in one burst from which the change is read by modification time instead
};

struct FeedConfig {
  std::string mode_prefix;  ///< of the file name; selects the processing method in Rithum
  bool account_default_is_safe = false;
  std::string template_code;
  char delimiter = '\t';
  bool byte_order_mark = false;
  bool crlf = false;
  std::string clear_marker = "_DELETE_";
  bool quantity_for_new =
      true;  ///< rows that may be new carry a quantity of "0 more", without which Rithum makes no product
  std::uint64_t rows_per_file = 0;   ///< 0: no limit
  std::uint64_t bytes_per_file = 0;  ///< 0: no limit
  std::chrono::hours keep_files{24 * 30};  ///< local copies of delivered files
};

struct SftpConfig {
  std::string host;
  std::uint16_t port = 22;
  std::string user;
  std::optional<Secret> password;
  std::filesystem::path private_key;
  Secret passphrase;
  std::vector<std::string> host_keys;  ///< `SHA256:…` fingerprints
  std::filesystem::path known_hosts;
  std::string directory;
  std::uint64_t buffer_bytes = 2ULL << 20U;
  std::chrono::seconds connect_timeout{20};
  std::chrono::seconds operation_timeout{120};
};

enum class FtpTls { none, explicit_tls, implicit_tls };

struct FtpConfig {
  std::string host;
  std::uint16_t port = 0;  ///< 0: 21, or 990 with implicit TLS
  std::string user;
  Secret password;
  FtpTls tls = FtpTls::explicit_tls;
  bool allow_plain = false;       ///< `tls: none` to another machine: the password travels in clear text
  std::filesystem::path ca_file;  ///< empty: the system's certificates
  bool passive = true;
  bool extended = true;  ///< EPSV and EPRT before PASV and PORT
  std::string directory;
  std::chrono::seconds connect_timeout{20};
  std::chrono::seconds operation_timeout{120};
};

struct DirectoryConfig {
  std::filesystem::path path;
};

struct DestinationConfig {
  std::variant<SftpConfig, FtpConfig, DirectoryConfig> target;
  bool upload_then_rename = true;
  std::string temporary_suffix = ".part";
  int attempts = 5;  ///< of one delivery, before it waits for the next round
};

/// Headers of the file in which Rithum answers an upload by its interface.
struct ResultFileConfig {
  std::vector<std::string> sku_columns{"Inventory Number", "InventoryNumber", "SKU"};
  std::vector<std::string> error_columns{"Error Message", "ErrorMessage", "Errors", "Error", "Message"};
  std::vector<std::string> status_columns{"Status", "Result"};
};

/// Rithum's REST interface. Without an application everything goes to the destination, and nothing is read back.
struct RithumConfig {
  std::string url = "https://api.channeladvisor.com";
  bool allow_plain_http = false;
  std::string profile_id;
  std::string application_id;  ///< empty: the interface is not used
  Secret shared_secret;
  Secret refresh_token;
  std::filesystem::path ca_file;  ///< empty: the system's certificates
  std::size_t message_queue_threshold = 100;
  std::string import_type = "AddUpdate";
  int requests_per_minute = 1000;
  int concurrency = 4;
  int uploads_per_hour = 30;
  int export_requests_per_minute = 6;
  ResultFileConfig result_file;

  [[nodiscard]] bool is_used() const { return !application_id.empty(); }
};

/// How Rithum answers what came by file: what its documentation leaves open.
struct ResponseFilesConfig {
  std::string directory;  ///< beside the destination's; empty: there are none
  std::string names = "*";
  std::uint64_t longest = 64'000'000;
  std::vector<std::string> sku_columns{"Inventory Number", "InventoryNumber", "SKU"};
  std::vector<std::string> status_columns{"Status", "Result"};
  std::vector<std::string> message_columns{"Error Message", "ErrorMessage", "Errors", "Error", "Message"};
  std::vector<std::string> success_words{"Success", "Succeeded", "OK", "Complete", "Completed",
                                         "Created", "Added", "Updated", "Unchanged"};
  std::vector<std::string> error_words{"Error", "Errors", "Fail", "Failed", "Failure", "Invalid", "Rejected", "Skipped"};

  [[nodiscard]] bool is_used() const { return !directory.empty(); }
};

struct ConfirmationConfig {
  std::chrono::seconds first_look{600};        ///< after a delivery by file
  std::chrono::seconds interval{600};          ///< between two looks
  std::chrono::seconds overdue_after{4 * 3600};  ///< without proof
  std::size_t filtered_reads_up_to = 500;      ///< products; more are read by an export
  std::chrono::hours refresh{24};              ///< of the whole map of product IDs; zero = never
  std::chrono::seconds job_waits{0};           ///< of `sync`, for the outcome of what it sent
  std::string product_id_to;                   ///< a source as in the mapping; empty: IDs are not written
  ResponseFilesConfig response_files;
};

/// Whose word counts where Rithum shows something else than it was told.
enum class DriftPolicy { report_only, ours_wins };

struct ReconciliationConfig {
  DriftPolicy values = DriftPolicy::report_only;  ///< of columns without a word of their own
  std::map<std::string, DriftPolicy> columns;     ///< by catalog::ValueMapping::key()
  DriftPolicy missing = DriftPolicy::report_only;  ///< products that Rithum does not have any more
  std::uint64_t most = 500;                        ///< products that a repair sends
};

struct SyncConfig {
  std::chrono::minutes overlap{10};  ///< how far a watermark stays behind the start of its run
};

/// What a site does by itself, and when.
struct ScheduleConfig {
  std::string name;
  schedule::Task task = schedule::Task::delta;
  bool active = false;                     ///< until an operator switches it
  schedule::Timing timing;
  std::optional<schedule::TimeZone> zone;  ///< as it stands in the file; `timing` has the one that counts
};

/// One for each task, named like it and switched off.
[[nodiscard]] std::vector<ScheduleConfig> default_schedules();

struct SiteConfig {
  std::string id;
  schedule::TimeZone time_zone;
  RecordLevel request_log = RecordLevel::all;
  AcumaticaConfig acumatica;
  NotificationConfig notifications;
  catalog::Mapping mapping;
  catalog::RemovalGuard guard;  ///< of withdrawals
  FeedConfig feed;
  DestinationConfig destination;
  RithumConfig rithum;
  ConfirmationConfig confirmation;
  ReconciliationConfig reconciliation;
  SyncConfig sync;
  std::vector<ScheduleConfig> schedules = default_schedules();  ///< those that cannot run at this site left out
};

struct Config {
  std::filesystem::path file;
  ServerConfig server;
  LogConfig log;
  StoreConfig store;
  RequestLogConfig request_log;
  AlertsConfig alerts;
  std::vector<SiteConfig> sites;  ///< in the order of the file

  /// Null when there is no such site.
  [[nodiscard]] const SiteConfig* site(std::string_view id) const;
};

/// Where in the file something is wrong. Prints as `config.yaml:12:5: sites.eu.feed.prefx: unknown key; did you mean
/// "mode_prefix"?`
struct Problem {
  std::filesystem::path file;
  int line = 0;           ///< from 1; 0 = the file as a whole
  int column = 0;         ///< from 1
  std::string path;       ///< `sites.eu.feed.mode_prefix`
  std::string message;    ///< what is wrong, and what was expected
  std::string near_miss;  ///< the key or value that was probably meant; empty = none

  [[nodiscard]] std::string text() const;
};

/// The value of an environment variable; absent when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Reads and checks a file. On failure every problem found, in the order of the file; never an empty list. Relative
/// paths in the file start at the file's own directory. The first form takes `${NAME}` from the process.
[[nodiscard]] tl::expected<Config, std::vector<Problem>> load(const std::filesystem::path& file);
[[nodiscard]] tl::expected<Config, std::vector<Problem>> load(const std::filesystem::path& file,
                                                              const Environment& environment);

/// The same for the contents of a file; `file` only names it.
[[nodiscard]] tl::expected<Config, std::vector<Problem>> parse(std::string_view text, const std::filesystem::path& file,
                                                               const Environment& environment);

/// The whole configuration as YAML, defaults included and secrets replaced by `[redacted]`: for diagnostics.
[[nodiscard]] std::string to_redacted_yaml(const Config& config);

/// The page of all options, docs/configuration.md, written from the option table.
[[nodiscard]] std::string reference_page();

/// The page of all columns and rules, docs/columns.md, written from their tables.
[[nodiscard]] std::string columns_page();

}  // namespace product_sync::config
