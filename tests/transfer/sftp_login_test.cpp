#include "catch.hpp"
#include "support/fault_proxy.hpp"
#include "transfer/destination_harness.hpp"
#include "transfer/private_key.hpp"

using namespace product_sync;
using namespace product_sync::transfer;

namespace {

struct LoginKey {
  const char* type;
  const char* passphrase;
  const char* format;
};

/// The options of a world, for signing in as a user of the system with a password.
SftpOptions with_password(const SftpWorld& world, const TemporaryUser& user) {
  auto options = world.options();
  options.private_key.clear();
  options.user = user.name();
  options.password = Secret(user.password());
  return options;
}

bool users_can_be_made() {
  if (TemporaryUser::possible()) return true;
  WARN("not tested here: password sign-in needs a system user, which only root can make");
  return false;
}

}  // namespace

TEST_CASE("ed25519 and ECDSA keys sign in, with and without passphrase") {
  SftpWorld world;
  const auto row = GENERATE(values<LoginKey>({
      {"ed25519", "", ""},
      {"ed25519", "open sesame", ""},
      {"ecdsa", "", ""},
      {"ecdsa", "open sesame", ""},
      {"ecdsa", "", "PEM"},
      {"ecdsa", "open sesame", "PEM"},
  }));
  INFO(row.type << " \"" << row.passphrase << "\" " << row.format);
  auto options = world.options();
  options.private_key = world.server.accepted_key(row.type, row.passphrase, row.format);
  options.passphrase = Secret(row.passphrase);
  CHECK(world.check_with(options) == "no error");
}

TEST_CASE("an RSA key signs in where libssh2 can, and is refused with the reason where it cannot") {
  SftpWorld world;
  auto options = world.options();
  options.private_key = world.server.accepted_key("rsa");
  const FaultProxy proxy(world.server.port());
  options.port = proxy.port();
  const auto outcome = world.check_with(options);
  if (has_rsa_sha2()) {
    CHECK(outcome == "no error");
  } else {
    CHECK_THAT(outcome, ContainsSubstring("sftp.key_unsupported") && ContainsSubstring("ssh-keygen -t ed25519"));
    CHECK(proxy.connections() == 0);  // found out without bothering the server
  }
}

TEST_CASE("a wrong passphrase and a missing one are told apart from a refused key") {
  SftpWorld world;
  const std::string type = GENERATE("ed25519", "ecdsa");
  auto options = world.options();
  options.private_key = world.server.accepted_key(type, "open sesame");
  CHECK_THAT(world.check_with(options), ContainsSubstring("sftp.passphrase_missing"));
  options.passphrase = Secret("wrong");
  const auto outcome = world.check_with(options);
  CHECK_THAT(outcome, ContainsSubstring("sftp.key_unreadable") && ContainsSubstring("passphrase"));
  CHECK_THAT(outcome, !ContainsSubstring("wrong") && !ContainsSubstring("sesame"));
}

TEST_CASE("a key that the server does not know is refused for good, naming user, key and what the server takes") {
  SftpWorld world;
  SftpWorld stranger;
  auto options = world.options();
  options.private_key = stranger.key;
  const auto checked = world.open(options)->check({});
  REQUIRE_FALSE(checked);
  CHECK(checked.error().code == "sftp.auth_failed");
  CHECK(checked.error().retry == Retry::never);
  CHECK_THAT(checked.error().text(), ContainsSubstring(options.user) && ContainsSubstring(stranger.key.string()) &&
                                         ContainsSubstring("publickey"));
}

TEST_CASE("without any credentials there is an error before the network is touched") {
  SftpWorld world;
  auto options = world.options();
  options.private_key.clear();
  options.port = 1;
  CHECK_THAT(world.check_with(options), ContainsSubstring("sftp.auth_failed") && ContainsSubstring("neither"));
}

TEST_CASE("a password for a server that takes only keys is an error that says so") {
  SftpWorld world;
  auto options = world.options();
  options.private_key.clear();
  options.password = Secret("hunter2");
  const auto outcome = world.check_with(options);
  CHECK_THAT(outcome, ContainsSubstring("sftp.auth_failed") && ContainsSubstring("publickey"));
  CHECK_THAT(outcome, !ContainsSubstring("hunter2"));
}

TEST_CASE("a password signs in, and a wrong one is refused for good without being shown") {
  if (!users_can_be_made()) return;
  const TemporaryUser user;
  SftpWorld world({.settings = {"PasswordAuthentication yes"}});
  auto options = with_password(world, user);
  CHECK(world.check_with(options) == "no error");
  options.password = Secret("wrong-secret");
  const auto checked = world.open(options)->check({});
  REQUIRE_FALSE(checked);
  CHECK(checked.error().code == "sftp.auth_failed");
  CHECK(checked.error().retry == Retry::never);
  CHECK_THAT(checked.error().text(), !ContainsSubstring("wrong-secret"));
}

TEST_CASE("a password signs in at a server that offers only keyboard-interactive") {
  if (!users_can_be_made()) return;
  const TemporaryUser user;
  SftpWorld world({.settings = {"UsePAM yes", "KbdInteractiveAuthentication yes", "PubkeyAuthentication no"}});
  auto options = with_password(world, user);
  INFO(world.server.log());
  CHECK(world.check_with(options) == "no error");
  options.password = Secret("wrong-secret");
  const auto outcome = world.check_with(options);
  CHECK_THAT(outcome, ContainsSubstring("sftp.auth_failed") && ContainsSubstring("keyboard-interactive"));
  CHECK_THAT(outcome, !ContainsSubstring("wrong-secret"));
}

TEST_CASE("a server that wants a key and then a password gets both") {
  if (!users_can_be_made()) return;
  const TemporaryUser user;
  SftpWorld world({.settings = {"PasswordAuthentication yes", "AuthenticationMethods publickey,password"}});
  auto options = with_password(world, user);
  options.private_key = world.key;
  CHECK(world.check_with(options) == "no error");
  options.password = Secret{};
  CHECK_THAT(world.check_with(options), ContainsSubstring("sftp.auth_failed"));
}

TEST_CASE("a user whom the server gives no SFTP is told that the sign-in worked") {
  SftpWorld world({.settings = {"ForceCommand /bin/false"}});
  auto options = world.options();
  options.connect_timeout = std::chrono::seconds(3);
  CHECK_THAT(world.check_with(options), ContainsSubstring("worked; starting SFTP"));
}
