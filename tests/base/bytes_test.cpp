#include "base/bytes.hpp"

#include "catch.hpp"

using namespace product_sync;

TEST_CASE("keys lose trailing blanks and keep inner ones") {
  CHECK(trim_right("AALEGO500   ") == "AALEGO500");
  CHECK(trim_right("A B ") == "A B");
  CHECK(trim_right("   ").empty());
  CHECK(trim_right(" A") == " A");
}

TEST_CASE("trim takes white space off both ends") {
  CHECK(trim(" \t a b\r\n") == "a b");
  CHECK(trim(" \n").empty());
}

TEST_CASE("JSON text escapes what JSON cannot carry") {
  CHECK(json_quote("a\"b\\c\n\t\x01") == R"("a\"b\\c\n\t\u0001")");
  CHECK(json_quote("Grüße") == "\"Grüße\"");
}

TEST_CASE("a clipped text never ends inside a character") {
  CHECK(clip_utf8("aü", 2) == "a");
  CHECK(clip_utf8("aü", 3) == "aü");
  CHECK(clip_utf8("€", 2).empty());
}

TEST_CASE("an excerpt is one bounded line") {
  CHECK(excerpt("  two\r\nlines\t", 100) == "two  lines");
  CHECK(excerpt("aü", 2) == "a");
}

TEST_CASE("sizes are written for people") {
  CHECK(human_bytes(0) == "0 B");
  CHECK(human_bytes(1023) == "1023 B");
  CHECK(human_bytes(1536) == "1.5 KiB");
  CHECK(human_bytes(33'554'432) == "32.0 MiB");
}
