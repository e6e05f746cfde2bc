#include "transfer/private_key.hpp"

#include "catch.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;
using namespace product_sync::transfer;

namespace {

struct KeyRow {
  const char* type;
  const char* format;
  const char* passphrase;
  const char* found;
};

}  // namespace

TEST_CASE("a private key tells its type and whether it is encrypted without its passphrase") {
  const auto row = GENERATE(values<KeyRow>({
      {"ed25519", "RFC4716", "", "ssh-ed25519"},
      {"ed25519", "RFC4716", "open sesame", "ssh-ed25519"},
      {"ecdsa", "RFC4716", "", "ecdsa-sha2-nistp256"},
      {"ecdsa", "PEM", "", "ecdsa"},
      {"ecdsa", "PEM", "open sesame", "ecdsa"},
      {"rsa", "RFC4716", "open sesame", "ssh-rsa"},
      {"rsa", "PEM", "", "ssh-rsa"},
      {"rsa", "PKCS8", "", ""},
      {"rsa", "PKCS8", "open sesame", ""},
  }));
  INFO(row.type << " " << row.format << " \"" << row.passphrase << "\"");
  const TemporaryDirectory home("key");
  const auto file = home / "key";
  REQUIRE(run_program(
              {"ssh-keygen", "-q", "-t", row.type, "-m", row.format, "-N", row.passphrase, "-f", file.string()}) == 0);
  const auto facts = inspect_private_key(file).value();
  CHECK(facts.type == row.found);
  CHECK(facts.encrypted == (std::string(row.passphrase) != ""));

  INFO("and the public half is not taken for it");
  const auto public_half = inspect_private_key(file.string() + ".pub");
  CHECK(public_half.error().code == "sftp.key_unsupported");
  CHECK_THAT(public_half.error().text(), ContainsSubstring("without .pub"));
}

TEST_CASE("a key that cannot work is refused with the reason and the way out") {
  const TemporaryDirectory home("key");
  const auto refused = [&](const char* content) {
    write_file(home / "key", content);
    return inspect_private_key(home / "key").error();
  };
  CHECK_THAT(refused("PuTTY-User-Key-File-3: ssh-ed25519\n").text(), ContainsSubstring("puttygen"));
  CHECK_THAT(refused("hello").text(), ContainsSubstring("no known format"));
  CHECK_THAT(refused("").text(), ContainsSubstring("no known format"));
  CHECK_THAT(refused("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n").text(), ContainsSubstring("damaged"));
  CHECK(inspect_private_key("/nowhere/key").error().code == "sftp.key_unreadable");
}

TEST_CASE("an RSA key needs libssh2 1.11, and the error says so") {
  const PrivateKeyFacts rsa{"ssh-rsa", false};
  CHECK(check_key_type(rsa, "key", true));
  const auto refused = check_key_type(rsa, "/etc/keys/id_rsa", false);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "sftp.key_unsupported");
  CHECK_THAT(refused.error().text(), ContainsSubstring("/etc/keys/id_rsa") && ContainsSubstring("SHA-1") &&
                                         ContainsSubstring("ssh-keygen -t ed25519") && ContainsSubstring("1.11"));
  CHECK_FALSE(check_key_type({"ssh-dss", false}, "key", true));
  CHECK_FALSE(check_key_type({"sk-ssh-ed25519@openssh.com", false}, "key", true));
  CHECK(check_key_type({"ssh-ed25519", false}, "key", false));
  CHECK(check_key_type({"ecdsa-sha2-nistp521", false}, "key", false));
}
