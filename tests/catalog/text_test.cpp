#include "catalog/text.hpp"

#include "catch.hpp"

using namespace product_sync::catalog;

TEST_CASE("well-formed UTF-8 is accepted") {
  const std::string good = GENERATE("", "abc", "Grüße", "€", "日本語", "😀", "\x7F", "\xC2\x80", "\xED\x9F\xBF",
                                    "\xEE\x80\x80", "\xF4\x8F\xBF\xBF");
  CHECK(valid_utf8(good));
}

TEST_CASE("bytes that are no UTF-8 are refused") {
  const std::string bad = GENERATE("\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "a\xC3", "\xE2\x82", "\xE0\x80\x80",
                                   "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF",
                                   "\xC3\x28", "\xE2\x28\xA1", "\xF0\x9F\x98",
                                   "Stra\xDF"
                                   "e");
  CAPTURE(bad);
  CHECK_FALSE(valid_utf8(bad));
}

TEST_CASE("text is brought to one line") {
  const auto [text, line] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"plain", "plain"},
      {"a\tb", "a b"},
      {"a\r\nb", "a b"},
      {"a\nb\rc", "a b c"},
      {"a \n b", "a b"},
      {"a  b", "a  b"},  // blanks alone are the author's
      {"  a b  ", "a b"},
      {"\t\n", ""},
      {std::string("a\0b", 3), "a b"},
      {"a\x01\x1F\x7F"
       "b",
       "a b"},
      {"a\xC2\x85"
       "b",
       "a b"},  // U+0085
      {"a\xE2\x80\xA8"
       "b\xE2\x80\xA9"
       "c",
       "a b c"},  // U+2028, U+2029
      {"a\xE2\x80\xA6", "a…"},
      {"\xC2\xA0x", "\xC2\xA0x"},  // a no-break space is text
      {"日本\n語", "日本 語"},
  }));
  CHECK(one_line(text) == line);
  CHECK_FALSE(has_break(one_line(text)));
}

TEST_CASE("lengths are counted in UTF-16 units, as .NET strings are") {
  CHECK(utf16_length("") == 0);
  CHECK(utf16_length("abc") == 3);
  CHECK(utf16_length("Grüße") == 5);
  CHECK(utf16_length("日本語") == 3);
  CHECK(utf16_length("😀") == 2);
}

TEST_CASE("a cell's faults are found") {
  CHECK_FALSE(cell_fault("24\" monitor"));
  CHECK_FALSE(cell_fault("_DELETED_"));
  CHECK(cell_fault("\"quoted\"").value() ==
        "begins with a quotation mark, which readers of delimited files take for quoting");
  CHECK(cell_fault("a\tb").value() == "holds a control character or line break");
  CHECK(cell_fault("a\xFF").value() == "is not valid UTF-8");
  CHECK(cell_fault("_Delete_").value() == "is the marker that tells Rithum to clear a field");
}

TEST_CASE("an excerpt is short, quoted and printable") {
  CHECK(excerpt("abc") == "\"abc\"");
  CHECK(excerpt("a\nb\xFF") == "\"a b?\"");
  CHECK(excerpt(std::string(1000, 'x')) == "\"" + std::string(60, 'x') + "…\"");
  std::string wide;
  for (int i = 0; i < 100; ++i) wide += "日";
  CHECK(valid_utf8(excerpt(wide)));
}

TEST_CASE("a letter and its accent become one character") {
  CHECK(nfc("Cafe\xCC\x81") == "Caf\xC3\xA9");
  CHECK(nfc("Caf\xC3\xA9") == "Caf\xC3\xA9");
  CHECK(nfc("plain") == "plain");
  CHECK(nfc("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB") == "\xED\x95\x9C");  // Hangul
  CHECK(nfc("\xEF\xAC\x81") == "\xEF\xAC\x81");                          // a ligature stays one
  CHECK(nfc("").empty());
}

TEST_CASE("a text that is too long ends with an ellipsis at a word") {
  CHECK(shortened("one two three", 13) == "one two three");
  CHECK(shortened("one two three", 12) == "one two…");
  CHECK(shortened("one two three", 8) == "one two…");
  CHECK(shortened("one two three", 7) == "one…");
  CHECK(shortened("one, two three", 6) == "one…");
  CHECK(shortened("abcdefgh", 5) == "abcd…");
  CHECK(shortened("äöüäöü", 4) == "äöü…");
  CHECK(shortened("a\xF0\x9F\x98\x80\xF0\x9F\x98\x80", 4) == "a\xF0\x9F\x98\x80…");
  CHECK(shortened("ab", 1) == "…");
}

TEST_CASE("whatever is shortened fits and is valid") {
  const std::string text =
      "Ein \xF0\x9F\x98\x80 Radio, f\xC3\xBCr drau\xC3\x9F"
      "en - und drinnen";
  for (std::size_t longest = 1; longest < 60; ++longest) {
    CAPTURE(longest);
    CHECK(utf16_length(shortened(text, longest)) <= longest);
    CHECK(valid_utf8(shortened(text, longest)));
  }
}
