#include "transfer/host_key_pins.hpp"

#include <fmt/format.h>

#include "catch.hpp"
#include "support/temporary_directory.hpp"
#include "base/base64.hpp"

using namespace product_sync;
using namespace product_sync::transfer;

namespace {

HostKey key_of(const char* base64) { return HostKey::from_blob(from_base64(base64).value()); }

constexpr const char* kGitHub = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

}  // namespace

TEST_CASE("a host key has the fingerprint that its owner publishes") {
  // docs.github.com, GitHub's SSH key fingerprints
  CHECK(key_of(kGitHub).fingerprint() == "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU");
  CHECK(key_of(kGitHub).type == "ssh-ed25519");
  CHECK(HostKey::from_blob("").type.empty());
  CHECK(HostKey::from_blob(std::string("\xff\xff\xff\xff"
                                       "abc",
                                       7))
            .type.empty());
}

TEST_CASE("a fingerprint pin takes its key, with or without padding, among others") {
  const auto text = GENERATE("SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU",
                             " SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU= ");
  const auto other = fmt::format("SHA256:{:A>43}", "");
  const auto pins = HostKeyPins::load({other, text}, {}, "github.com", 22).value();
  CHECK(pins.judge(key_of(kGitHub)) == KeyVerdict::trusted);
  CHECK(HostKeyPins::load({other}, {}, "github.com", 22).value().judge(key_of(kGitHub)) == KeyVerdict::changed);
  CHECK(HostKeyPins::load({}, {}, "github.com", 22).value().judge(key_of(kGitHub)) == KeyVerdict::unknown);
}

TEST_CASE("what is not an OpenSSH fingerprint is refused and shown") {
  const std::string text = GENERATE("", "SHA256:", "MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48",
                                    "+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU", "SHA256:+DiY3wvv",
                                    "SHA256:+DiY3wvvV6TuJJhbpZisF_zLDA0zPMSvHdkr4UvCOqU");
  const auto pins = HostKeyPins::load({text}, {}, "sftp.example.com", 2222);
  REQUIRE_FALSE(pins);
  CHECK(pins.error().code == "sftp.fingerprint_malformed");
  CHECK_THAT(pins.error().text(), ContainsSubstring(text) && ContainsSubstring("ssh-keyscan -p 2222 sftp.example.com"));
}

TEST_CASE("a revoked key is refused even when it is pinned") {
  const TemporaryDirectory home("pins");
  write_file(home / "known_hosts", fmt::format("@revoked * ssh-ed25519 {}\n", kGitHub));
  const auto pins = HostKeyPins::load({key_of(kGitHub).fingerprint()}, home / "known_hosts", "github.com", 22).value();
  CHECK(pins.judge(key_of(kGitHub)) == KeyVerdict::revoked);
  CHECK(pins.refusal({key_of(kGitHub)}, KeyVerdict::revoked).code == "sftp.host_key_revoked");
}

TEST_CASE("the server is asked for the pinned types first and never for those already seen") {
  CHECK(host_key_algorithms({}, {}).starts_with("ssh-ed25519,ecdsa-sha2-nistp256,"));
  CHECK(host_key_algorithms({"ecdsa-sha2-nistp256"}, {}).starts_with("ecdsa-sha2-nistp256,ssh-ed25519,"));
  CHECK(host_key_algorithms({"ssh-rsa"}, {}).starts_with("rsa-sha2-512,rsa-sha2-256,ssh-rsa,ssh-ed25519,"));
  CHECK(host_key_algorithms({}, {"ssh-ed25519"}).starts_with("ecdsa-sha2-nistp256,"));
  CHECK(host_key_algorithms({"ssh-ed25519"}, {"ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384",
                                              "ecdsa-sha2-nistp521", "ssh-rsa"})
            .empty());
}
