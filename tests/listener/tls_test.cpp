// What is thrown at the TLS side of the listener before, within and instead of a handshake.

#include <fmt/format.h>
#include <openssl/tls1.h>

#include <csignal>
#include <list>

#include "catch.hpp"
#include "served_listener.hpp"

using namespace product_sync::hostile;

namespace {

/// A TLS record as its header announces it.
std::string record(unsigned char type, std::size_t announced, std::string_view content) {
  std::string bytes{static_cast<char>(type), 3, 3, static_cast<char>(announced >> 8), static_cast<char>(announced)};
  return bytes.append(content);
}

constexpr unsigned char kHandshake = 22;
constexpr unsigned char kApplicationData = 23;

/// The first bytes that an honest client sends, without the rest.
std::string begin_of_a_hello() {
  std::string begin("\x01\x00\x01\xfc\x03\x03", 6);
  return record(kHandshake, 512, begin.append(32, 'r'));
}

/// Until the process has logged that; CTest's time limit ends it otherwise.
void await_log(const ServedListener& listener, std::string_view code) {
  while (listener.log().find(code) == std::string::npos) {
    // Connections keep the loop busy: it looks at the certificate while it serves.
    static_cast<void>(listener.connect());
  }
}

}  // namespace

TEST_CASE("slow handshakes hold up nobody and are ended") {
  const ServedListener listener({.tls = true});
  std::list<HostileClient> slow;
  for (unsigned i = 0; i < 200; ++i) {
    auto& client = slow.emplace_back(listener.port(), HostileClient::Options{.from = loopback_address(i)});
    client.send(begin_of_a_hello());
  }
  for (int i = 0; i < 50; ++i) CHECK(listener.answers_a_new_notification());
  for (auto& client : slow) client.rest();
  CHECK(listener.peak_memory_mib() < kMostMemoryMib);
}

TEST_CASE("plain HTTP on the TLS port is ended without being executed") {
  const ServedListener listener({.tls = true});
  HostileClient client(listener.port());
  client.send(notification_request());
  CHECK_THAT(client.rest(), !ContainsSubstring("HTTP/1.1 200"));
  CHECK(listener.stored() == 0);
}

TEST_CASE("garbage in the place of a handshake is ended") {
  const ServedListener listener({.tls = true});
  const std::vector<std::string> garbage{
      std::string(1'000, '\0'),
      std::string(100'000, 'x'),
      record(kHandshake, 0xffff, std::string(70'000, 'x')),  // longer than any record may be
      record(kHandshake, 0, ""),
      record(kApplicationData, 16, std::string(16, 'x')),
      record(21, 2, std::string("\x02\x28", 2)),
      begin_of_a_hello() + std::string(100'000, 'y'),
  };
  for (const auto& bytes : garbage) {
    HostileClient client(listener.port());
    client.send(bytes);
    client.end_sending();
    client.rest();
    CHECK(listener.answers_a_new_notification());
  }
  CHECK(listener.peak_memory_mib() < kMostMemoryMib);
}

TEST_CASE("an oversized record within a connection ends it") {
  const ServedListener listener({.tls = true});
  HostileClient client(listener.port(), {.tls = TlsOptions{}});
  REQUIRE(client.ask(kHealthRequest) == 200);
  client.send_unprotected(record(kApplicationData, 0xffff, std::string(70'000, 'x')));
  client.rest();
  CHECK(listener.answers_a_new_notification());
}

TEST_CASE("versions of TLS that are broken are refused") {
  const ServedListener listener({.tls = true});
  CHECK_THROWS(HostileClient(listener.port(), {.tls = TlsOptions{.newest = TLS1_1_VERSION, .oldest = TLS1_VERSION}}));
  HostileClient older(listener.port(), {.tls = TlsOptions{.newest = TLS1_2_VERSION}});
  CHECK(older.ask(kHealthRequest) == 200);
}

TEST_CASE("a client cannot make the listener shake hands again") {
  const ServedListener listener({.tls = true});
  HostileClient client(listener.port(), {.tls = TlsOptions{.newest = TLS1_2_VERSION}});
  REQUIRE(client.ask(kHealthRequest) == 200);
  CHECK_FALSE(client.tls()->renegotiate());
  CHECK(listener.answers_a_new_notification());
}

TEST_CASE("a connection cut off without a goodbye is no end of a request") {
  const ServedListener listener({.tls = true});
  const auto body = notification_body(new_id());
  {
    auto client = listener.connect();
    client.send(intake_head(fmt::format("Content-Length: {}\r\n", body.size() + 1)) + body);
    client.reset();
  }
  CHECK(listener.answers_a_new_notification());
  CHECK(listener.stored() == 1);
  CHECK(listener.quarantined() == 0);
}

TEST_CASE("a new certificate is taken up without dropping a connection") {
  ServedListener listener({.tls = true});
  auto before = listener.connect();
  REQUIRE(before.ask(notification_request()) == 200);
  REQUIRE(before.tls()->certificate_serial() == "01");
  auto within = listener.connect();
  const auto request = notification_request();
  within.send(request.substr(0, 100));

  listener.certificate().make(2);
  listener.process().signal(SIGHUP);
  std::string serial;
  for (int i = 0; i < 10'000 && serial != "02"; ++i) serial = listener.connect().tls()->certificate_serial();
  CHECK(serial == "02");

  CHECK(before.ask(notification_request()) == 200);
  CHECK(before.tls()->certificate_serial() == "01");
  CHECK(within.ask(request.substr(100)) == 200);
}

TEST_CASE("a hangup has the certificate read again, changed or not") {
  ServedListener listener({.tls = true});
  listener.process().signal(SIGHUP);
  await_log(listener, "front.certificate_loaded");
  CHECK(listener.answers_a_new_notification());
}

TEST_CASE("a certificate that cannot be used leaves the old one in place, and the log says which file and why") {
  struct Row {
    const char* file;
    const char* content;
  };
  const auto row = GENERATE(Row{"tls.crt", "-----BEGIN CERTIFICATE-----\nnonsense\n"}, Row{"tls.crt", ""},
                            Row{"tls.key", "nonsense"});
  ServedListener listener({.tls = true});
  auto before = listener.connect();
  REQUIRE(before.ask(notification_request()) == 200);
  product_sync::write_file(listener.home() / row.file, row.content);
  listener.process().signal(SIGHUP);
  await_log(listener, "front.certificate_kept");
  CHECK_THAT(listener.log(), ContainsSubstring(row.file) && !ContainsSubstring("front.certificate_loaded"));
  CHECK(before.ask(notification_request()) == 200);
  for (int i = 0; i < 20; ++i) {
    auto after = listener.connect();
    CHECK(after.tls()->certificate_serial() == "01");
    CHECK(after.ask(notification_request()) == 200);
  }

  listener.certificate().make(2);
  listener.process().signal(SIGHUP);
  await_log(listener, "front.certificate_loaded");
  CHECK(listener.connect().tls()->certificate_serial() == "02");
}

TEST_CASE("a key that is not the new certificate's leaves the old one in place") {
  ServedListener listener({.tls = true});
  const Certificate other{listener.certificate().certificate, listener.home() / "other.key"};
  other.make(2);
  listener.process().signal(SIGHUP);
  await_log(listener, "front.certificate_kept");
  CHECK(listener.connect().tls()->certificate_serial() == "01");
}
