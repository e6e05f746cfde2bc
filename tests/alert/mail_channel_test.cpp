// Mail against a real SMTP server (aiosmtpd), which keeps what it takes.

#include "alert/mail_channel.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "base/base64.hpp"
#include "catch.hpp"
#include "net/curl_http_client.hpp"
#include "support/certificate.hpp"
#include "support/child_process.hpp"
#include "support/simulated_clock.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;
using namespace product_sync::alert;
using namespace std::chrono_literals;

namespace {

enum class Tls { none, starttls, from_the_start };

class MailBox {
 public:
  explicit MailBox(Tls tls) : port_(free_port()), tls_(tls) {
    make_certificate(certificate(), folder_ / "key.pem");
    std::vector<std::string> command{"aiosmtpd", "--nosetuid", "--listen", fmt::format("127.0.0.1:{}", port_),
                                     "--class",  "aiosmtpd.handlers.Mailbox"};
    const auto* const kind = tls == Tls::starttls ? "tls" : "smtps";
    if (tls != Tls::none) {
      command.insert(command.end(), {fmt::format("--{}cert", kind), certificate().string(), fmt::format("--{}key", kind),
                                     (folder_ / "key.pem").string()});
    }
    command.push_back((folder_ / "box").string());
    server_ = std::make_unique<ChildProcess>(std::move(command), folder_.path());
    SystemClock clock;
    for (const auto deadline = clock.monotonic() + 20s; !port_is_open(port_) && clock.monotonic() < deadline;) {
      static_cast<void>(clock.sleep(20ms, {}));
    }
    REQUIRE(port_is_open(port_));
  }

  [[nodiscard]] net::MailServer server() const {
    net::MailServer server;
    server.url = fmt::format("{}://localhost:{}", tls_ == Tls::from_the_start ? "smtps" : "smtp", port_);
    server.allow_plain = tls_ == Tls::none;
    server.ca_file = certificate();
    return server;
  }
  [[nodiscard]] std::vector<std::string> mails() const {
    std::vector<std::string> mails;
    if (!std::filesystem::exists(folder_ / "box")) return mails;
    for (const auto& file : std::filesystem::directory_iterator(folder_ / "box" / "new")) {
      mails.push_back(read_file(file.path()));
    }
    return mails;
  }
  [[nodiscard]] std::filesystem::path certificate() const { return folder_ / "certificate.pem"; }

 private:
  TemporaryDirectory folder_{"mail"};
  const std::uint16_t port_;
  const Tls tls_;
  std::unique_ptr<ChildProcess> server_;
};

struct MailBench {
  Result<void> tell(net::MailServer server) {
    MailChannel channel(std::move(server), "product-sync@example.com", {"ops@example.com", "on-call@example.com"}, clock);
    return channel.tell({Notice::Kind::raised, "eu", "freshness", "Site eu: Größe und Maß fehlen.", "Look.", clock.now()}, {});
  }
  net::CurlRuntime runtime;
  SimulatedClock clock;
};

}  // namespace

TEST_CASE("an alert comes by mail to everybody, over each kind of connection") {
  MailBench bench;
  const MailBox box(GENERATE(Tls::none, Tls::starttls, Tls::from_the_start));
  const auto told = bench.tell(box.server());
  INFO((told ? std::string() : told.error().text()));
  REQUIRE(told);
  const auto mails = box.mails();
  REQUIRE(mails.size() == 1);
  const auto& mail = mails.front();
  CHECK_THAT(mail, ContainsSubstring("From: product-sync@example.com\n"));
  CHECK_THAT(mail, ContainsSubstring("To: ops@example.com, on-call@example.com\n"));
  CHECK_THAT(mail, ContainsSubstring("X-RcptTo: ops@example.com, on-call@example.com"));
  CHECK_THAT(mail, ContainsSubstring("Date: Mon, 23 Nov 2026 00:00:00 +0000\n"));
  CHECK_THAT(mail, ContainsSubstring("Subject: =?UTF-8?B?"));
  CHECK_THAT(mail, ContainsSubstring(to_base64("Site eu: Größe und Maß fehlen.\r\n\r\nLook.\r\n").substr(0, 40)));
}

TEST_CASE("mail does not go without TLS unless that is allowed, nor to a server that cannot be trusted") {
  MailBench bench;
  {
    const MailBox plain(Tls::none);
    auto server = plain.server();
    server.allow_plain = false;
    const auto told = bench.tell(server);
    REQUIRE_FALSE(told);
    CHECK(told.error().code == "mail.tls");
    CHECK(plain.mails().empty());
  }
  const MailBox box(Tls::from_the_start);
  auto server = box.server();
  server.ca_file.clear();
  const auto told = bench.tell(server);
  REQUIRE_FALSE(told);
  CHECK(told.error().code == "mail.tls");
  CHECK(box.mails().empty());
}

TEST_CASE("a mail server that is not there is an error that passes") {
  MailBench bench;
  net::MailServer server;
  server.url = fmt::format("smtp://127.0.0.1:{}", free_port());
  const auto told = bench.tell(server);
  REQUIRE_FALSE(told);
  CHECK(told.error().code == "mail.connect_failed");
  CHECK(told.error().retry == Retry::later);
}

TEST_CASE("a long subject is written in words of whole characters, and no line of a mail is too long") {
  std::string subject;
  for (int i = 0; i < 60; ++i) subject += "ß";
  const auto mail = net::written({"a@example.com", {"b@example.com"}, subject, std::string(5'000, 'x'), Instant{}});
  std::size_t longest = 0;
  for (std::size_t at = 0; at < mail.size();) {
    const auto end = mail.find("\r\n", at);
    REQUIRE(end != std::string::npos);
    longest = std::max(longest, end - at);
    at = end + 2;
  }
  CHECK(longest <= 78);
  CHECK(mail.starts_with("Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n"));
}
