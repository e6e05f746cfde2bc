// Nothing about us may reach a server whose key is not pinned.

#include "catch.hpp"
#include "support/child_process.hpp"
#include "transfer/destination_harness.hpp"

using namespace product_sync;
using namespace product_sync::transfer;

TEST_CASE("an unknown host key is refused with the line for the configuration, before any sign-in") {
  SftpWorld world;
  auto options = world.options();
  options.host_key_fingerprints.clear();
  const auto checked = world.open(options)->check({});
  REQUIRE_FALSE(checked);
  CHECK(checked.error().code == "sftp.host_key_unknown");
  CHECK(checked.error().retry == Retry::never);
  CHECK_THAT(checked.error().remedy, ContainsSubstring("host_keys: [\"" + world.server.fingerprint() + "\"]"));
  CHECK_THAT(checked.error().message, ContainsSubstring("127.0.0.1:" + std::to_string(world.server.port())));
  CHECK_THAT(world.server.log(), !ContainsSubstring("Accepted") && !ContainsSubstring("Failed"));

  INFO("the line does what it says");
  options.host_key_fingerprints = {world.server.fingerprint()};
  CHECK(world.check_with(options) == "no error");
}

TEST_CASE("a changed host key is refused loudly, before any sign-in") {
  SftpWorld world;
  const auto options = world.options();
  REQUIRE(world.check_with(options) == "no error");
  const auto signed_in_before = world.server.log().size();
  world.server.kill();
  world.server.replace_host_key("ed25519");
  world.server.start();

  const auto checked = world.open(options)->check({});
  REQUIRE_FALSE(checked);
  CHECK(checked.error().code == "sftp.host_key_changed");
  CHECK(checked.error().retry == Retry::never);
  CHECK_THAT(checked.error().text(), ContainsSubstring("IS NOT THE PINNED ONE") &&
                                         ContainsSubstring("pinned: " + options.host_key_fingerprints.front()) &&
                                         ContainsSubstring(world.server.fingerprint()));
  CHECK_THAT(world.server.log().substr(signed_in_before), !ContainsSubstring("Accepted"));
}

TEST_CASE("any type of host key can be pinned by its bare fingerprint") {
  SftpWorld world({.host_keys = {"ed25519", "ecdsa"}});
  auto options = world.options();
  const std::string type = GENERATE("ed25519", "ecdsa");
  options.host_key_fingerprints = {world.server.fingerprint(type)};
  CHECK(world.check_with(options) == "no error");
}

TEST_CASE("when none of a server's keys matches, all of them are shown") {
  SftpWorld world({.host_keys = {"ed25519", "ecdsa"}});
  auto options = world.options();
  options.host_key_fingerprints = {"SHA256:" + std::string(43, 'A')};
  CHECK_THAT(world.check_with(options), ContainsSubstring("sftp.host_key_changed") &&
                                             ContainsSubstring(world.server.fingerprint("ed25519")) &&
                                             ContainsSubstring(world.server.fingerprint("ecdsa")));
}

TEST_CASE("a known_hosts file pins the host, plain or hashed, whichever of the server's keys it names") {
  SftpWorld world({.host_keys = {"ed25519", "ecdsa"}});
  const TemporaryDirectory home("known-hosts");
  const std::string type = GENERATE("ed25519", "ecdsa");
  const bool hashed = GENERATE(false, true);
  INFO(type << (hashed ? " hashed" : " plain"));
  auto options = world.options();
  options.host_key_fingerprints.clear();
  options.known_hosts = home / "known_hosts";
  write_file(options.known_hosts,
             "[127.0.0.1]:" + std::to_string(world.server.port()) + " " + world.server.public_key(type) + "\n");
  if (hashed) REQUIRE(run_program({"ssh-keygen", "-H", "-f", options.known_hosts.string()}) == 0);
  CHECK(world.check_with(options) == "no error");
}

TEST_CASE("a known_hosts file that knows another host or port does not help") {
  SftpWorld world;
  const TemporaryDirectory home("known-hosts");
  const std::string host = GENERATE("127.0.0.1", "[127.0.0.1]:1", "[127.0.0.2]:@PORT@");
  auto line = host + " " + world.server.public_key() + "\n";
  if (const auto at = line.find("@PORT@"); at != std::string::npos)
    line.replace(at, 6, std::to_string(world.server.port()));
  auto options = world.options();
  options.host_key_fingerprints.clear();
  options.known_hosts = home / "known_hosts";
  write_file(options.known_hosts, line);
  CHECK_THAT(world.check_with(options), ContainsSubstring("sftp.host_key_unknown"));
}

TEST_CASE("a known_hosts file with another key of the host refuses and names the line") {
  SftpWorld world({.host_keys = {"ed25519", "ecdsa"}});
  const TemporaryDirectory home("known-hosts");
  auto options = world.options();
  options.host_key_fingerprints.clear();
  options.known_hosts = home / "known_hosts";
  const auto line = [&](const std::string& type) {
    return "[127.0.0.1]:" + std::to_string(world.server.port()) + " " + world.server.public_key(type) + "\n";
  };
  write_file(options.known_hosts, "# first\n" + line("ed25519"));
  world.server.kill();
  world.server.replace_host_key("ed25519");
  world.server.start();
  CHECK_THAT(world.check_with(options),
             ContainsSubstring("sftp.host_key_changed") && ContainsSubstring(options.known_hosts.string() + " line 2"));
}

TEST_CASE("a server with nothing but RSA host keys is told apart from a dead one") {
  SftpWorld world({.host_keys = {"ed25519", "rsa"}});
  auto options = world.options();
  options.host_key_fingerprints = {world.server.fingerprint("rsa")};
  // libssh2 1.10 cannot verify rsa-sha2: the pin cannot match. 1.11 can.
  const auto outcome = world.check_with(options);
  if (outcome != "no error") CHECK_THAT(outcome, ContainsSubstring("sftp.host_key_changed"));
  SftpWorld only_rsa({.host_keys = {"rsa"}});
  auto rsa_options = options;
  rsa_options.port = only_rsa.server.port();
  rsa_options.private_key = only_rsa.key;
  rsa_options.host_key_fingerprints = {only_rsa.server.fingerprint("rsa")};
  const auto only = only_rsa.check_with(rsa_options);
  if (only != "no error") CHECK_THAT(only, ContainsSubstring("sftp.no_common_algorithm") && ContainsSubstring("1.11"));
  CHECK((outcome == "no error") == (only == "no error"));
}
