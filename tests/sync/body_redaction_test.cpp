#include "sync/body_redaction.hpp"

#include <vector>

#include "catch.hpp"

using namespace product_sync;
using sync::redacted_body;
using sync::without_secrets;

namespace {
constexpr std::size_t kPlenty = 10'000;
}

TEST_CASE("the values of fields that carry secrets are hidden in JSON and in forms") {
  const auto [body, kept] = GENERATE(table<std::string, std::string>({
      {R"({"access_token":"abc","expires_in":3600})", R"({"access_token":"***","expires_in":3600})"},
      {R"({ "Refresh_Token" : "a\"b", "x": 1 })", R"({ "Refresh_Token" : "***", "x": 1 })"},
      {R"({"name":"admin","password":12345})", R"({"name":"admin","password":***})"},
      {R"({"password":"cut off)", R"({"password":"***)"},
      {"grant_type=password&username=u&password=p%20q&scope=api", "grant_type=password&username=u&password=***&scope=api"},
      {"client_id=a&client_secret=s", "client_id=a&client_secret=***"},
      {R"({"passwordless":"shown","my_password":"shown"})", R"({"passwordless":"shown","my_password":"shown"})"},
      {R"({"Description":{"value":"The secret of the password"}})", R"({"Description":{"value":"The secret of the password"}})"},
      {"", ""},
  }));
  CHECK(redacted_body(body, {}, kPlenty) == kept);
}

TEST_CASE("a configured secret is hidden wherever it stands, also across the end of what is kept") {
  const std::vector<Secret> secrets{Secret("hush-hush"), Secret("abc")};
  CHECK(redacted_body("x hush-hush y hush-hush", secrets, kPlenty) == "x *** y ***");
  CHECK(redacted_body("abcdef", secrets, kPlenty) == "abcdef");  // too short to be told from other text
  CHECK(redacted_body("12345 hush-hush and more of it", secrets, 9) == "12345 *** [cut: 30 bytes in all]");
  CHECK(without_secrets("sftp://hush-hush@host", secrets) == "sftp://***@host");
}

TEST_CASE("a long body is cut between two characters, and one that is no text is only told of") {
  CHECK(redacted_body("12\xC3\xA4", {}, 3) == "12 [cut: 4 bytes in all]");
  CHECK(redacted_body("PK\x03\x04\xFF\xFE", {}, kPlenty) == "[6 bytes that are no text]");
}
