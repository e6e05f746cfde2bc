#include "catalog/units.hpp"

#include "catch.hpp"

using namespace product_sync;
using namespace product_sync::catalog;

namespace {

Decimal number(std::string_view text) { return Decimal::parse(text).value(); }

/// Sold by the BOX of 12 EACH; a PALLET is 48 of them, a HALF is half of one, a THIRD a third.
Units boxed() {
  return {"EACH",
          "BOX",
          {{"BOX", "EACH", true, number("12")},
           {"PALLET", "EACH", true, number("48")},
           {"HALF", "EACH", true, number("0.5")},
           {"THIRD", "EACH", false, number("3")}}};
}

}  // namespace

TEST_CASE("component quantities become whole numbers of the unit in which the component is sold, exactly") {
  const auto [quantity, unit, expected] = GENERATE(table<std::string, std::string, std::int64_t>({
      {"2", "BOX", 2},
      {"2.000000", " box ", 2},
      {"3", "", 3},
      {"24", "EACH", 2},
      {"1", "PALLET", 4},
      {"0.25", "PALLET", 1},
      {"24", "HALF", 1},
      {"36", "THIRD", 1},
      {"72", "THIRD", 2},
  }));
  CAPTURE(quantity, unit);
  CHECK(whole_sales_units(number(quantity), unit, boxed()).value() == expected);
}

TEST_CASE("a quantity that is not a whole number, or cannot be converted, is refused") {
  const auto [quantity, unit, code] = GENERATE(table<std::string, std::string, std::string>({
      {"1.5", "BOX", "unit.not_whole"},
      {"1", "EACH", "unit.not_whole"},
      {"1", "THIRD", "unit.not_whole"},
      {"0.1", "PALLET", "unit.not_whole"},
      {"99999999999999999999", "BOX", "unit.not_whole"},
      {"1", "KG", "unit.no_conversion"},
  }));
  CAPTURE(quantity, unit);
  const auto refused = whole_sales_units(number(quantity), unit, boxed());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == code);
  CHECK_THAT(refused.error().message, ContainsSubstring("BOX"));
}

TEST_CASE("units are read from an item, and conversions that are none are left out") {
  Item item;
  item.fields = {{"BaseUOM", "EACH "}, {"SalesUOM", "BOX"}};
  item.details["UOMConversions"] = {
      {{"FromUOM", "BOX"}, {"MultiplyOrDivide", "Multiply"}, {"ConversionFactor", "12.000000"}, {"ToUOM", "EACH"}},
      {{"FromUOM", "GRAM"}, {"MultiplyOrDivide", "Divide"}, {"ConversionFactor", "250"}, {"ToUOM", "EACH"}},
      {{"FromUOM", "NONE"}, {"MultiplyOrDivide", "Divide"}, {"ConversionFactor", "0"}, {"ToUOM", "EACH"}}};
  const auto units = units_of(item);
  CHECK(units.conversions.size() == 2);
  CHECK(whole_sales_units(number("24"), "EACH", units).value() == 2);
  CHECK(whole_sales_units(number("3000"), "GRAM", units).value() == 1);

  item.fields.erase("SalesUOM");
  CHECK(units_of(item).sold_in() == "EACH");
}
