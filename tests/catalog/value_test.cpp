#include "catalog/value.hpp"

#include "catch.hpp"

using namespace product_sync::catalog;

namespace {

std::string value(std::string_view column, std::string_view source) {
  return make_value(*find_column(column), source).value();
}

}  // namespace

TEST_CASE("sources become cells in the form of their column") {
  const auto [column, source, cell] = GENERATE(table<std::string, std::string, std::string>({
      {"Brand", "Sona", "Sona"},
      {"Brand", "  So\tna\r\n", "So na"},
      {"Brand", " \n ", ""},
      {"Brand", "24\" one", "24\" one"},
      {"Description", "one\ntwo", "one<br>two"},
      {"Description", "<p onclick=x>a</p>", "<p>a</p>"},
      {"Description", "\"a\"", "&quot;a\""},
      {"Buy It Now Price", "12.5000", "12.50"},
      {"Buy It Now Price", "0", "0.00"},
      {"Buy It Now Price", "0.0000", "0.00"},
      {"Buy It Now Price", " 19.995 ", "20.00"},
      {"Buy It Now Price", "1E+2", "100.00"},
      {"Buy It Now Price", "", ""},
      {"Weight", "1.250000", "1.25"},
      {"Weight", "1.25E-05", "0.0000125"},
      {"Weight", "0", "0"},
      {"Product Margin", "-3.50", "-3.5"},
      {"Quantity", "12.000000", "12"},
      {"Quantity", "0", "0"},
      {"Block External Quantity", "True", "TRUE"},
      {"Block External Quantity", "0", "FALSE"},
      {"Block External Quantity", "yes", "TRUE"},
      {"Condition", "like new", "Like New"},
      {"Quantity Update Type", "InStock", "INSTOCK"},
      {"Flag", "redflag", "RedFlag"},
      {"Brand", "Cafe\xCC\x81", "Caf\xC3\xA9"},
      {"Description", "<p>Cafe\xCC\x81</p>", "<p>Caf\xC3\xA9</p>"},
      {"UPC", "0 36000 29145 2", "036000291452"},
      {"Labels", "b,a", "a,b"},
      {"Picture URLs", "https://a/1.jpg", "ITEMIMAGEURL1=https://a/1.jpg"},
  }));
  CAPTURE(column, source);
  CHECK(value(column, source) == cell);
}

TEST_CASE("a value that its column cannot hold is refused with its limit") {
  const auto [column, source, code, text] = GENERATE(table<std::string, std::string, std::string, std::string>({
      {"Auction Title", std::string(121, 'x'), "value.too_long", "has 121 characters; Rithum takes at most 120."},
      {"Inventory Subtitle", std::string(101, 'x'), "value.too_long", "at most 100"},
      {"Short Description", std::string(1001, 'x'), "value.too_long", "at most 1000"},
      {"Brand",
       "Stra\xDF"
       "e",
       "value.not_utf8", "\"Stra?e\" is not valid UTF-8."},
      {"Brand", "_delete_", "value.reserved", "\"_delete_\" is the marker"},
      {"Brand", "\n_DELETE_ ", "value.reserved", "clear a field"},
      {"Buy It Now Price", "_DELETE_", "value.reserved", "clear a field"},
      {"Brand", "\"Sona\" radio", "value.starts_with_quote", "begins with a quotation mark"},
      {"Buy It Now Price", "12,50", "value.not_a_number", "\"12,50\" is not a number"},
      {"Buy It Now Price", "$5", "value.not_a_number", "\"$5\""},
      {"Buy It Now Price", "-1", "value.negative", "\"-1\" is below zero."},
      {"Weight", "-0.1", "value.negative", "below zero"},
      {"Weight", "1e99", "value.not_a_number", "held exactly"},
      {"Quantity", "1.5", "value.not_an_integer", "\"1.5\" is not a whole number."},
      {"Quantity", "-3", "value.negative", "below zero"},
      {"Block External Quantity", "maybe", "value.not_a_boolean", "\"maybe\" is neither true nor false."},
      {"EAN", "4006381333932", "value.check_digit", "would have to be 1"},
      {"ASIN", "B1", "value.not_an_identifier", "10 letters and digits"},
      {"Condition", "Mint", "value.not_a_choice", "New, Used, Refurbished, Reconditioned, Like New"},
  }));
  CAPTURE(column, source);
  const auto made = make_value(*find_column(column), source);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == code);
  CHECK_THAT(made.error().text(), ContainsSubstring(text));
  CHECK_FALSE(made.error().remedy.empty());
}

TEST_CASE("limits count characters, not bytes") {
  std::string umlauts;
  for (int i = 0; i < 120; ++i) umlauts += "ü";
  CHECK(make_value(*find_column("Auction Title"), umlauts));
  CHECK_FALSE(make_value(*find_column("Auction Title"), umlauts + "ü"));
}

TEST_CASE("check boxes are read in the forms in which Acumatica writes them") {
  for (const char* yes : {"true", "True", "TRUE", "1", "yes", "Yes", " true "}) CHECK(parse_boolean(yes) == true);
  for (const char* no : {"false", "False", "0", "no", "NO"}) CHECK(parse_boolean(no) == false);
  for (const char* neither : {"", "2", "on", "y", "truee"}) CHECK_FALSE(parse_boolean(neither));
}

TEST_CASE("a policy settles a violation: shortened, dropped or sent") {
  const Column& title = *find_column("Auction Title");
  const auto settle = [](const Column& column, std::string_view source, const Policies& own, const Policies& site) {
    return make_value(column, source, {own, site, {}});
  };
  const std::string first_word(100, 'x');
  const std::string words = first_word + " " + std::string(30, 'y');

  CHECK_FALSE(settle(title, words, {}, {}));
  CHECK(settle(title, words, {}, {{"too_long", Policy::shorten}})->text == first_word + "…");
  CHECK_FALSE(settle(title, words, {{"too_long", Policy::park}}, {{"too_long", Policy::shorten}}));

  const auto dropped = settle(title, words, {{"too_long", Policy::drop}}, {});
  REQUIRE(dropped);
  CHECK(dropped->text.empty());
  CHECK(dropped->dropped);
  REQUIRE(dropped->notes.size() == 1);
  CHECK(dropped->notes[0].code == "value.too_long");

  CHECK(settle(*find_column("EAN"), "4006381333932", {{"check_digit", Policy::send}}, {})->text == "4006381333932");
  CHECK_FALSE(settle(*find_column("EAN"), "400638", {{"check_digit", Policy::send}}, {}));
}

TEST_CASE("a supplier that is not among those configured is refused, without regard to case") {
  References references;
  references.suppliers = {"ACME"};
  const Column& supplier = *find_column("Supplier Code");
  CHECK(make_value(supplier, "acme", {{}, {}, references})->text == "acme");
  CHECK(make_value(supplier, "Other", {{}, {}, references}).error().code == "value.unknown_reference");
  CHECK(make_value(supplier, "Other", {})->text == "Other");
}

TEST_CASE("every rule is known by its code and its name, and can at least park, and drop what is a value") {
  for (const Rule& rule : rules()) {
    CAPTURE(rule.code);
    CHECK(find_rule(rule.code) == &rule);
    CHECK(find_rule(rule.name()) == &rule);
    CHECK(rule.allows(Policy::park));
    CHECK(rule.allows(Policy::drop) == rule.code.starts_with("value."));
    CHECK_FALSE(rule.help.empty());
  }
  CHECK(find_rule("value.nothing") == nullptr);
}
