#include "transfer/known_hosts.hpp"

#include <fmt/format.h>

#include "catch.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

using namespace product_sync;
using namespace product_sync::transfer;

namespace {

constexpr const char* kEd25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJfkNV4OS33ImTXvorZr72q4v5XhVEQKfvqsxOEJ/XaR";
constexpr const char* kOther = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA9K0zJm7mJ9y3zV0w3w8pQJrY6m2mRj0lq4u8eXkZkM";

struct Row {
  const char* field;
  const char* name;
  bool matches;
};

}  // namespace

TEST_CASE("the host field of a known_hosts line means the hosts that OpenSSH says it means") {
  const auto row = GENERATE(values<Row>({
      {"sftp.example.com", "sftp.example.com", true},
      {"SFTP.Example.com", "sftp.example.com", true},
      {"sftp.example.com", "xsftp.example.com", false},
      {"sftp.example.com", "[sftp.example.com]:2222", false},
      {"[sftp.example.com]:2222", "[sftp.example.com]:2222", true},
      {"[sftp.example.com]:2222", "sftp.example.com", false},
      {"a,b,sftp.example.com", "sftp.example.com", true},
      {"*.example.com", "sftp.example.com", true},
      {"*.example.com", "example.com", false},
      {"s??p.example.com", "sftp.example.com", true},
      {"*.example.com,!sftp.example.com", "sftp.example.com", false},
      {"!sftp.example.com", "other.example.com", false},
      {"*a*b*c", "xaybzc", true},
      {"*a*b*c", "xaybzcd", false},
      {"*", "", true},
      {"|1|", "x", false},
      {"|1|AAAA", "x", false},
      {"|1|!!|??", "x", false},
  }));
  INFO(row.field << " and " << row.name);
  CHECK(host_field_matches(row.field, row.name) == row.matches);
}

TEST_CASE("a known_hosts file is read with its markers, its hashed names and its broken lines") {
  const TemporaryDirectory home("known-hosts");
  const auto file = home / "known_hosts";
  const bool hashed = GENERATE(false, true);
  write_file(
      file, fmt::format("# comment\n\n[sftp.example.com]:2222 {} a comment\nother.example.com {}\n", kEd25519, kOther));
  if (hashed) {
    REQUIRE(run_program({"ssh-keygen", "-H", "-f", file.string()}) == 0);
    REQUIRE_THAT(read_file(file), ContainsSubstring("|1|") && !ContainsSubstring("example.com"));
  }
  write_file(file, read_file(file) + fmt::format("[sftp.example.com]:2222 ssh-ed25519 not-base64!\n"
                                                 "[sftp.example.com]:2222\n"
                                                 "[sftp.example.com]:2222 ssh-rsa {}\n",
                                                 kOther + 12));
  const auto keys = read_known_hosts(file, "SFTP.example.com", 2222).value();
  REQUIRE(keys.size() == 1);  // the type of the last line does not fit its key
  CHECK(keys[0].key.type == "ssh-ed25519");
  CHECK_FALSE(keys[0].revoked);
  CHECK(read_known_hosts(file, "sftp.example.com", 22).value().empty());
  CHECK(read_known_hosts(file, "other.example.com", 22).value().size() == 1);
}

TEST_CASE("revoked keys are told as such and certificate authorities are no host keys") {
  const TemporaryDirectory home("known-hosts");
  write_file(home / "known_hosts", fmt::format("@revoked * {}\n@cert-authority * {}\n", kEd25519, kOther));
  const auto keys = read_known_hosts(home / "known_hosts", "any", 22).value();
  REQUIRE(keys.size() == 1);
  CHECK(keys[0].revoked);
  CHECK(keys[0].line == 1);
}

TEST_CASE("a known_hosts file that is not there is an error that names it") {
  const auto keys = read_known_hosts("/nowhere/known_hosts", "a", 22);
  CHECK(keys.error().code == "sftp.known_hosts_unreadable");
  CHECK_THAT(keys.error().text(), ContainsSubstring("/nowhere/known_hosts"));
}
