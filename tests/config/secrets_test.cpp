#include <sys/stat.h>

#include "catch.hpp"
#include "config/options.hpp"
#include "config/sites.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;
using namespace product_sync::config;

namespace {

const OAuthConfig& oauth_of(const Config& config) {
  return std::get<OAuthConfig>(config.sites.at(0).acumatica.authentication);
}

std::string client_secret_of(const std::string& spelling) {
  const auto config = read(replaced(small_configuration(), "${CLIENT_SECRET}", spelling));
  REQUIRE(config.has_value());
  return oauth_of(*config).client_secret.reveal();
}

}  // namespace

TEST_CASE("a secret comes from the environment or stands in quotes") {
  CHECK(client_secret_of("${CLIENT_SECRET}") == "s3cret-of-the-client");
  CHECK(client_secret_of("\"${CLIENT_SECRET}\"") == "s3cret-of-the-client");
  CHECK(client_secret_of("a-${CLIENT_SECRET}-${PORT}") == "a-s3cret-of-the-client-9090");
  CHECK(client_secret_of("\"in quotes: # yes\"") == "in quotes: # yes");
  CHECK(client_secret_of("'010'") == "010");
  CHECK(client_secret_of("\"$${NOT_SET} $5 $\"") == "${NOT_SET} $5 $");
  CHECK(client_secret_of("\"${PORT}$${PORT}${PORT}\"") == "9090${PORT}9090");
}

TEST_CASE("a variable's value is not read again, neither as a variable nor as a file") {
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    return name == "CLIENT_SECRET" ? "${PASSWORD}" : name == "PASSWORD" ? "file:/etc/hostname" : "x";
  };
  const auto config = parse(small_configuration(), "config.yaml", environment);
  REQUIRE(config.has_value());
  CHECK(oauth_of(*config).client_secret.reveal() == "${PASSWORD}");
  CHECK(oauth_of(*config).password.reveal() == "file:/etc/hostname");
}

TEST_CASE("a secret comes from a file without the last line's end, and relative names start at the configuration") {
  const TemporaryDirectory directory("config");
  struct Row {
    const char *contents, *secret;
  };
  const auto row = GENERATE(Row{"from-a-file", "from-a-file"}, Row{"from-a-file\n", "from-a-file"},
                            Row{"from-a-file\r\n", "from-a-file"}, Row{" blanks stay ", " blanks stay "});
  write_file(directory / "secret", row.contents);
  const auto absolute = "file:" + (directory / "secret").string();
  const auto* form = GENERATE("file:secret", "\"file:${NAME}\"", "absolute");
  const auto spelling = std::string_view(form) == "absolute" ? absolute : std::string(form);
  const auto config = parse(replaced(small_configuration(), "${CLIENT_SECRET}", spelling), directory / "config.yaml",
                            [](const std::string& name) { return name == "NAME" ? "secret" : "of-the-environment"; });
  REQUIRE(config.has_value());
  CHECK(oauth_of(*config).client_secret.reveal() == row.secret);
}

TEST_CASE("a file that holds no secret is refused with words that do not show its contents") {
  const TemporaryDirectory directory("config");
  struct Row {
    std::string contents, message;
  };
  const auto row =
      GENERATE(Row{"", "the secret is empty"}, Row{"\n", "the secret is empty"},
               Row{"hunter22\nhunter23\n", "must be a single line of text"},
               Row{std::string("hunter22\0", 9), "must be a single line of text"}, Row{"hunter22 \xFF", "is not UTF-8"},
               Row{std::string(70'000, 'h'), "is larger than 64.0 KiB; that is no secret"});
  write_file(directory / "secret", row.contents);
  const auto text = replaced(small_configuration(), "${CLIENT_SECRET}", "file:secret");
  const auto config = parse(text, directory / "config.yaml", test_environment);
  REQUIRE_FALSE(config.has_value());
  const auto message = config.error().at(0).text();
  CHECK_THAT(message, ContainsSubstring(row.message));
  CHECK(message.find("hunter") == std::string::npos);
}

TEST_CASE("a secret is not waited for: only a regular file is opened") {
  const TemporaryDirectory directory("config");
  REQUIRE(::mkfifo((directory / "pipe").c_str(), 0600) == 0);
  const auto* name = GENERATE("pipe", ".", "missing");
  const auto text = replaced(small_configuration(), "${CLIENT_SECRET}", "file:" + std::string(name));
  const auto config = parse(text, directory / "config.yaml", test_environment);
  REQUIRE_FALSE(config.has_value());
  CHECK_THAT(config.error().at(0).message, ContainsSubstring("cannot be read"));
}

TEST_CASE("variables serve every kind of value, and their values do not appear in messages") {
  const auto text =
      replaced(small_configuration(), "tenant: Company\n", "tenant: ${TENANT}\n      page_size: ${PORT}\n");
  const auto result = read(text);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().at(0).message == "expected a whole number from 1 to 5000, found \"${PORT}\"");

  const auto config = read(replaced(text, "page_size: ${PORT}", "allow_plain_http: false"));
  REQUIRE(config.has_value());
  CHECK(config->sites.at(0).acumatica.tenant == "From Environment");
}

TEST_CASE("no message and no dump shows a secret, whatever else is wrong with the file") {
  // The canaries stand at each place of a secret, in each spelling; then each character of the file is broken. Where
  // the canary stands in the file itself, in ten ways, elsewhere in one.
  static const std::string kCanary = "c4nary";
  const TemporaryDirectory directory("config");
  write_file(directory / "canary", kCanary + "-in-file\n");
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    return name == "C" ? std::optional(kCanary + "-in-environment") : std::nullopt;
  };
  const auto* spelling = GENERATE("${C}", "file:canary", "\"c4nary-in-text\"", "'c4nary-in-text'");
  auto text = replaced(small_configuration(), "${CLIENT_SECRET}", spelling);
  text = replaced(text, "${PASSWORD}", spelling);
  const std::string one(spelling);
  text = replaced(text, "    feed:\n",
                  "    notifications:\n      secrets:\n        - " + one + "\n        - " + one + "\n    feed:\n");
  text = replaced(text, "      directory:\n        path: /srv/outgoing\n",
                  "      sftp:\n        host: h\n        user: u\n        password: " + one +
                      "\n        private_key: k\n        passphrase: " + one + "\n");
  text = "server:\n  operator_token: " + one + "\n" + text;

  const auto config = parse(text, directory / "config.yaml", environment);
  REQUIRE(config.has_value());
  const auto dump = to_redacted_yaml(*config);
  CHECK(dump.find(kCanary) == std::string::npos);
  std::size_t redacted = 0;
  for (auto at = dump.find("[redacted]"); at != std::string::npos; at = dump.find("[redacted]", at + 1)) ++redacted;
  CHECK(redacted == 7);

  std::size_t refused = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    static constexpr std::string_view kBreakers = "\n:\"'{[ |*z";
    const auto breakers = one.starts_with('"') ? kBreakers : kBreakers.substr(i % kBreakers.size(), 1);
    for (const char broken : breakers) {
      auto faulty = text;
      if (faulty.compare(i, kCanary.size(), kCanary) == 0) continue;  // the first letter of a canary
      faulty[i] = broken;
      const auto result = parse(faulty, directory / "config.yaml", environment);
      if (result) continue;
      ++refused;
      for (const auto& problem : result.error()) {
        if (problem.text().find(kCanary) == std::string::npos) continue;
        FAIL_CHECK("byte " << i << " replaced by " << broken << ": " << problem.text() << "\n" << faulty);
      }
    }
  }
  CHECK(refused > 400);
}

TEST_CASE("every option whose member is a secret is marked as one") {
  std::size_t secrets = 0;
  for (const auto& section : sections()) {
    for (const auto& option : section.options) {
      const bool named = option.key.find("password") != std::string::npos ||
                         option.key.find("secret") != std::string::npos ||
                         option.key.find("token") != std::string::npos || option.key == "passphrase" ||
                         (section.path == "alerts.webhook" && option.key == "url");
      INFO(section.path << "." << option.key);
      CHECK(option.secret == named);
      secrets += option.secret ? 1 : 0;
    }
  }
  CHECK(secrets == 15);
}
