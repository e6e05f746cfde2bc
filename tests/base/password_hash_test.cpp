#include "base/password_hash.hpp"

#include "catch.hpp"

using namespace product_sync;

TEST_CASE("a password matches its own hash, also after it was written down, and no other does") {
  const auto hash = PasswordHash::of("correct horse battery staple");
  CHECK(hash.matches("correct horse battery staple"));
  CHECK_FALSE(hash.matches("correct horse battery stapl"));
  CHECK_FALSE(hash.matches(""));
  const auto read = PasswordHash::parse(hash.text());
  REQUIRE(read);
  CHECK(read->text() == hash.text());
  CHECK(read->matches("correct horse battery staple"));
  CHECK(PasswordHash::of("correct horse battery staple").text() != hash.text());  // another salt
}

TEST_CASE("a hash that was made with other costs is computed with those") {
  // scrypt("password", "NaClNaClNaClNaCl", N = 1024, r = 8, p = 16, 32 bytes), by Python's hashlib.scrypt
  const auto hash = PasswordHash::parse("$scrypt$ln=10,r=8,p=16$TmFDbE5hQ2xOYUNsTmFDbA$ruflYSr7JKwcyP4taFgPBJI7nqmwRVvjonthQb2MSCI");
  REQUIRE(hash);
  CHECK(hash->matches("password"));
  CHECK_FALSE(hash->matches("Password"));
}

TEST_CASE("what is no hash of a password, or too dear to compare, is not taken for one") {
  const std::string salt = "TmFDbE5hQ2xOYUNsTmFDbA";
  const std::string key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  REQUIRE(PasswordHash::parse("$scrypt$ln=15,r=8,p=3$" + salt + "$" + key));
  for (const auto& wrong : {std::string(), std::string("secret"), "$scrypt$ln=15,r=8,p=3$" + salt,
                            "$scrypt$ln=15,r=8$" + salt + "$" + key, "$scrypt$ln=0,r=8,p=3$" + salt + "$" + key,
                            "$scrypt$ln=20,r=32,p=3$" + salt + "$" + key, "$scrypt$ln=15,r=8,p=999$" + salt + "$" + key,
                            "$scrypt$ln=15,r=8,p=3$c2hvcnQ$" + key, "$scrypt$ln=15,r=8,p=3$" + salt + "$" + salt,
                            "$argon2id$v=19$m=1,t=1,p=1$" + salt + "$" + key}) {
    INFO(wrong);
    CHECK_FALSE(PasswordHash::parse(wrong));
  }
}
