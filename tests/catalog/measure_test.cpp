#include "catalog/measure.hpp"

#include "catch.hpp"

using namespace product_sync::catalog;

namespace {

std::string converted(std::string_view amount, std::string_view from, std::string_view to, int places = 6) {
  return convert(Decimal::parse(amount).value(), *find_measure(from), *find_measure(to), places).value().text();
}

}  // namespace

TEST_CASE("units are found by the spellings that companies use") {
  CHECK(find_measure("KG")->name == "kg");
  CHECK(find_measure(" Pounds ")->name == "lb");
  CHECK(find_measure("inch")->name == "in");
  CHECK(find_measure("EACH") == nullptr);
  CHECK(find_measure("") == nullptr);
}

TEST_CASE("conversions are exact to the place asked for") {
  CHECK(converted("1", "kg", "g") == "1000");
  CHECK(converted("1", "lb", "kg", 8) == "0.45359237");
  CHECK(converted("1", "lb", "oz") == "16");
  CHECK(converted("1", "in", "cm") == "2.54");
  CHECK(converted("1", "ft", "in") == "12");
  CHECK(converted("2.5", "m", "mm") == "2500");
  CHECK(converted("1", "kg", "lb") == "2.204623");
  CHECK(converted("0", "kg", "lb") == "0");
  CHECK(converted("1.23456", "kg", "kg", 2) == "1.23");
}

TEST_CASE("there and back again is the same but for the last place") {
  for (const Measure& from : measures()) {
    for (const Measure& to : measures()) {
      if (from.dimension != to.dimension) continue;
      CAPTURE(from.name, to.name);
      const auto there = convert(Decimal::parse("123.456").value(), from, to, 20).value();
      CHECK(convert(there, to, from, 6).value().text() == "123.456");
    }
  }
}

TEST_CASE("a weight with too many digits is refused, not bent") {
  const auto huge = Decimal::parse(std::string(37, '9')).value();
  CHECK(convert(huge, *find_measure("kg"), *find_measure("lb"), 4).error().code == "decimal.overflow");
}
