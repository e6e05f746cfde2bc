#include "options.hpp"

#include <CLI/CLI.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

namespace rithum_simulator {
namespace {

constexpr const char* kFooter = R"(Lists of names (--classification, ...) that are not given are not checked.

Control interface, no part of Rithum (all JSON):
  GET  /control/files?after=N               files picked up, with the outcome of their rows
  GET  /control/products?after=ID&limit=N   pages of products; follow "next" until null
  GET  /control/product?sku=S               one product
  GET  /control/stats                       totals
  GET  /control/behaviour                   the faults in force
  POST /control/behaviour                   sets latency_ms, status and status_requests (the next N answers),
                                            cut_connections, path_prefix, pause_pickup, denied_as_200, expire_tokens
  GET|POST /control/jobs                    steps [status..], final_status, hold: of uploads and exports from now on
  POST /control/tamper                      sku, values {header: text|null}, attributes, listed, new_id, remove
  POST /control/reset                       forgets products, files, jobs, totals and faults)";

/// What CLI11 fills in before it is understood.
struct Texts {
  std::string inbox;
  std::string transform_inbox;
  std::string archive;
  std::string responses;
  std::string delimiter = "tab";
  std::string default_mode = "AddUpdate";
  int pickup_ms = 200;
  std::vector<std::string> prefixes;
  std::vector<std::string> templates;
  std::vector<std::string> ignored_suffixes = {".part"};
  std::vector<std::string> classifications;
  std::vector<std::string> relationships;
  std::vector<std::string> suppliers;
  std::vector<std::string> distribution_centers;
};

void declare(CLI::App& app, Options& options, Texts& texts) {
  app.add_option("--port", options.port, "port on 127.0.0.1; 0 takes a free one");
  app.add_option("--inbox", texts.inbox, "directory of standard feeds, /Inventory")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("--transform-inbox", texts.transform_inbox, "directory of template feeds, /Inventory/Transform")
      ->check(CLI::ExistingDirectory);
  app.add_option("--pickup-ms", texts.pickup_ms, "time between two looks into the inbox")
      ->check(CLI::Range(1, 3'600'000));
  app.add_flag("--eager", options.inbox.eager, "take a file at first sight, complete or not");
  app.add_option("--ignore-suffix", texts.ignored_suffixes, "temporary names; default .part, '' for none");
  auto* keep = app.add_flag("--keep-files", options.inbox.keep_files, "leave picked-up files where they are");
  app.add_option("--archive", texts.archive, "move picked-up files here; default: delete them")
      ->check(CLI::ExistingDirectory)
      ->excludes(keep);
  app.add_option("--responses", texts.responses, "answer files that came by transfer with response files here")
      ->check(CLI::ExistingDirectory);
  app.add_option("--profile", options.account.profile_id, "8-digit profile ID");
  app.add_option("--delimiter", texts.delimiter, "of .txt files")->check(CLI::IsMember({"tab", "pipe"}));
  app.add_option("--prefix", texts.prefixes, "file name prefix and mode, e.g. CAUpdate=UpdateOnly");
  app.add_option("--default-mode", texts.default_mode, "for files without a prefix")
      ->check(CLI::IsMember({"AddUpdate", "AddOnly", "UpdateOnly", "DetectDropItems"}));
  app.add_option("--template", texts.templates,
                 "CODE, or CODE=FILE with JSON {\"custom header\": \"standard header\"}");
  app.add_option("--classification", texts.classifications, "a classification of the account");
  app.add_option("--relationship", texts.relationships, "a variation relationship of the account");
  app.add_option("--supplier", texts.suppliers, "a supplier code of the account");
  app.add_option("--dc", texts.distribution_centers, "a distribution center code of the account");
  app.add_option("--application-id", options.credentials.application_id, "default: application");
  app.add_option("--shared-secret", options.credentials.shared_secret, "default: secret");
  app.add_option("--refresh-token", options.credentials.refresh_token, "default: refresh");
  app.add_option("--token-lifetime", options.credentials.lifetime_seconds, "of access tokens, seconds");
  app.add_option_function<std::int64_t>(
         "--pickup-delay-ms", [&](std::int64_t ms) { options.inbox.delay = std::chrono::milliseconds(ms); },
         "a file stays this long before it is taken; an hour at most in real life")
      ->check(CLI::Range(0, 3'600'000));
  app.add_option("--partition-rows", options.account.partition_rows,
                 "split files into parts of so many rows; 0 = never");
  app.add_option("--max-bundles", options.account.max_bundles, "bundles of the account, default 60000");
  app.add_option("--max-bundles-per-component", options.account.max_bundles_per_component, "default 500");
  app.add_flag("--blocked-columns", options.account.blocked_columns, "files may have Blocked and BlockComment");
  app.add_option("--requests-per-minute", options.limits.requests_per_minute, "default 2000; 0 = no limit");
  app.add_option("--concurrent", options.limits.concurrent, "requests at a time, default 5; 0 = no limit");
  app.add_option("--uploads-per-hour", options.limits.uploads_per_hour, "default 60; 0 = no limit");
  app.add_option("--exports-per-minute", options.limits.exports_per_minute, "default 10; 0 = no limit");
  app.add_option("--upload-bytes", options.limits.upload_bytes, "longest upload, default 128000000");
  app.add_flag("--denied-as-200", options.faults.denied_as_200, "answer 200 with the refusal text to a bad token");
}

std::pair<std::string, std::string> split_pair(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos) return {text, {}};
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::map<std::string, std::string> read_template(const std::string& file) {
  if (file.empty()) return {};
  std::ifstream stream(file);
  const auto mapping = nlohmann::json::parse(stream, nullptr, false);
  if (!mapping.is_object()) throw CLI::ValidationError("--template", file + " is no JSON object");
  return mapping.get<std::map<std::string, std::string>>();
}

std::set<std::string> to_set(const std::vector<std::string>& names) { return {names.begin(), names.end()}; }

void understand(const Texts& texts, Options& options) {
  InboxSettings& inbox = options.inbox;
  inbox.standard_directory = texts.inbox;
  if (!texts.transform_inbox.empty()) inbox.transform_directory = texts.transform_inbox;
  if (!texts.archive.empty()) inbox.archive_directory = texts.archive;
  if (!texts.responses.empty()) inbox.response_directory = texts.responses;
  inbox.partition_rows = options.account.partition_rows;
  inbox.interval = std::chrono::milliseconds(texts.pickup_ms);
  inbox.delimiter = texts.delimiter == "tab" ? '\t' : '|';
  inbox.ignored_suffixes = texts.ignored_suffixes;
  inbox.names.default_mode = mode_from(texts.default_mode).value_or(Mode::add_update);
  for (const std::string& text : texts.prefixes) {
    const auto [prefix, name] = split_pair(text);
    const auto mode = mode_from(name);
    if (prefix.empty() || !mode) throw CLI::ValidationError("--prefix", "'" + text + "': PREFIX=MODE is expected");
    inbox.names.prefixes.emplace_back(prefix, *mode);
  }
  Account& account = options.account;
  for (const std::string& text : texts.templates) {
    const auto [code, file] = split_pair(text);
    account.templates[code] = read_template(file);
    inbox.names.template_codes.push_back(code);
  }
  account.classifications = to_set(texts.classifications);
  account.relationships = to_set(texts.relationships);
  account.suppliers = to_set(texts.suppliers);
  account.distribution_centers = to_set(texts.distribution_centers);
}

}  // namespace

std::optional<Options> read_options(int argc, const char* const* argv, int& exit_code) {
  CLI::App app("Simulates Rithum for tests: takes feed files from a directory, keeps a catalogue, answers REST calls.");
  app.footer(kFooter);
  Options options;
  Texts texts;
  declare(app, options, texts);
  try {
    app.parse(argc, argv);
    understand(texts, options);
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error);
    return std::nullopt;
  }
  return options;
}

}  // namespace rithum_simulator
