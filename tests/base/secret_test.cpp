#include "base/secret.hpp"

#include "base/accepted_secrets.hpp"
#include "base/digest.hpp"
#include "catch.hpp"

using namespace product_sync;

TEST_CASE("a secret matches itself alone") {
  const Secret secret("correct horse");
  CHECK(secret.matches("correct horse"));
  CHECK_FALSE(secret.matches("correct hors"));
  CHECK_FALSE(secret.matches("correct horse "));
  CHECK_FALSE(secret.matches(""));
}

TEST_CASE("of several accepted secrets each opens, and nothing else does") {
  const AcceptedSecrets secrets({Secret("old"), Secret("new")});
  CHECK(secrets.accepts("old"));
  CHECK(secrets.accepts("new"));
  CHECK_FALSE(secrets.accepts("oldnew"));
  CHECK_FALSE(secrets.accepts(""));
  CHECK_FALSE(AcceptedSecrets({}).accepts(""));
}

TEST_CASE("digests are SHA-256") {
  CHECK(to_hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256Stream stream;
  stream.add("a");
  stream.add("bc");
  CHECK(stream.finish() == sha256("abc"));
}

TEST_CASE("random names differ and have the asked length") {
  CHECK(random_hex(8).size() == 16);
  CHECK(random_hex(8) != random_hex(8));
}
