#include "cli/starter_config.hpp"

#include "catch.hpp"
#include "config/config.hpp"

using namespace product_sync;

namespace {

cli::StarterAnswers sound_answers() {
  return {.site = "eu",
          .acumatica_url = "https://erp.example.com/AcumaticaERP",
          .tenant = "My \"${Company}\"",
          .destination = "sftp://product-sync@sftp.example.com:2222/accounts/12345678/Inventory",
          .time_zone = "Europe/Berlin",
          .schedules = true};
}

config::Config loaded(const cli::StarterAnswers& answers) {
  const auto text = cli::starter_config(answers);
  REQUIRE(text);
  const auto config =
      config::parse(*text, "config.yaml", [](const std::string&) { return std::optional<std::string>("a long secret"); });
  INFO(*text << (config ? "" : config.error().front().text()));
  REQUIRE(config);
  return *config;
}

}  // namespace

TEST_CASE("the configuration to begin with is one, and says what was answered") {
  const auto config = loaded(sound_answers());
  const auto& site = config.sites.at(0);
  CHECK(site.id == "eu");
  CHECK(site.acumatica.tenant == "My \"${Company}\"");
  CHECK(site.time_zone.name() == "Europe/Berlin");
  const auto& sftp = std::get<config::SftpConfig>(site.destination.target);
  CHECK(sftp.host == "sftp.example.com");
  CHECK(sftp.port == 2222);
  CHECK(sftp.user == "product-sync");
  CHECK(sftp.directory == "/accounts/12345678/Inventory");
  for (const auto& schedule : site.schedules) CHECK(schedule.active);
}

TEST_CASE("schedules stay off unless they are wanted, and the destination can be FTP or a directory") {
  auto answers = sound_answers();
  answers.schedules = false;
  answers.destination = "ftps://abc123:me@example.com@ftps.example.com/Inventory/Transform";
  auto config = loaded(answers);
  for (const auto& schedule : config.sites.at(0).schedules) CHECK_FALSE(schedule.active);
  const auto& ftp = std::get<config::FtpConfig>(config.sites.at(0).destination.target);
  CHECK(ftp.user == "abc123:me@example.com");
  CHECK(ftp.host == "ftps.example.com");
  answers.destination = "/srv/outgoing";
  CHECK(std::get<config::DirectoryConfig>(loaded(answers).sites.at(0).destination.target).path == "/srv/outgoing");
}

TEST_CASE("an answer that would make no configuration is refused with the key that it belongs to") {
  const auto fault = [](auto change) {
    auto answers = sound_answers();
    change(answers);
    const auto text = cli::starter_config(answers);
    REQUIRE_FALSE(text);
    CHECK(text.error().code == "init.bad_answer");
    return text.error().message;
  };
  CHECK(fault([](auto& answers) { answers.site = "The Site"; }).find("sites.The Site") == 0);
  CHECK(fault([](auto& answers) { answers.acumatica_url = "erp"; }).find("sites.eu.acumatica.url: expected") == 0);
  CHECK(fault([](auto& answers) { answers.time_zone = "Europe/Berlni"; }).find("did you mean \"Europe/Berlin\"") != std::string::npos);
  CHECK(fault([](auto& answers) { answers.destination = "sftp://sftp.example.com"; }).find("destination.sftp.user") != std::string::npos);
}
