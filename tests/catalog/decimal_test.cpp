#include "catalog/decimal.hpp"

#include "catch.hpp"

using namespace product_sync;
using product_sync::catalog::Decimal;

namespace {

Decimal number(std::string_view text) { return Decimal::parse(text).value(); }

}  // namespace

TEST_CASE("a decimal is read exactly and written without superfluous zeros") {
  const auto [text, written] = GENERATE(table<std::string, std::string>({
      {"0", "0"},
      {"-0", "0"},
      {"0.000", "0"},
      {"12", "12"},
      {"012.50", "12.5"},
      {"+12.5", "12.5"},
      {".5", "0.5"},
      {"5.", "5"},
      {"-0.50", "-0.5"},
      {"100", "100"},
      {"12.000000", "12"},
      {"1E3", "1000"},
      {"1.25e-05", "0.0000125"},
      {"-2.5E+2", "-250"},
      {"1e-0", "1"},
      {"0e999999999999999999999", "0"},
      {"12345678901234.567890", "12345678901234.56789"},
      {"1234567890123456789012345678.9012345678", "1234567890123456789012345678.9012345678"},
      {"99999999999999999999999999999999999999", "99999999999999999999999999999999999999"},
      {"-0.00000000000000000000000000000000000001", "-0.00000000000000000000000000000000000001"},
      {"1.0000000000000000000000000000000000000000000000000", "1"},
      {"0000000000000000000000000000000000000000000000000007", "7"},
  }));
  CAPTURE(text);
  CHECK(number(text).text() == written);
}

TEST_CASE("what is no decimal number is refused") {
  const std::string text = GENERATE("", " ", "-", "+", ".", "1,5", "1 ", " 1", "1.2.3", "12a", "0x10", "1e", "1e+",
                                    "e5", "1e5.0", "--1", "NaN", "Infinity", "1_000", "\xD9\xA1");
  CAPTURE(text);
  const auto result = Decimal::parse(text);
  REQUIRE_FALSE(result);
  CHECK(result.error().code == "decimal.malformed");
}

TEST_CASE("a number with more digits than are held is refused, never rounded") {
  const std::string text =
      GENERATE("100000000000000000000000000000000000000", "1e38", "1e-39", "1e999999999999", "1e-999999999999",
               "1.23456789012345678901234567890123456789", "123456789012345678901234567890123456789");
  CAPTURE(text);
  const auto result = Decimal::parse(text);
  REQUIRE_FALSE(result);
  CHECK(result.error().code == "decimal.overflow");
}

TEST_CASE("halves are rounded away from zero") {
  const auto [text, places, fixed] = GENERATE(table<std::string, int, std::string>({
      {"0.125", 2, "0.13"},
      {"-0.125", 2, "-0.13"},
      {"0.1249999999999999999999999999", 2, "0.12"},
      {"-0.124", 2, "-0.12"},
      {"2.675", 2, "2.68"},
      {"1.005", 2, "1.01"},
      {"0.5", 0, "1"},
      {"-0.5", 0, "-1"},
      {"0.49", 0, "0"},
      {"-0.004", 2, "0.00"},
      {"9.995", 2, "10.00"},
      {"12", 2, "12.00"},
      {"12.5", 2, "12.50"},
      {"0", 2, "0.00"},
      {"12.34", 0, "12"},
      {"99999999999999999999999999999999999.995", 2, "100000000000000000000000000000000000.00"},
  }));
  CAPTURE(text);
  CHECK(number(text).text(places) == fixed);
  CHECK(number(text).rounded(places) == number(fixed));
}

TEST_CASE("decimals are compared by value over the whole range") {
  const std::vector<std::string> ascending{"-99999999999999999999999999999999999999",
                                           "-10",
                                           "-9.99",
                                           "-0.5",
                                           "-0.00000000000000000000000000000000000001",
                                           "0",
                                           "0.00000000000000000000000000000000000001",
                                           "0.49999999999999999999999999999999999999",
                                           "0.5",
                                           "1.1",
                                           "1.11",
                                           "99999999999999999999999999999999999999"};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      CAPTURE(ascending[i], ascending[j]);
      CHECK((number(ascending[i]) < number(ascending[j])) == (i < j));
      CHECK((number(ascending[i]) == number(ascending[j])) == (i == j));
    }
  }
  CHECK(number("1.50") == number("1.5"));
}

TEST_CASE("a product is exact") {
  CHECK(number("0.1").times(number("0.2")).value() == number("0.02"));
  CHECK(number("-19.99").times(number("3")).value() == number("-59.97"));
  CHECK(number("0").times(number("1e30")).value() == number("0"));
  CHECK(number("2.5").times(number("0.45359237")).value() == number("1.133980925"));
  CHECK(number("0.0000000000000000001").times(number("1e19")).value() == number("1"));
  // 32^15 / 10^23 times 3125^15 / 10^52: a power of ten, although the digits multiplied would not fit.
  CHECK(number("0.37778931862957161709568").times(number("26469779601696885595885078146238811.3140")).error().code ==
        "decimal.overflow");
  CHECK(number("0.00000000000000000000000000000000000128").times(number("0.78125")).value() ==
        number("0.000000000000000000000000000000000001"));
}

TEST_CASE("a product that needs too many digits is refused") {
  CHECK(number("1e30").times(number("1e30")).error().code == "decimal.overflow");
  CHECK(number("1e-30").times(number("1e-30")).error().code == "decimal.overflow");
  CHECK(number("1234567890123456789.1").times(number("1234567890123456789.1")).error().code == "decimal.overflow");
}

TEST_CASE("rounding follows the mode, symmetrically around zero") {
  const auto rounded = [](std::string_view number, catalog::Rounding mode) {
    const Decimal value = Decimal::parse(number).value();
    const Decimal mirrored = Decimal::parse("-" + std::string(number)).value();
    CHECK(mirrored.rounded(1, mode).text() == "-" + value.rounded(1, mode).text());
    return value.rounded(1, mode).text();
  };
  CHECK(rounded("1.25", catalog::Rounding::half_up) == "1.3");
  CHECK(rounded("1.25", catalog::Rounding::half_even) == "1.2");
  CHECK(rounded("1.35", catalog::Rounding::half_even) == "1.4");
  CHECK(rounded("1.2500001", catalog::Rounding::half_even) == "1.3");
  CHECK(rounded("1.21", catalog::Rounding::up) == "1.3");
  CHECK(rounded("1.29", catalog::Rounding::down) == "1.2");
  CHECK(rounded("1.2", catalog::Rounding::up) == "1.2");
  CHECK(Decimal::parse("0.04").value().rounded(1, catalog::Rounding::down) == Decimal{});
}

TEST_CASE("quotients are exact to their last place and rounded there") {
  const auto quotient = [](std::string_view a, std::string_view b, int places) {
    return Decimal::parse(a).value().divided_by(Decimal::parse(b).value(), places).value().text();
  };
  CHECK(quotient("1", "3", 4) == "0.3333");
  CHECK(quotient("2", "3", 4) == "0.6667");
  CHECK(quotient("-1", "8", 2) == "-0.13");
  CHECK(quotient("1", "8", 3) == "0.125");
  CHECK(quotient("10", "0.25", 2) == "40");
  CHECK(quotient("0", "7", 2) == "0");
  CHECK(quotient("1.5", "1.5", 0) == "1");
  CHECK(Decimal::parse("1").value().divided_by(Decimal{}, 2).error().code == "decimal.by_zero");
  CHECK(Decimal::parse(std::string(38, '9')).value().divided_by(Decimal::parse("0.001").value(), 2).error().code ==
        "decimal.overflow");
}
