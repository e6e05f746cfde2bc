#include "front/tls.hpp"

#include <httplib.h>
#include <openssl/ssl.h>

#include <filesystem>

#include "catch.hpp"
#include "front/front_bench.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;
using namespace std::chrono_literals;
using front::FrontBench;

namespace {

/// A certificate for 127.0.0.1 that vouches for itself, and its key.
front::TlsFiles make_certificate(const std::filesystem::path& directory, const std::string& name) {
  front::TlsFiles files{directory / (name + ".pem"), directory / (name + ".key")};
  const int status =
      run_program({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                   "2", "-subj", "/CN=" + name, "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                   files.private_key.string(), "-out", files.certificate.string()});
  if (status != 0) throw std::runtime_error("openssl makes no certificate");
  return files;
}

void put_in_place(const front::TlsFiles& from, const front::TlsFiles& to) {
  std::filesystem::rename(from.certificate, to.certificate);
  std::filesystem::rename(from.private_key, to.private_key);
}

class TlsBench {
 public:
  TlsBench() : files_(make_certificate(directory_.path(), "first")), bench_(options()) {
    std::filesystem::copy_file(files_.certificate, directory_ / "trusted-first.pem");
  }

  /// One that trusts only that certificate.
  std::unique_ptr<httplib::SSLClient> client(const std::string& trusted = "trusted-first.pem") {
    auto made = std::make_unique<httplib::SSLClient>("127.0.0.1", bench_.port());
    made->set_ca_cert_path((directory_ / trusted).c_str());
    made->enable_server_certificate_verification(true);
    made->set_keep_alive(true);
    made->set_read_timeout(10s);
    return made;
  }

  /// Lets the front look at the files, and waits until it has.
  void look_at_files() {
    bench_.clock.advance(1s);
    bench_.front().reload_certificate();
  }

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_.path(); }
  [[nodiscard]] const front::TlsFiles& files() const { return files_; }
  FrontBench& bench() { return bench_; }

 private:
  front::Options options() {
    front::Options options;
    options.endpoints.push_back({"127.0.0.1", 0, false, true});
    options.tls = files_;
    return options;
  }

  TemporaryDirectory directory_{"tls"};
  front::TlsFiles files_;
  FrontBench bench_;
};

}  // namespace

TEST_CASE("requests are served by TLS, large ones too") {
  TlsBench tls;
  const auto client = tls.client();
  const std::string body(300'000, 'x');
  for (int i = 0; i < 2; ++i) {
    const auto answer = client->Post("/p", body, "text/plain");
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(answer->body == "/p" + body);
  }
}

TEST_CASE("plain HTTP at a TLS address is closed, never served") {
  TlsBench tls;
  const auto answer = tls.bench().exchange("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK_THAT(answer, !ContainsSubstring("HTTP/1.1 200"));
  CHECK(tls.bench().service.admitted == 0);
}

TEST_CASE("TLS 1.1 is refused, 1.2 is not") {
  TlsBench tls;
  const auto status_with = [&](int version) {
    const auto client = tls.client();
    SSL_CTX_set_min_proto_version(client->ssl_context(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(client->ssl_context(), version);
    const auto answer = client->Get("/a");
    return answer ? answer->status : 0;
  };
  CHECK(status_with(TLS1_1_VERSION) == 0);
  CHECK(status_with(TLS1_2_VERSION) == 200);
}

TEST_CASE("a handshake that does not go on is ended with the deadline of the head") {
  TlsBench tls;
  RawClient slow(tls.bench().port());
  slow.send(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11));
  CHECK(tls.client()->Get("/a")->status == 200);  // what was sent before has been read
  tls.bench().clock.advance(5'001ms);
  CHECK(slow.receive_all().empty());
}

TEST_CASE("a renewed certificate greets new connections, open ones go on undisturbed") {
  TlsBench tls;
  const auto open = tls.client();
  REQUIRE(open->Get("/a"));
  const auto second = make_certificate(tls.directory(), "second");
  std::filesystem::copy_file(second.certificate, tls.directory() / "trusted-second.pem");
  put_in_place(second, tls.files());
  tls.look_at_files();
  while (!tls.client("trusted-second.pem")->Get("/b")) std::this_thread::yield();  // the front looks once in a while
  CHECK_FALSE(tls.client()->Get("/b"));
  const int admitted = tls.bench().service.admitted;
  CHECK(open->Get("/c")->body == "/c");
  CHECK(tls.bench().service.admitted == admitted + 1);
}

TEST_CASE("a certificate that cannot be used leaves the old one in place") {
  TlsBench tls;
  const auto other = make_certificate(tls.directory(), "other");
  auto certificate = *front::TlsCertificate::load(tls.files());
  const auto before = certificate.context();
  std::filesystem::rename(other.certificate, tls.files().certificate);  // the key is still the first one's
  CHECK(certificate.has_changed());
  const auto reloaded = certificate.reload();
  REQUIRE_FALSE(reloaded);
  CHECK(reloaded.error().code == "tls.bad_files");
  CHECK(certificate.context() == before);
  CHECK_FALSE(certificate.has_changed());  // it is not tried again and again
  std::filesystem::rename(other.private_key, tls.files().private_key);
  CHECK(certificate.has_changed());
  CHECK(certificate.reload());
  CHECK(certificate.context() != before);
}

TEST_CASE("files that are not there or no PEM are an error that names them") {
  TemporaryDirectory directory("tls");
  const auto missing = front::load_tls({directory / "none.pem", directory / "none.key"});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == "tls.bad_files");
  CHECK_THAT(missing.error().message, ContainsSubstring("none.pem"));
}
