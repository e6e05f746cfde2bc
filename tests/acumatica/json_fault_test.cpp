#include "acumatica/json_fault.hpp"

#include "catch.hpp"

using namespace product_sync::acumatica;
using namespace std::string_literals;

TEST_CASE("a fault in JSON is found at its byte") {
  struct Row {
    std::string text;
    std::size_t offset;
    const char* reason;
  };
  const auto row = GENERATE(Row{"", 1, "input"}, Row{"{\"a\":", 6, "unexpected end of input"},
                            Row{"{\"a\":1,}", 8, "expected string literal"},
                            Row{"{\"a\":[1 2]}", 9, "unexpected number literal"}, Row{"[tru]", 5, "invalid literal"},
                            Row{"{} x", 4, "expected end of input"}, Row{"[NaN]", 2, "invalid literal"},
                            Row{"[\"\xC3(\"]", 4, "ill-formed UTF-8 byte"}, Row{"[\"\\ud800\"]", 9, "surrogate"},
                            Row{"[1e400]", 6, "a number is too large"}, Row{"{}\0{}"s, 3, "a zero byte"});
  CAPTURE(row.text);
  const auto fault = find_json_fault(row.text);
  REQUIRE(fault.has_value());
  CHECK(fault->offset == row.offset);
  CHECK_THAT(fault->reason, ContainsSubstring(row.reason));
}

TEST_CASE("JSON has no fault, however long its numbers and however deep it is nested") {
  const auto text = GENERATE("{}"s, " [1, 98765432109876543210987654321, \"\\u0000\"] "s, "null"s,
                             std::string(100'000, '[') + std::string(100'000, ']'));
  CHECK_FALSE(find_json_fault(text).has_value());
}

TEST_CASE("the reason of a fault repeats nothing of the text and stays short") {
  const auto text = GENERATE("[\"secret'; expected secret\xFF\"]"s, "[\"secret; last read: 'secret\xFF\"]"s,
                             "[\""s + std::string(1'000'000, 's') + "ecret\n\"]");
  const auto fault = find_json_fault(text);
  REQUIRE(fault.has_value());
  CHECK_THAT(fault->reason, !ContainsSubstring("secret"));
  CHECK(fault->reason.size() < 300);
}
