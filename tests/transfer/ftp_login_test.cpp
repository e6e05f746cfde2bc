// Who we are, who the server is, and how data connections are made.

#include <chrono>

#include "catch.hpp"
#include "support/child_process.hpp"
#include "transfer/destination_harness.hpp"

using namespace product_sync;
using namespace product_sync::transfer;
using namespace std::chrono_literals;
using Program = FtpServerOptions::Program;
using Protocol = FtpServerOptions::Protocol;

namespace {

std::string outcome_of(const Result<void>& result) {
  return result ? std::string("ok") : result.error().code + ": " + result.error().text();
}

}  // namespace

TEST_CASE("a wrong FTP password is refused for good, and no password is ever shown") {
  const auto program = GENERATE(Program::proftpd, Program::vsftpd);
  FtpWorld world({.program = program, .protocol = GENERATE(Protocol::ftp, Protocol::ftp_with_tls)});
  auto options = world.options();
  options.password = Secret("not-the-passw0rd");
  const auto checked = world.open(options)->check({});
  REQUIRE_FALSE(checked);
  CHECK(checked.error().code == "ftp.auth_failed");
  CHECK(checked.error().retry == Retry::never);
  CHECK_THAT(checked.error().text(), !ContainsSubstring("not-the-passw0rd") && ContainsSubstring("PASS"));
}

TEST_CASE("an FTP destination names its place with the user escaped and without the password") {
  FtpWorld world;
  auto options = world.options();
  options.host = "ftp.example.com";
  options.port = 0;
  options.directory = "Inventory/Transform";
  CHECK(world.open(options)->describe() == "ftp://abc%3Auser%40company.com@ftp.example.com:21/~/Inventory/Transform");
  options.security = FtpSecurity::explicit_tls;
  options.directory = "/accounts/12345678";
  CHECK(world.open(options)->describe() == "ftpes://abc%3Auser%40company.com@ftp.example.com:21/accounts/12345678");
  options.security = FtpSecurity::implicit_tls;
  CHECK(world.open(options)->describe() == "ftps://abc%3Auser%40company.com@ftp.example.com:990/accounts/12345678");
}

TEST_CASE("an FTP server whose certificate is not trusted, has expired or is another host's is refused") {
  struct Row {
    CertificateOptions certificate;
    bool trusted;
    const char* reason;
  };
  const auto row =
      GENERATE(Row{{}, false, "self-signed certificate"}, Row{{.valid_from = -48h, .valid_to = -24h}, true, "expired"},
               Row{{.valid_from = 24h, .valid_to = 48h}, true, "not yet valid"},
               Row{{.hosts = {"DNS:other.example.com"}}, true, "does not match|no alternative"});
  const auto program = GENERATE(FtpServerOptions::Program::proftpd, FtpServerOptions::Program::vsftpd);
  const auto protocol = GENERATE(Protocol::ftp_with_tls, Protocol::ftps);
  FtpWorld world({.program = program, .protocol = protocol, .certificate = row.certificate});
  auto options = world.options();
  if (!row.trusted) options.ca_file.clear();
  const auto checked = world.open(options)->check({});
  REQUIRE_FALSE(checked);
  CHECK(checked.error().code == "ftp.certificate_untrusted");
  CHECK(checked.error().retry == Retry::never);
  const std::string reasons = row.reason;
  const auto bar = reasons.find('|');
  CHECK_THAT(checked.error().text(),
             ContainsSubstring(reasons.substr(0, bar)) ||
                 ContainsSubstring(bar == std::string::npos ? reasons : reasons.substr(bar + 1)));
  CHECK(std::filesystem::is_empty(world.server.files()));
}

TEST_CASE("an FTP server that speaks no TLS is refused where TLS is wanted, before anything about us is told") {
  FtpWorld world;
  auto options = world.options();
  options.security = FtpSecurity::explicit_tls;
  CHECK_THAT(outcome_of(world.open(options)->check({})), ContainsSubstring("ftp.no_tls"));
  CHECK_THAT(world.server.log(), !ContainsSubstring("USER"));
}

TEST_CASE("an FTP server that wants TLS is told apart from a wrong password") {
  FtpWorld world({.program = Program::proftpd, .protocol = Protocol::ftp_with_tls});
  auto options = world.options();
  options.security = FtpSecurity::plain;
  CHECK_THAT(outcome_of(world.open(options)->check({})), ContainsSubstring("SSL/TLS required"));
}

TEST_CASE("an FTP server that knows only TLS 1.1 is refused") {
  FtpWorld world(
      {.protocol = Protocol::ftp_with_tls, .settings = {"TLSProtocol TLSv1.1", "TLSCipherSuite ALL:@SECLEVEL=0"}});
  CHECK_THAT(outcome_of(world.open()->check({})), ContainsSubstring("ftp."));
  CHECK(std::filesystem::is_empty(world.server.files()));
}

TEST_CASE("a CA file that is not there is named as the reason") {
  FtpWorld world({.protocol = Protocol::ftp_with_tls});
  auto options = world.options();
  options.ca_file = "/nowhere/ca.pem";
  CHECK_THAT(outcome_of(world.open(options)->check({})),
             ContainsSubstring("ftp.ca_file") && ContainsSubstring("/nowhere/ca.pem"));
}

TEST_CASE("FTP data flow in passive and active mode, with the extended commands and without") {
  const auto program = GENERATE(Program::proftpd, Program::vsftpd);
  FtpWorld world({.program = program, .protocol = GENERATE(Protocol::ftp, Protocol::ftp_with_tls)});
  auto options = world.options();
  options.passive = GENERATE(true, false);
  options.extended = GENERATE(true, false);
  CAPTURE(options.passive, options.extended);
  INFO(world.server.log());
  const auto outcome = outcome_of(world.open(options)->check({}));
  if (!options.passive && options.security != FtpSecurity::plain && outcome != "ok") {
    CHECK_THAT(outcome, ContainsSubstring("ftp.active_tls") && ContainsSubstring("libcurl 7"));
  } else {
    CHECK(outcome == "ok");
  }
}

TEST_CASE("an FTP directory may be relative to where the login arrives, deep, and have an unusual name") {
  const auto program = GENERATE(Program::proftpd, Program::vsftpd);
  FtpWorld world({.program = program});
  const std::string directory = GENERATE("", "Inventory", "Inventory/Transform/", "a b#c%20d/é;type=i");
  std::filesystem::create_directories(world.server.files() / directory);
  auto options = world.options();
  options.directory = directory;
  const auto destination = world.open(options);
  const TemporaryDirectory home("local");
  write_file(home / "feed.txt", "content");
  REQUIRE(outcome_of(destination->put(home / "feed.txt", "feed.txt", {}, {})) == "ok");
  CHECK(read_file(world.server.files() / directory / "feed.txt") == "content");
  CHECK(destination->size("feed.txt", {}).value() == 7U);
  CHECK(outcome_of(destination->check({})) == "ok");
}
