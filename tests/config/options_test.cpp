#include "config/options.hpp"

#include <cstdlib>
#include <set>

#include "catch.hpp"
#include "config/sites.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;
using namespace product_sync::config;
using namespace std::chrono_literals;

TEST_CASE("docs/configuration.md is what the option table says") {
  // After a wanted change of the table, run this test with REWRITE_GOLDEN=1 and review the difference.
  const std::filesystem::path page = PRODUCT_SYNC_ROOT "/docs/configuration.md";
  if (std::getenv("REWRITE_GOLDEN") != nullptr) write_file(page, reference_page());
  CHECK(read_file(page) == reference_page());
}

TEST_CASE("each row of the table is complete, and no key stands twice") {
  std::set<std::string> paths;
  for (const auto& section : sections()) {
    INFO(section.path);
    CHECK(paths.insert(section.path).second);
    CHECK(section.help.ends_with('.'));
    CHECK((section.alternative.empty() || section.choose));
    for (const auto& option : section.options) {
      INFO(option.key);
      CHECK(paths.insert(join_path(section.path, option.key)).second);
      CHECK_FALSE(option.type.empty());
      CHECK(option.help.ends_with('.'));
      CHECK((option.read && option.write));
    }
  }
  CHECK(paths.size() > 80);
}

TEST_CASE("what the file leaves out has its default") {
  const auto config = read(small_configuration());
  REQUIRE(config.has_value());
  CHECK(config->server.listen.host == "127.0.0.1");
  CHECK(config->server.listen.port == 8080);
  CHECK(config->server.threads == 8);
  CHECK_FALSE(config->server.operator_token.has_value());
  CHECK(config->log.level == LogLevel::info);
  CHECK(config->store.disk_floor == 268'435'456);
  const auto* site = config->site("eu");
  REQUIRE(site != nullptr);
  CHECK(config->site("us") == nullptr);
  CHECK(site->acumatica.page_size == 500);
  CHECK(site->acumatica.read_timeout == 11min);
  CHECK(site->notifications.secrets.empty());
  CHECK(site->notifications.key_columns == std::vector<std::string>{"InventoryID"});
  CHECK(site->notifications.debounce == 15s);
  CHECK(site->feed.delimiter == '\t');
  CHECK(site->feed.clear_marker == "_DELETE_");
  CHECK(site->destination.upload_then_rename);
  CHECK(site->sync.overlap == 10min);
}

TEST_CASE("what the file says arrives in the members") {
  auto text = replaced(
      small_configuration(), "store:\n",
      "server: {listen: \"[::1]:0\", grace: 2m}\nlog: {format: json, level: debug}\nstore:\n  disk_floor: 1GB\n");
  text = replaced(
      text, "        user: sync\n        password: ${PASSWORD}\n",
      "        grant: refresh_token\n        refresh_token: \"a token\"\n"
      "      licence: {requests_per_minute: 100, share_percent: 25, concurrency: 4}\n      utc_offset: \"-05:00\"\n");
  text = replaced(
      text, "feed:\n",
      "notifications: {debounce: 500ms, longest_wait: 1s, longest_body: 2MiB, key_columns: [A, B]}\n    feed:\n"
      "      delimiter: pipe\n      line_ending: crlf\n");
  text = replaced(text, "      directory:\n        path: /srv/outgoing\n",
                  "      sftp: {host: h, port: 2222, user: u, private_key: keys/k, buffer: 4MiB,\n"
                  "             host_keys: [\"SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\"]}\n");
  const auto config = parse(text, "/etc/product-sync/config.yaml", test_environment);
  REQUIRE(config.has_value());
  CHECK(config->server.listen.host == "::1");
  CHECK(config->server.listen.port == 0);
  CHECK(config->server.grace == 2min);
  CHECK(config->log.format == LogFormat::json);
  CHECK(config->log.level == LogLevel::debug);
  CHECK(config->store.disk_floor == 1'000'000'000);
  const auto& site = config->sites.at(0);
  const auto& oauth = std::get<OAuthConfig>(site.acumatica.authentication);
  CHECK_FALSE(oauth.password_grant);
  CHECK(oauth.refresh_token.reveal() == "a token");
  CHECK(site.acumatica.requests_per_minute == 100);
  CHECK(site.acumatica.licence_share == 25);
  CHECK(site.acumatica.concurrency == 4);
  CHECK(site.acumatica.utc_offset == -5h);
  CHECK(site.notifications.debounce == 500ms);
  CHECK(site.notifications.longest_wait == 1s);
  CHECK(site.notifications.longest_body == 2'097'152);
  CHECK(site.notifications.key_columns == std::vector<std::string>{"A", "B"});
  CHECK(site.feed.delimiter == '|');
  CHECK(site.feed.crlf);
  const auto& sftp = std::get<SftpConfig>(site.destination.target);
  CHECK(sftp.port == 2222);
  CHECK(sftp.private_key == "/etc/product-sync/keys/k");
  CHECK(sftp.buffer_bytes == 4'194'304);
  CHECK(sftp.host_keys.size() == 1);
}

TEST_CASE("an FTP server is reached with explicit TLS unless the file says otherwise") {
  const auto with = [](const std::string& ftp) {
    return read(replaced(small_configuration(), "      directory:\n        path: /srv/outgoing\n", ftp));
  };
  const std::string server = "host: ftps.example.com, user: \"abc:me@example.com\", password: \"p@ss:#w\"";
  const auto plain = with("      ftp: {" + server + "}\n");
  REQUIRE(plain.has_value());
  const auto& ftp = std::get<FtpConfig>(plain->sites.at(0).destination.target);
  CHECK(ftp.tls == FtpTls::explicit_tls);
  CHECK(ftp.port == 0);
  CHECK(ftp.user == "abc:me@example.com");
  CHECK(ftp.password.reveal() == "p@ss:#w");
  CHECK(ftp.passive);
  CHECK(ftp.extended);

  const auto other = with("      ftp: {" + server + ", tls: none, allow_plain: true, mode: active, extended: false}\n");
  REQUIRE(other.has_value());
  const auto& readable = std::get<FtpConfig>(other->sites.at(0).destination.target);
  CHECK(readable.tls == FtpTls::none);
  CHECK_FALSE(readable.passive);
  CHECK_FALSE(readable.extended);
}

TEST_CASE(
    "values of the mapping are in feed order: columns as the feed has them, then attributes as the file has them") {
  auto text =
      replaced(small_configuration(), "      columns:\n        Brand: attribute:BRAND\n",
               "      attributes:\n        Zebra: attribute:Z\n        Apple: [attribute:A.label, field:Apple]\n"
               "      columns:\n        brand: attribute:BRAND\n"
               "        Description: {from: [field:Content, field:Description], clearable: true}\n"
               "        Auction Title: field:Description\n");
  const auto config = read(text);
  REQUIRE(config.has_value());
  std::vector<std::string> keys;
  const auto& mapping = config->sites.at(0).mapping;
  for (const auto& value : mapping.values) keys.push_back(value.key());
  CHECK(keys ==
        std::vector<std::string>{"Auction Title", "Description", "Brand", "attribute:Zebra", "attribute:Apple"});
  CHECK(mapping.values.at(1).clearable);
  CHECK(mapping.values.at(1).sources.size() == 2);
  CHECK_FALSE(mapping.values.at(2).clearable);
  CHECK(catalog::to_text(mapping.values.at(4).sources.at(0)) == R"(("attribute:A.label"))");
  CHECK(mapping.conditions.classifications == catalog::TextMap{{"ELECTRONIC", "Electronics"}});
  CHECK(mapping.check().empty());
}

TEST_CASE("a site has a schedule for each task, switched off, and only those that it can run") {
  const auto names_of = [](const SiteConfig& site) {
    std::string names;
    for (const auto& schedule : site.schedules) names += schedule.name + (schedule.active ? "+ " : "- ");
    return names;
  };
  CHECK(names_of(read(small_configuration())->sites.at(0)) == "full- delta- clean_up- ");
  const auto with_rithum = read(replaced(
      small_configuration(), "    destination:\n",
      "    rithum: {profile_id: 1, application_id: a, shared_secret: \"${PASSWORD}\", refresh_token: \"${PASSWORD}\"}\n"
      "    destination:\n"));
  CHECK(names_of(with_rithum->sites.at(0)) == "full- delta- id_refresh- reconcile- clean_up- ");
}

TEST_CASE("a schedule takes what it leaves out from the one of its task, and its zone from the site") {
  const auto config = read(replaced(small_configuration(), "    destination:\n",
                                    "    schedules:\n"
                                    "      full: {active: true, blackout: [\"08:00-18:00\"], in_blackout: skip}\n"
                                    "      second: {task: delta, cron: \"@hourly\", zone: UTC, missed: skip}\n"
                                    "    time_zone: Europe/Berlin\n"
                                    "    destination:\n"));
  REQUIRE(config.has_value());
  const auto& schedules = config->sites.at(0).schedules;
  REQUIRE(schedules.size() == 4);
  const auto& full = schedules.at(0);
  CHECK(full.active);
  CHECK(full.timing.cron.text() == "0 2 * * *");
  CHECK(full.timing.zone.name() == "Europe/Berlin");
  CHECK(full.timing.blackout.windows().size() == 1);
  CHECK(full.timing.in_blackout == schedule::InBlackout::skip);
  CHECK(full.timing.longest_lateness == 12h);
  const auto& second = schedules.at(3);
  CHECK(second.name == "second");
  CHECK(second.task == schedule::Task::delta);
  CHECK_FALSE(second.active);
  CHECK(second.timing.zone.name() == "UTC");
  CHECK(second.timing.when_missed == schedule::WhenMissed::skip);
}

TEST_CASE("plain http is taken on loopback, or when it is permitted in so many words") {
  const auto with_url = [](const std::string& lines) {
    return problems_of(replaced(small_configuration(), "url: https://erp.example.com/ERP", lines));
  };
  CHECK(with_url("url: http://127.0.0.1:8090") == "");
  CHECK(with_url("url: http://localhost/ERP") == "");
  CHECK(with_url("url: http://erp.internal\n      allow_plain_http: true") == "");
  CHECK_FALSE(with_url("url: http://erp.internal").empty());
}
