#include <string>
#include <vector>

#include "catch.hpp"
#include "rithum/catalogue.hpp"
#include "rithum/columns.hpp"
#include "rithum/odata_filter.hpp"
#include "rithum/product_entity.hpp"

using namespace rithum_simulator;

namespace {

/// The SKUs of a small catalogue that match a filter, or the error.
std::vector<std::string> matching(const std::string& text) {
  constexpr std::int64_t kProfile = 12345678;
  constexpr std::int64_t kNoon = 1'767'268'800'000;  // 2026-01-01T12:00:00Z
  Catalogue catalogue;
  for (const char* sku : {"A", "O'Brien#1", "b or c", "ünï"}) {
    Product& product = catalogue.create(sku, kNoon);
    product.updated_at = kNoon + product.id - 10'000'001;  // a millisecond apart
  }
  catalogue.find("A")->values.set(static_cast<std::uint32_t>(*column_index("Quantity")), "5");
  std::string error;
  const auto filter = Filter::parse(text, error);
  if (!filter) return {"error: " + error};
  std::vector<std::string> skus;
  for (const Product& product : catalogue.products()) {
    const auto values = [&](const Property& property) {
      return property_value(property, product, catalogue, kProfile);
    };
    if (filter->matches(values)) skus.push_back(product.sku);
  }
  return skus;
}

using Skus = std::vector<std::string>;

}  // namespace

TEST_CASE("a filter selects as OData says") {
  struct Case {
    std::string filter;
    Skus skus;
  };
  const auto [filter, skus] = GENERATE(values<Case>({
      {"Sku eq 'a'", {"A"}},
      {"Sku eq 'O''Brien#1'", {"O'Brien#1"}},
      {"Sku eq 'b or c'", {"b or c"}},
      {"Sku eq 'ünï' or Sku eq 'A'", {"A", "ünï"}},
      {"Sku eq 'nope'", {}},
      {"(Sku eq 'A' or Sku eq 'b or c') and ProfileID eq 12345678", {"A", "b or c"}},
      {"Sku eq 'A' and ProfileID eq 1", {}},
      {"Sku eq 'A' or Sku eq 'b or c' and ProfileID eq 1", {"A"}},
      {"ID ge 10000003", {"b or c", "ünï"}},
      {"TotalAvailableQuantity gt 0", {"A"}},
      {"TotalAvailableQuantity eq null", {"O'Brien#1", "b or c", "ünï"}},
      {"UpdateDateUtc gt 2026-01-01T12:00:00.001Z", {"b or c", "ünï"}},
      {"UpdateDateUtc lt 2026-01-01T12:00:00Z", {}},
  }));
  CAPTURE(filter);
  CHECK(matching(filter) == skus);
}

TEST_CASE("a date that is quoted or lacks its time silently widens the window") {
  CHECK(matching("UpdateDateUtc gt 2030-01-01").size() == 4);
  CHECK(matching("UpdateDateUtc gt '2030-01-01T00:00:00Z'").size() == 4);
  CHECK(matching("UpdateDateUtc gt 2030-01-01T00:00:00Z").empty());
}

TEST_CASE("a malformed filter is an error with its reason") {
  const auto [filter, reason] = GENERATE(table<std::string, std::string>({
      {"Sku eq 'O'Brien'", "unexpected 'Brien'"},
      {"Sku eq 'Brien", "unterminated string"},
      {"Sku eq", "value was expected"},
      {"Sku = 'A'", "operator was expected"},
      {"SKU eq 'A'", "Could not find a property named 'SKU'"},
      {"Sku eq 5", "incompatible types"},
      {"ID eq '5'", "incompatible types"},
      {"(Sku eq 'A'", "closing parenthesis"},
      {"Sku eq 'A' Sku eq 'B'", "unexpected 'Sku'"},
      {"Sku eq 'A' or", "Could not find a property named ''"},
      {std::string(1000, '('), "nested too deeply"},
  }));
  CAPTURE(filter);
  const auto answer = matching(filter);
  REQUIRE(answer.size() == 1);
  CHECK_THAT(answer[0], ContainsSubstring("error: "));
  CHECK_THAT(answer[0], ContainsSubstring(reason));
}

TEST_CASE("a filter that can only match certain SKUs says which") {
  std::string error;
  CHECK(Filter::parse("(Sku eq 'A' or Sku eq 'B') and ProfileID eq 1", error)->skus() == Skus{"A", "B"});
  CHECK_FALSE(Filter::parse("Sku eq 'A' or ProfileID eq 1", error)->skus().has_value());
  CHECK_FALSE(Filter::parse("Sku ne 'A'", error)->skus().has_value());
}
