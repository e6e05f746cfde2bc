#include "config/document.hpp"

#include "catch.hpp"

using namespace product_sync::config;

namespace {

/// `line:column message` of what stops the reading.
std::string fault_of(std::string_view text) {
  const auto document = parse_document(text, "config.yaml");
  REQUIRE_FALSE(document.root.has_value());
  REQUIRE(document.problems.size() == 1);
  const auto& problem = document.problems.front();
  return std::to_string(problem.line) + ":" + std::to_string(problem.column) + " " + problem.message;
}

}  // namespace

TEST_CASE("values keep the text that was written: nothing becomes a number, a boolean or a date") {
  const auto* text = GENERATE("010", "no", "1e3", "0x10", "1:30", "2026-11-23", "+02:00", ".inf", "_DELETE_");
  const auto document = parse_document("key: " + std::string(text), "config.yaml");
  REQUIRE(document.root.has_value());
  const auto* value = document.root->find("key");
  REQUIRE(value != nullptr);
  CHECK(value->text == text);
  CHECK_FALSE(value->quoted);
}

TEST_CASE("a key and its value have the places that an editor shows") {
  const auto document =
      parse_document("\xEF\xBB\xBFouter:\r\n  \"zo\xC3\xAB\": {a: \"\xC3\xA9\", b: 2}\r\n", "config.yaml");
  REQUIRE(document.root.has_value());
  const auto& inner = document.root->entries.at(0).value.entries.at(0);
  CHECK(inner.key == "zo\xC3\xAB");
  CHECK(inner.at.line == 2);
  CHECK(inner.at.column == 3);
  const auto& second = inner.value.entries.at(1);
  CHECK(second.at.column == 19);
  CHECK(second.value.at.column == 22);
}

TEST_CASE("bytes that are no text stop the reading at their place") {
  CHECK(fault_of("a: 1\nb\xC3\xA9: \xFF\n") == "2:5 is not UTF-8 here; save the file as UTF-8");
  CHECK(fault_of("\xC0\x80") == "1:1 is not UTF-8 here; save the file as UTF-8");
  CHECK(fault_of("a: \xE2\x82") == "1:4 is not UTF-8 here; save the file as UTF-8");
  CHECK(fault_of(std::string_view("a: 1\n\0b: 2\n", 11)) == "2:1 a control character (0x00) has no place in the file");
  CHECK(fault_of("a: 1\n# \x04\nb: 2\n") == "2:3 a control character (0x04) has no place in the file");
  CHECK(fault_of("\xFF\xFE"
                 "a") == "1:1 is not UTF-8 here; save the file as UTF-8");
}

TEST_CASE("tabs are refused where they would indent and taken elsewhere") {
  CHECK(fault_of("a:\n  \tb: 1\n") == "2:3 is indented with a tab; indent with spaces");
  const auto document = parse_document("a:\t1\t# note\n\t\n\t# a comment\nb: 2\n", "config.yaml");
  REQUIRE(document.root.has_value());
  CHECK(document.root->find("a")->text == "1");
}

TEST_CASE("a file of more than 1 MiB is refused and one of exactly that is read") {
  std::string text = "a: 1\n#";
  text.resize(kLongestFile, 'x');
  CHECK(parse_document(text, "config.yaml").root.has_value());
  CHECK(fault_of(text + "x") == "0:0 is larger than 1.0 MiB; that is no configuration");
}

TEST_CASE("aliases are copied out, with the place where they stand") {
  const auto document = parse_document("a: &x {k: [1, 2]}\nb: *x\n", "config.yaml");
  REQUIRE(document.root.has_value());
  const auto* copy = document.root->find("b");
  CHECK(copy->find("k")->items.at(1).text == "2");
  CHECK(copy->at.line == 2);
  CHECK(copy->at.column == 4);
}

TEST_CASE("aliases that blow up are stopped: in number, in text and in depth") {
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const auto one = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) laughs += (k > 0 ? ", " : "") + one;
    laughs += "]\n";
  }
  CHECK_THAT(fault_of(laughs), ContainsSubstring("aliases repeat too much: more than 100000 values"));

  std::string long_text = "a: &a \"" + std::string(500'000, 'x') + "\"\nb: [";
  for (int i = 0; i < 100; ++i) long_text += "*a, ";
  CHECK_THAT(fault_of(long_text + "*a]\n"), ContainsSubstring("aliases repeat too much"));

  CHECK_THAT(fault_of("a: " + std::string(40, '[') + std::string(40, ']')),
             ContainsSubstring("nested more than 32 levels deep"));
  CHECK_THAT(fault_of(std::string(100'000, '[')), ContainsSubstring("nested more than 32 levels deep"));
  CHECK(fault_of("a: &a x\n*a : 1\n") == "2:1 an alias cannot be a key here");
  CHECK_THAT(fault_of("a: &a [*a]\n"), ContainsSubstring("this alias stands inside the value that it names"));
}

TEST_CASE("a tree is written so that it is read again as it was") {
  const std::string text =
      "plain: 15s\n\"Needs Quotes\": \"a \\\"b\\\" # c\"\nlist: [1, \"two\"]\nempty_list: []\ngroup:\n  inner:\n    "
      "key: \"\"\n"
      "\"null\": {}\nmaps: [{a: 1, \"B c\": [x, {}]}, [{b: \"2\"}]]\n";
  const auto document = parse_document(text, "config.yaml");
  REQUIRE(document.root.has_value());
  CHECK(to_yaml(*document.root) == text);
}
