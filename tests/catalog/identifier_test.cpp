#include "catalog/identifier.hpp"

#include "catch.hpp"

using namespace product_sync::catalog;

namespace {
constexpr auto kGtin = ColumnType::gtin;
constexpr auto kIsbn = ColumnType::isbn;
constexpr auto kAsin = ColumnType::asin;
}  // namespace

TEST_CASE("identifiers are written without blanks and hyphens") {
  const auto [type, text, made] = GENERATE(table<ColumnType, std::string, std::string>({
      {kGtin, "4006381333931", "4006381333931"},
      {kGtin, "036000291452", "036000291452"},
      {kGtin, "0-36000-29145-2", "036000291452"},
      {kGtin, "96385074", "96385074"},
      {kGtin, "10012345678902", "10012345678902"},
      {kIsbn, "978-3-16-148410-0", "9783161484100"},
      {kIsbn, "0-306-40615-2", "0306406152"},
      {kIsbn, "0-8044-2957-x", "080442957X"},
      {kAsin, "b000002o23", "B000002O23"},
  }));
  CAPTURE(text);
  CHECK(make_identifier(type, text).value() == made);
}

TEST_CASE("an identifier with a wrong check digit is told apart from what is none") {
  const auto [type, text, code] = GENERATE(table<ColumnType, std::string, std::string>({
      {kGtin, "4006381333932", "value.check_digit"},
      {kGtin, "036000291453", "value.check_digit"},
      {kGtin, "40063813339", "value.not_an_identifier"},
      {kGtin, "ABC", "value.not_an_identifier"},
      {kIsbn, "978-3-16-148410-1", "value.check_digit"},
      {kIsbn, "0306406153", "value.check_digit"},
      {kIsbn, "4006381333931", "value.not_an_identifier"},
      {kIsbn, "X306406152", "value.not_an_identifier"},
      {kAsin, "B0000", "value.not_an_identifier"},
  }));
  CAPTURE(text);
  const auto made = make_identifier(type, text);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == code);
  CHECK_FALSE(made.error().remedy.empty());
}

TEST_CASE("any one wrong digit of an EAN is found") {
  const std::string right = "4006381333931";
  for (std::size_t at = 0; at < right.size(); ++at) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string changed = right;
      changed[at] = digit;
      CAPTURE(changed);
      CHECK(make_identifier(kGtin, changed).has_value() == (changed == right));
    }
  }
}
